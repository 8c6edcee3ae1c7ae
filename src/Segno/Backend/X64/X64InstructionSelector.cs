using Segno.MachineCode;
using Row = Segno.MachineCode.Instruction;

namespace Segno.Backend;

/// <summary>
/// From machine operations to x64 instructions over virtual registers. Blocks and the operations in them are visited backwards, so
/// that an operation knows whether its users have swallowed it.
/// </summary>
internal sealed partial class X64InstructionSelector
{
    private const OperandSize D = OperandSize.Dword;
    private const OperandSize Q = OperandSize.Qword;

    private MachineGraph _graph = null!;
    private BlockOrder _order = null!;
    private Lir _lir = null!;
    private StubKind _kind;

    /// <summary>Virtual register of each operation, or -1 while nobody needs it.</summary>
    private int[] _registers = new int[512];

    /// <summary>Number of effects before the operation in its block.</summary>
    private int[] _effectLevels = new int[512];

    /// <summary>Number of writes to pinned registers before the operation in its block.</summary>
    private int[] _pinnedLevels = new int[512];
    private int[] _blockStarts = new int[64];
    private readonly GraphLiveness _liveness = new();

    /// <summary>The block, by order, in which a use of the value was selected last.</summary>
    private int[] _usedIn = new int[512];
    private OpId[] _aliases = new OpId[512];
    private int _block;

    /// <summary>The operation under selection: what it swallows is computed in its place.</summary>
    private OpId _user;

    public void Select(MachineGraph graph, BlockOrder order, Lir lir, StubKind kind)
    {
        _graph = graph;
        _order = order;
        _lir = lir;
        _kind = kind;
        lir.Reset();
        Prepare();
        _selectedEarly = OpId.None;
        MarkPhiInputs();
        int blocks = order.Count;
        for (int i = blocks - 1; i >= 0; i--)
        {
            _blockStarts[i] = lir.InstructionCount;
            _block = i;
            SelectBlock(order[i]);
            if (graph.Block(order[i]).IsDeferred && graph.Block(order[i]).PredecessorCount > 1)
            {
                // Room between the block's start and its first instruction: values get spilled there, once, and not on every edge.
                Start(X64Op.Nop, default, Q);
            }
        }

        lir.ReverseInstructions(0, lir.InstructionCount);
        MakeBlocks(blocks);
    }

    private void Prepare()
    {
        int ops = _graph.OpCount;
        if (_registers.Length < ops)
        {
            _registers = new int[ops * 2];
            _effectLevels = new int[ops * 2];
            _pinnedLevels = new int[ops * 2];
            _usedIn = new int[ops * 2];
            _aliases = new OpId[ops * 2];
        }

        if (_blockStarts.Length < _order.Count)
        {
            _blockStarts = new int[_order.Count * 2];
        }

        Array.Fill(_registers, -1, 0, ops);
        Array.Fill(_usedIn, -1, 0, ops);
        FindAliases();
        _liveness.Compute(_graph, _order, _aliases);
        for (int i = 0; i < _order.Count; i++)
        {
            int effects = 0, pinned = 0;
            for (OpId id = _graph.Block(_order[i]).FirstOp; id != OpId.None; id = _graph.Op(id).Next)
            {
                _effectLevels[(int)id] = effects;
                _pinnedLevels[(int)id] = pinned;
                MachineOpcode opcode = _graph.Op(id).Opcode;
                if (opcode == MachineOpcode.WritePinned)
                {
                    pinned++;
                }
                else if (opcode != MachineOpcode.Comment && MachineOpcodeTable.Is(opcode, OpProperties.Effect))
                {
                    effects++;
                }
            }
        }
    }

    private void MarkPhiInputs()
    {
        for (int i = 0; i < _order.Count; i++)
        {
            for (OpId phi = _graph.Block(_order[i]).FirstPhi; phi != OpId.None; phi = _graph.Op(phi).Next)
            {
                ref MachineOp op = ref _graph.Op(phi);
                if (op.Opcode != MachineOpcode.Phi || op.UseCount == 0)
                {
                    continue;
                }

                RegisterOf(phi);
                for (int j = 0; j < op.InputCount; j++)
                {
                    RegisterOf(_graph.Input(op, j));
                }
            }
        }
    }

