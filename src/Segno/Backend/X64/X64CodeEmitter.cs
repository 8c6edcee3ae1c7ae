using Segno.MachineCode;
using Row = Segno.MachineCode.Instruction;

namespace Segno.Backend;

/// <summary>From allocated instructions to bytes: frame, moves, instructions, jump tables, safepoints.</summary>
internal sealed partial class X64CodeEmitter
{
    private const OperandSize D = OperandSize.Dword;
    private const OperandSize Q = OperandSize.Qword;
    private const Register Scratch = RegisterConvention.Scratch;
    private const Register ScratchFloat = RegisterConvention.ScratchFloat64;

    private readonly MacroAssembler _a = new();
    private readonly EmissionOrder _order = new();
    private readonly AssemblyListing _listing = new();
    private Lir _lir = null!;
    private MachineGraph _graph = null!;
    private LinearScan _allocation = null!;
    private Label[] _labels = new Label[64];
    private bool[] _isTarget = new bool[64];
    private readonly List<(Label Table, int Block)> _tables = [];
    private int[] _safepointOffsets = new int[16];
    private ulong[] _safepointBits = new ulong[16];
    private int _safepointCount;
    private int _wordsPerSafepoint;
    private StubDescriptor _descriptor = null!;

    /// <summary>Where spill slot 0 lies above the stack pointer: a called bytecode stub has its return address in between.</summary>
    private int _slotBase;
    private bool _frameIsDeferred;
    private Label[] _constantSlots = [];
    private readonly List<DeoptimizationSite> _sites = [];
    private readonly List<ValueLocation> _siteValues = [];

    public bool HasFrame { get; private set; }

    public MacroAssembler Assembler => _a;

    public void Emit(Lir lir, MachineGraph graph, LinearScan allocation, StubDescriptor descriptor, bool listing, Func<int, string?>? rootNames)
    {
        _lir = lir;
        _graph = graph;
        _allocation = allocation;
        _tables.Clear();
        _safepointCount = 0;
        _wordsPerSafepoint = (lir.SpillSlotCount + 63) >> 6;
        _listing.Clear();
        _listing.RootNames = rootNames;
        _a.Reset();
        _a.Listing = listing ? _listing : null;
        if (_labels.Length < lir.BlockCount)
        {
            _labels = new Label[lir.BlockCount * 2];
            _isTarget = new bool[lir.BlockCount * 2];
        }

        _descriptor = descriptor;
        _slotBase = descriptor.Kind == StubKind.BytecodeStub ? 8 : 0;
        _sites.Clear();
        _siteValues.Clear();
        _constantSlots = [];
        DecideFrame(descriptor.Kind);
        _order.Compute(lir, graph);
        FindTargets();
        if (descriptor.Kind == StubKind.Function)
        {
            EnterFunction();
        }
        else if (HasFrame && !_frameIsDeferred)
        {
            EnterFrame();
        }
        else if (descriptor.Kind != StubKind.Stub && lir.SpillSlotCount > BackendConfiguration.HandlerAreaInWords)
        {
            throw new InvalidOperationException(
                $"{descriptor.Name}: a handler has {BackendConfiguration.HandlerAreaInWords} words for spills, this one needs {lir.SpillSlotCount}.");
        }

        for (int i = 0; i < _order.Count; i++)
        {
            EmitBlock(_order[i]);
        }

        EmitOutOfLine();
        EmitTables();
    }

    public SafepointTable MakeSafepointTable()
    {
        if (_safepointCount == 0)
        {
            return SafepointTable.Empty;
        }

        int[] offsets = _safepointOffsets.AsSpan(0, _safepointCount).ToArray();
        ulong[] bits = _safepointBits.AsSpan(0, _safepointCount * _wordsPerSafepoint).ToArray();
        List<int>? exits = null;
        List<int>? entries = null;
        foreach (DeoptimizationSite site in _sites)
        {
            int entry = site.CallReturn < 0 ? -1 : Array.BinarySearch(offsets, site.CallReturn);
            if (entry >= 0)
            {
                (exits ??= []).Add(site.ExitStart);
                (entries ??= []).Add(entry);
            }
        }

        return new SafepointTable(offsets, bits, _wordsPerSafepoint, exits?.ToArray(), entries?.ToArray());
    }