    private void MakeBlocks(int count)
    {
        if (_lir.Blocks.Length < count)
        {
            _lir.Blocks = new LirBlock[count * 2];
        }

        _lir.BlockCount = count;
        int total = _lir.InstructionCount;
        for (int i = 0; i < count; i++)
        {
            BlockId id = _order[i];
            ref MachineBlock source = ref _graph.Block(id);
            ref LirBlock block = ref _lir.Blocks[i];
            block = default;
            block.Id = id;
            block.IsDeferred = source.IsDeferred;

            // Selection started at the last block: block i ends where the one selected before it (i + 1) begins.
            block.First = total - (i == 0 ? total : _blockStarts[i - 1]);
            block.End = total - _blockStarts[i];
            block.FirstSuccessor = _lir.EdgeCount;
            for (int j = 0; j < source.SuccessorCount; j++)
            {
                _lir.AddEdge(_order.IndexOf(_graph.Successor(id, j)));
            }

            block.SuccessorCount = source.SuccessorCount;
            block.FirstPredecessor = _lir.EdgeCount;
            for (int link = source.FirstPredecessor; link >= 0;)
            {
                _lir.AddEdge(_order.IndexOf(_graph.Predecessor(link, out link)));
            }

            block.PredecessorCount = source.PredecessorCount;
            block.FirstPhi = _lir.PhiCount;
            for (OpId phi = source.FirstPhi; phi != OpId.None; phi = _graph.Op(phi).Next)
            {
                ref MachineOp op = ref _graph.Op(phi);
                if (op.Opcode == MachineOpcode.Phi && op.UseCount > 0)
                {
                    _lir.AddPhi(RegisterOf(phi));
                    for (int j = 0; j < op.InputCount; j++)
                    {
                        _lir.AddPhiInput(RegisterOf(_graph.Input(op, j)));
                    }
                }
            }

            block.PhiCount = _lir.PhiCount - block.FirstPhi;
        }
    }

    private void SelectBlock(BlockId block)
    {
        // The operations are linked forwards; collect them to walk backwards.
        int count = 0;
        for (OpId id = _graph.Block(block).FirstOp; id != OpId.None; id = _graph.Op(id).Next)
        {
            if (count == _stack.Length)
            {
                Array.Resize(ref _stack, count * 2);
            }

            _stack[count++] = id;
        }

        bool hasParameters = false;
        while (count > 0)
        {
            OpId id = _stack[--count];
            ref MachineOp op = ref _graph.Op(id);
            if (op.Opcode == MachineOpcode.Parameter)
            {
                hasParameters = true;
                continue;
            }

            bool effect = MachineOpcodeTable.Is(op.Opcode, OpProperties.Effect);
            if ((!effect && _registers[(int)id] < 0) || id == _selectedEarly)
            {
                continue;
            }

            _user = id;
            int start = _lir.InstructionCount;
            SelectOperation(id, ref op);
            int emitted = _lir.InstructionCount - start;
            if (emitted > 1)
            {
                _lir.ReverseInstructions(start, emitted);
            }
        }

        if (hasParameters)
        {
            SelectParameters(block);
        }
    }

    private OpId[] _stack = new OpId[256];

    private void SelectParameters(BlockId block)
    {
        Start(X64Op.Parameters, default, Q);
        for (OpId id = _graph.Block(block).FirstOp; id != OpId.None; id = _graph.Op(id).Next)
        {
            ref MachineOp op = ref _graph.Op(id);
            if (op.Opcode == MachineOpcode.Parameter && _registers[(int)id] >= 0)
            {
                OutputFixed(id, (Register)op.Aux);
            }
        }
    }

    // ---- Building instructions: outputs first, then inputs, then temporaries ----

    private ref LirInstruction Start(X64Op opcode, Row row, OperandSize size)
    {
        ref LirInstruction instruction = ref _lir.AddInstruction();
        instruction.Opcode = (byte)opcode;
        instruction.Row = (byte)row;
        instruction.Size = size;
        instruction.Source = _user;
        return ref instruction;
    }

    private ref LirInstruction Last => ref _lir.Instruction(_lir.InstructionCount - 1);

    private int RegisterOf(OpId id)
    {
        OpId alias = Alias(id);
        ref int register = ref _registers[(int)alias];
        if (register < 0)
        {
            ref MachineOp op = ref _graph.Op(alias);
            register = _lir.NewVirtualRegister(op.Representation);
            if (op.Opcode is MachineOpcode.Int32Constant or MachineOpcode.Int64Constant or MachineOpcode.Float64Constant)
            {
                _lir.SetConstant(register, alias);
            }
        }

        return register;
    }

    /// <summary>As an input: remembers where.</summary>
    private int UseOf(OpId id)
    {
        OpId alias = Alias(id);
        _usedIn[(int)alias] = _block;
        return RegisterOf(alias);
    }

    /// <summary>Is the value read behind the operation under selection?</summary>
    private bool IsUsedLater(OpId id)
    {
        OpId alias = Alias(id);
        return _usedIn[(int)alias] == _block || _liveness.IsLiveOut(_block, alias);
    }

    private void Operand(int virtualRegister, OperandPolicy policy, Register register = Register.None, bool unique = false) =>
        _lir.AddOperand(new LirOperand
        {
            VirtualRegister = virtualRegister, Policy = policy, Register = register, IsUnique = unique,
            Location = policy == OperandPolicy.Pinned ? Location.Of(register) : Location.None,
        });

    private void Output(OpId id)
    {
        Operand(RegisterOf(id), OperandPolicy.Register);
        Last.OutputCount++;
    }

    private void OutputSameAsFirst(OpId id)
    {
        Operand(RegisterOf(id), OperandPolicy.SameAsFirst);
        Last.OutputCount++;
    }

    private void OutputFixed(OpId id, Register register)
    {
        Operand(RegisterOf(id), OperandPolicy.Fixed, register);
        Last.OutputCount++;
    }

    private void OutputPinned(Register register)
    {
        Operand(-1, OperandPolicy.Pinned, register);
        Last.OutputCount++;
    }

    private void InputRegister(OpId id, bool unique = false) => Input(id, OperandPolicy.Register, unique);

    private void InputAny(OpId id, bool unique = false) => Input(id, OperandPolicy.Any, unique);

    /// <summary>A value of a pinned register is copied out of it where it was read, by an instruction of its own.</summary>
    private void InputFixed(OpId id, Register register)
    {
        Operand(UseOf(id), OperandPolicy.Fixed, register);
        Last.InputCount++;
    }

    private void Input(OpId id, OperandPolicy policy, bool unique)
    {
        if (IsFoldablePinned(id, out Register pinned))
        {
            Operand(-1, OperandPolicy.Pinned, pinned);
        }
        else
        {
            Operand(UseOf(id), policy, Register.None, unique);
        }

        Last.InputCount++;
    }

    /// <summary>The first input of an instruction that overwrites it: never a pinned register itself.</summary>
    private void InputOverwritten(OpId id)
    {
        Operand(UseOf(id), OperandPolicy.Any);
        Last.InputCount++;
    }

    private void Temp(Representation representation)
    {
        Operand(_lir.NewVirtualRegister(representation), OperandPolicy.Register);
        Last.TempCount++;
    }

    // ---- Questions about operations ----

    private OpId Alias(OpId id) => _aliases[(int)id];

    /// <summary>Operations that are other names of their input's register.</summary>
    private void FindAliases()
    {
        for (int i = 0; i < _graph.OpCount; i++)
        {
            OpId id = (OpId)i;
            while (IsAlias(_graph.Op(id)))
            {
                id = _graph.Input(id, 0);
            }

            _aliases[i] = id;
        }
    }

    private bool IsAlias(in MachineOp op) => op.Opcode switch
    {
        MachineOpcode.TruncateInt64ToInt32 => true,
        MachineOpcode.ChangeUint32ToUint64 => IsZeroExtended(_graph.Input(op, 0)),
        MachineOpcode.Bitcast => !NeedsCopy(op),
        _ => false,
    };

    /// <summary>
    /// A word that becomes a tagged value or an interior pointer needs a register of its own, for safepoint tables speak of
    /// registers; the other way round the tagged register may serve both.
    /// </summary>
    private bool NeedsCopy(in MachineOp op)
    {
        Representation from = _graph.Op(_graph.Input(op, 0)).Representation;
        return from != op.Representation && op.Representation is Representation.Tagged or Representation.Interior;
    }

    /// <summary>Is the upper half of the value's register known to be zero?</summary>
    private bool IsZeroExtended(OpId id)
    {
        ref MachineOp op = ref _graph.Op(id);
        if (op.Representation == Representation.Bit)
        {
            return op.Opcode is not (MachineOpcode.Phi or MachineOpcode.Parameter or MachineOpcode.Call or MachineOpcode.SecondResult);
        }

        switch (op.Opcode)
        {
            case MachineOpcode.Bitcast:
                return IsZeroExtended(_graph.Input(op, 0));
            case MachineOpcode.Int32Constant:
                return true;
            case MachineOpcode.Select:
                return op.Representation == Representation.Word32;
            case MachineOpcode.Phi when op.Representation == Representation.Word32:
                return PhiIsZeroExtended(op);
            case MachineOpcode.Phi or MachineOpcode.Parameter or MachineOpcode.Call or MachineOpcode.SecondResult:
            case MachineOpcode.TruncateInt64ToInt32 or MachineOpcode.CompareExchangeWord32:
                return false;
            default:
                return op.Representation == Representation.Word32;
        }
    }