    public string ListingText => _a.Listing is null ? "" : _listing.ToString();

    // ---- Frame ----

    /// <summary>
    /// A stub needs a frame for calls and spills. If they are all in deferred blocks, the frame is built on the way into those and removed on
    /// the way out, and the straight path is that of a leaf.
    /// </summary>
    private void DecideFrame(StubKind kind)
    {
        HasFrame = _frameIsDeferred = false;
        if (kind != StubKind.Stub)
        {
            HasFrame = kind == StubKind.Function;
            return;
        }

        _frameIsDeferred = true;
        for (int i = 0; i < _lir.BlockCount; i++)
        {
            ref LirBlock block = ref _lir.Blocks[i];
            if (NeedsFrame(block))
            {
                HasFrame = true;
                _frameIsDeferred &= block.IsDeferred;
            }

            _frameIsDeferred &= !block.IsDeferred || (i > 0 && HasCleanBorders(block));
        }

        _frameIsDeferred &= HasFrame;
    }

    private bool NeedsFrame(in LirBlock block)
    {
        for (int i = block.First; i < block.End; i++)
        {
            ref LirInstruction instruction = ref _lir.Instruction(i);
            if ((X64Op)instruction.Opcode == X64Op.Call || MovesUseSlots(i * 2) || MovesUseSlots((i * 2) + 1))
            {
                return true;
            }

            for (int j = 0; j < instruction.InputCount; j++)
            {
                if (_lir.Input(instruction, j).Location.IsSlot)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool MovesUseSlots(int gap)
    {
        for (int move = _lir.FirstMove(gap); move >= 0; move = _lir.Move(move).Next)
        {
            if (_lir.Move(move).From.IsSlot || _lir.Move(move).To.IsSlot)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Edges between straight and deferred code must end in a block of their own on the deferred side.</summary>
    private bool HasCleanBorders(in LirBlock block)
    {
        for (int i = 0; i < block.PredecessorCount; i++)
        {
            if (!_lir.Blocks[_lir.Predecessor(block, i)].IsDeferred && block.PredecessorCount > 1)
            {
                return false;
            }
        }

        for (int i = 0; i < block.SuccessorCount; i++)
        {
            if (!_lir.Blocks[_lir.Successor(block, i)].IsDeferred && block.SuccessorCount > 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Entered with the return address at rsp: an odd number of words below the marker keeps calls aligned to 16.</summary>
    private void EnterFrame()
    {
        _a.EnterFrame(_descriptor.FrameMarker);
        _a.Sub(Register.Rsp, (_lir.SpillSlotCount | 1) * 8);
    }

    private bool HasFrameIn(int block) => HasFrame && (!_frameIsDeferred || _lir.Blocks[block].IsDeferred);

    private bool EntersFrame(int block) =>
        _frameIsDeferred && _lir.Blocks[block].IsDeferred && !_lir.Blocks[_lir.Predecessor(_lir.Blocks[block], 0)].IsDeferred;

    private bool LeavesFrame(int block) =>
        _frameIsDeferred && _lir.Blocks[block].IsDeferred && _lir.Blocks[block].SuccessorCount == 1 &&
        !_lir.Blocks[_lir.Successor(_lir.Blocks[block], 0)].IsDeferred;

    // ---- Blocks ----

    /// <summary>Blocks that are nothing but a jump are passed through by those who jump to them.</summary>
    private int Thread(int block)
    {
        for (int steps = 0; steps < _lir.BlockCount && IsEmpty(block); steps++)
        {
            block = _lir.Successor(_lir.Blocks[block], 0);
        }

        return block;
    }

    private bool IsEmpty(int block)
    {
        ref LirBlock b = ref _lir.Blocks[block];
        for (int i = b.First; i < b.End; i++)
        {
            X64Op opcode = (X64Op)_lir.Instruction(i).Opcode;
            if (_lir.FirstMove(i * 2) >= 0 || _lir.FirstMove((i * 2) + 1) >= 0 ||
                (opcode != X64Op.Jump && opcode != X64Op.Constant && !(opcode == X64Op.Nop && _lir.Instruction(i).OutputCount == 0)))
            {
                return false;
            }
        }

        return b.SuccessorCount == 1 && !EntersFrame(block) && !LeavesFrame(block);
    }

    /// <summary>The block whose code follows that of another, or -1.</summary>
    private int NextEmitted(int block)
    {
        int position = _order.PositionOf(block);
        do
        {
            position++;
        }
        while (position < _order.Count && IsEmpty(_order[position]));
        return position < _order.Count ? _order[position] : -1;
    }

    /// <summary>Gives labels to the blocks that some other block jumps to, in order, so that listings number them without gaps.</summary>
    private void FindTargets()
    {
        Array.Clear(_isTarget, 0, _lir.BlockCount);
        for (int i = 0; i < _lir.BlockCount; i++)
        {
            if (i > 0 && IsEmpty(i))
            {
                continue;
            }

            ref LirBlock block = ref _lir.Blocks[i];
            int next = NextEmitted(i);
            for (int s = 0; s < block.SuccessorCount; s++)
            {
                int target = Thread(_lir.Successor(block, s));
                _isTarget[target] |= target != next || block.SuccessorCount > 2;
            }
        }

        for (int i = 0; i < _order.Count; i++)
        {
            if (_isTarget[_order[i]])
            {
                _labels[_order[i]] = _a.NewLabel();
            }
        }
    }

    private Label LabelOf(int block)
    {
        // Equality of doubles may jump to the very next block: that one gets its label only when asked for.
        if (!_isTarget[block])
        {
            _isTarget[block] = true;
            _labels[block] = _a.NewLabel();
        }

        return _labels[block];
    }

    private void EmitBlock(int index)
    {
        if (index > 0 && IsEmpty(index))
        {
            return;
        }

        if (_isTarget[index])
        {
            _a.Bind(_labels[index]);
        }

        ref LirBlock block = ref _lir.Blocks[index];
        if (block.IsDeferred && _a.Listing is not null)
        {
            _listing.Comment("deferred");
        }

        if (EntersFrame(index))
        {
            EnterFrame();
        }

        for (int i = block.First; i < block.End; i++)
        {
            EmitMoves(i * 2);
            EmitMoves((i * 2) + 1);
            EmitInstruction(index, i, ref _lir.Instruction(i));
        }
    }

    private void EmitTables()
    {
        if (_tables.Count == 0)
        {
            return;
        }

        _a.Align(4);
        foreach ((Label table, int index) in _tables)
        {
            _a.Bind(table);
            ref LirBlock block = ref _lir.Blocks[index];
            for (int s = 0; s < block.SuccessorCount - 1; s++)
            {
                _a.PutDistance(table, LabelOf(Thread(_lir.Successor(block, s))));
            }
        }
    }

    // ---- Operands ----

    /// <summary>Functions push arguments, so their slots are found from the frame pointer, downwards.</summary>
    private MemoryOperand SlotMemory(Location location) => _descriptor.Kind == StubKind.Function
        ? new(Register.Rbp, Frames.FrameLayout.OptimizedFirstSlot - ((_descriptor.ReservedSlots + location.Slot) * 8))
        : new(Register.Rsp, _slotBase + (location.Slot * 8));

    private Register Reg(in LirOperand operand) => operand.Location.IsRegister
        ? operand.Location.Register
        : throw new InvalidOperationException("An operand that must be a register is not.");

    private Register OutputRegister(in LirInstruction instruction) => Reg(_lir.Output(instruction, 0));

    private Register InputRegister(in LirInstruction instruction, int index) => Reg(_lir.Input(instruction, index));

    /// <summary>The address of an instruction: its base and index are its last inputs.</summary>
    private MemoryOperand AddressOf(in LirInstruction instruction)
    {
        int count = instruction.InputCount - instruction.FrameInputCount;
        return instruction.HasIndex
            ? new MemoryOperand(InputRegister(instruction, count - 2), InputRegister(instruction, count - 1), instruction.ScaleLog2, instruction.Displacement)
            : new MemoryOperand(InputRegister(instruction, count - 1), instruction.Displacement);
    }

    /// <summary>A row with a register as first operand, and as second whatever place the input has.</summary>
    private void EmitWith(Row row, OperandSize size, Register first, in LirOperand second)
    {
        Location location = second.Location;
        if (location.IsRegister)
        {
            _a.Emit(row, size, first, location.Register);
        }
        else if (location.IsSlot)
        {
            _a.Emit(row, size, first, SlotMemory(location));
        }
        else
        {
            _a.Emit(row, size, first, MaterializeConstant(location));
        }
    }

    /// <summary>A constant in the scratch register of its class.</summary>
    private Register MaterializeConstant(Location constant)
    {
        ref MachineOp op = ref _graph.Op(_lir.ConstantOf(constant.ConstantVirtualRegister));
        Register target = op.Opcode == MachineOpcode.Float64Constant ? ScratchFloat : Scratch;
        MoveConstant(op, target);
        return target;
    }

    private void MoveConstant(in MachineOp op, Register target)
    {
        if (!RegisterConvention.IsFloat64(target))
        {
            _a.Move(target, op.Opcode == MachineOpcode.Int32Constant ? (uint)op.Immediate : op.Immediate);
        }
        else if (op.Immediate == 0)
        {
            _a.Emit(Row.Xorps, Q, target, target);
        }
        else
        {
            _a.Move(Scratch, op.Immediate);
            _a.Emit(Row.MovqVectorRm, Q, target, Scratch);
        }
    }

    // ---- Moves ----

    private void EmitMoves(int gap)
    {
        for (int move = _lir.FirstMove(gap); move >= 0; move = _lir.Move(move).Next)
        {
            EmitMove(_lir.Move(move).From, _lir.Move(move).To);
        }
    }

    private void EmitMove(Location from, Location to)
    {
        if (from.IsConstant)
        {
            EmitConstantMove(_graph.Op(_lir.ConstantOf(from.ConstantVirtualRegister)), to);
        }
        else if (to.IsRegister)
        {
            if (from.IsRegister)
            {
                _a.Move(to.Register, from.Register);
            }
            else
            {
                _a.Load(to.Register, SlotMemory(from));
            }
        }
        else if (from.IsRegister)
        {
            _a.Store(SlotMemory(to), from.Register);
        }
        else
        {
            _a.Load(ScratchFloat, SlotMemory(from));
            _a.Store(SlotMemory(to), ScratchFloat);
        }
    }

    private void EmitConstantMove(in MachineOp op, Location to)
    {
        if (to.IsRegister)
        {
            MoveConstant(op, to.Register);
        }
        else if (op.Opcode != MachineOpcode.Int32Constant && op.Immediate == (int)op.Immediate)
        {
            _a.Store(SlotMemory(to), (int)op.Immediate);
        }
        else
        {
            _a.Move(Scratch, op.Opcode == MachineOpcode.Int32Constant ? (uint)op.Immediate : op.Immediate);
            _a.Store(SlotMemory(to), Scratch);
        }
    }

    private void RecordSafepoint(int instruction)
    {
        int words = _wordsPerSafepoint;
        if (_safepointCount == _safepointOffsets.Length)
        {
            Array.Resize(ref _safepointOffsets, _safepointCount * 2);
        }

        while ((_safepointCount + 1) * words > _safepointBits.Length)
        {
            Array.Resize(ref _safepointBits, _safepointBits.Length * 2);
        }

        _safepointOffsets[_safepointCount] = _a.Position;
        _allocation.TaggedSlotsAt(instruction, _safepointBits.AsSpan(_safepointCount * words, words));
        _safepointCount++;
    }
}