    /// <summary>All copies are of 64 bits, so a phi is extended if all its inputs are; no phi behind a phi is looked at.</summary>
    private bool PhiIsZeroExtended(in MachineOp phi)
    {
        for (int i = 0; i < phi.InputCount; i++)
        {
            OpId input = _graph.Input(phi, i);
            if (_graph.Op(input).Opcode is MachineOpcode.Phi or MachineOpcode.Bitcast || !IsZeroExtended(input))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>May the user compute the operation in its own place, as part of its own instruction?</summary>
    private bool CanCover(OpId id)
    {
        ref MachineOp op = ref _graph.Op(id);
        if (op.UseCount != 1 || op.Block != _graph.Op(_user).Block || _registers[(int)id] >= 0)
        {
            return false;
        }

        return !MachineOpcodeTable.Is(op.Opcode, OpProperties.Effect | OpProperties.Reads) ||
            _effectLevels[(int)id] == _effectLevels[(int)_user];
    }

    private bool CanCoverLoad(OpId id, MachineOpcode opcode) => _graph.Op(id).Opcode == opcode && CanCover(id);

    private bool IsFoldablePinned(OpId id, out Register register)
    {
        id = Alias(id);
        ref MachineOp op = ref _graph.Op(id);
        register = (Register)op.Aux;
        if (op.Opcode != MachineOpcode.ReadPinned)
        {
            return false;
        }

        // In a stub with a frame of its own rbp is that frame, not the caller's.
        if (_kind == StubKind.Stub && register == RegisterConvention.FramePointer)
        {
            return false;
        }

        return (_graph.WrittenPinned & (1u << (int)register)) == 0 ||
            (op.Block == _graph.Op(_user).Block && _pinnedLevels[(int)id] == _pinnedLevels[(int)_user]);
    }

    private bool IsInt32Constant(OpId id, out int value)
    {
        ref MachineOp op = ref _graph.Op(id);
        value = (int)op.Immediate;
        return op.Opcode is MachineOpcode.Int32Constant or MachineOpcode.Int64Constant && op.Immediate == value;
    }

    // ---- Addresses ----

    /// <summary>Adds base and index inputs to the last instruction and folds sums with constants into the displacement.</summary>
    private void Address(in MachineOp op)
    {
        OpId baseId = _graph.Input(op, 0);
        OpId index = op.HasIndex ? _graph.Input(op, 1) : OpId.None;
        long displacement = op.Immediate;
        int scale = op.Aux;
        FoldDisplacement(ref baseId, 0, ref displacement);
        if (index != OpId.None)
        {
            FoldDisplacement(ref index, scale, ref displacement);
            if (scale == 0)
            {
                FoldScale(ref index, ref scale);
            }
        }
        else if (_graph.Op(baseId).Opcode == MachineOpcode.Int64Add && CanCover(baseId))
        {
            ref MachineOp sum = ref _graph.Op(baseId);
            index = _graph.Input(sum, 1);
            baseId = _graph.Input(sum, 0);
            scale = 0;
            FoldScale(ref index, ref scale);
        }
        else if (_graph.Op(baseId).Opcode == MachineOpcode.LoadEffectiveAddress && CanCover(baseId) &&
            MachineGraphBuilder.FitsInt32(displacement + _graph.Op(baseId).Immediate))
        {
            ref MachineOp lea = ref _graph.Op(baseId);
            displacement += lea.Immediate;
            scale = lea.Aux;
            index = lea.HasIndex ? _graph.Input(lea, 1) : OpId.None;
            baseId = _graph.Input(lea, 0);
        }

        InputRegister(baseId);
        if (index != OpId.None)
        {
            InputRegister(index);
        }

        ref LirInstruction last = ref Last;
        last.HasMemory = true;
        last.HasIndex = index != OpId.None;
        last.ScaleLog2 = (byte)scale;
        last.Displacement = (int)displacement;
    }

    private void FoldDisplacement(ref OpId id, int scale, ref long displacement)
    {
        ref MachineOp op = ref _graph.Op(id);
        if (op.Opcode == MachineOpcode.Int64Add && IsInt32Constant(_graph.Input(op, 1), out int value) &&
            MachineGraphBuilder.FitsInt32(displacement + ((long)value << scale)) && CanCover(id))
        {
            displacement += (long)value << scale;
            id = _graph.Input(op, 0);
        }
    }

    private void FoldScale(ref OpId index, ref int scale)
    {
        ref MachineOp op = ref _graph.Op(index);
        if (op.Opcode == MachineOpcode.Int64Shl && IsInt32Constant(_graph.Input(op, 1), out int shift) && shift is > 0 and <= 3 && CanCover(index))
        {
            scale = shift;
            index = _graph.Input(op, 0);
        }
    }
}
