using System.Runtime.CompilerServices;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>Where an operand of a machine instruction may lie.</summary>
internal enum OperandPolicy : byte
{
    /// <summary>Any allocatable register of the value's class.</summary>
    Register,

    /// <summary>A register, a spill slot or a constant: whatever the value is in.</summary>
    Any,

    /// <summary>One particular allocatable register.</summary>
    Fixed,

    /// <summary>An output that overwrites the first input.</summary>
    SameAsFirst,

    /// <summary>A pinned register, which the allocator knows nothing of.</summary>
    Pinned,
}

/// <summary>
/// The place of a value: a register (0..31), a spill slot, or a constant that is made where it is wanted.
/// </summary>
internal readonly record struct Location(int Code)
{
    private const int FirstSlot = 64;
    private const int FirstConstant = 1 << 24;

    public static readonly Location None = new(-1);

    public bool IsRegister => (uint)Code < 32;
    public bool IsSlot => Code is >= FirstSlot and < FirstConstant;
    public bool IsConstant => Code >= FirstConstant;

    public Register Register => (Register)Code;
    public int Slot => Code - FirstSlot;
    public int ConstantVirtualRegister => Code - FirstConstant;

    public static Location Of(Register register) => new((int)register);

    public static Location OfSlot(int slot) => new(FirstSlot + slot);

    public static Location OfConstant(int virtualRegister) => new(FirstConstant + virtualRegister);
}

internal struct LirOperand
{
    /// <summary>The virtual register, or -1 for a pinned one.</summary>
    public int VirtualRegister;
    public OperandPolicy Policy;

    /// <summary>Must survive until the outputs are written.</summary>
    public bool IsUnique;
    public Register Register;

    /// <summary>Filled by the allocator.</summary>
    public Location Location;
}

internal enum FlagsUse : byte
{
    None,
    Branch,

    /// <summary>The condition becomes 0 or 1 in the output.</summary>
    Set,

    /// <summary>The output holds the first input and is overwritten by the second if the condition holds.</summary>
    Select,

    /// <summary>Leaves the code if the condition holds.</summary>
    Deoptimize,
}

/// <summary>One instruction of the target. What the bytes of <see cref="Opcode"/> and <see cref="Row"/> mean is the target's affair.</summary>
internal struct LirInstruction
{
    public byte Opcode;
    public byte Row;
    public OperandSize Size;
    public byte Condition;
    public FlagsUse FlagsUse;
    public bool HasMemory, HasIndex, HasImmediate, IsSafepoint;
    public byte ScaleLog2;
    public byte OutputCount, TempCount;
    public int InputCount;

    /// <summary>How many of the last inputs are values of a frame state.</summary>
    public int FrameInputCount;
    public int FirstOperand;
    public int Displacement;
    public long Immediate;

    /// <summary>Registers destroyed beyond the operands.</summary>
    public uint Clobbered;

    /// <summary>Index of the graph operation it came from.</summary>
    public OpId Source;
}

internal struct LirBlock
{
    public BlockId Id;
    public int First, End;
    public int FirstPhi, PhiCount;
    public bool IsDeferred;
    public int FirstSuccessor, SuccessorCount;
    public int FirstPredecessor, PredecessorCount;
}

internal struct LirPhi
{
    public int VirtualRegister;

    /// <summary>Virtual registers in the order of the block's predecessors.</summary>
    public int FirstInput;
}

/// <summary>A copy between two locations; lists hang on the gaps in front of instructions.</summary>
internal struct GapMove
{
    public Location From, To;
    public int Next;
}

/// <summary>
/// The code between instruction selection and emission: instructions over virtual registers in their final block order. All arrays
/// are kept from one compilation to the next.
/// </summary>
internal sealed class Lir
{
    private LirInstruction[] _instructions = new LirInstruction[512];
    private LirOperand[] _operands = new LirOperand[2048];
    private LirPhi[] _phis = new LirPhi[64];
    private int[] _phiInputs = new int[128];
    private int[] _edges = new int[256];
    private Representation[] _representations = new Representation[512];
    private OpId[] _constants = new OpId[512];
    private GapMove[] _moves = new GapMove[512];
    private int[] _gaps = new int[1024];
    private int _edgeCount, _phiInputCount, _moveCount;

    public LirBlock[] Blocks = new LirBlock[64];
    public int BlockCount;

    public int InstructionCount { get; private set; }
    public int OperandCount { get; private set; }
    public int PhiCount { get; private set; }
    public int VirtualRegisterCount { get; private set; }
    public int SpillSlotCount { get; set; }

    public void Reset()
    {
        HasMoves = false;
        InstructionCount = OperandCount = PhiCount = VirtualRegisterCount = BlockCount = SpillSlotCount =
            _edgeCount = _phiInputCount = _moveCount = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref LirInstruction Instruction(int index) => ref _instructions[index];

    public ref LirOperand Operand(int index) => ref _operands[index];

    public ref LirOperand Output(in LirInstruction instruction, int index) => ref _operands[instruction.FirstOperand + index];

    public ref LirOperand Input(in LirInstruction instruction, int index) =>
        ref _operands[instruction.FirstOperand + instruction.OutputCount + index];

    public ref LirOperand Temp(in LirInstruction instruction, int index) =>
        ref _operands[instruction.FirstOperand + instruction.OutputCount + instruction.InputCount + index];

    public ref LirPhi Phi(int index) => ref _phis[index];

    public int PhiInput(in LirPhi phi, int predecessor) => _phiInputs[phi.FirstInput + predecessor];

    /// <summary>Indices into <see cref="Blocks"/>.</summary>
    public int Successor(in LirBlock block, int index) => _edges[block.FirstSuccessor + index];

    public int Predecessor(in LirBlock block, int index) => _edges[block.FirstPredecessor + index];

    public Representation RepresentationOf(int virtualRegister) => _representations[virtualRegister];

    /// <summary>The constant operation behind a virtual register, or None.</summary>
    public OpId ConstantOf(int virtualRegister) => _constants[virtualRegister];

    public int NewVirtualRegister(Representation representation)
    {
        if (VirtualRegisterCount == _representations.Length)
        {
            Array.Resize(ref _representations, VirtualRegisterCount * 2);
            Array.Resize(ref _constants, VirtualRegisterCount * 2);
        }

        _representations[VirtualRegisterCount] = representation;
        _constants[VirtualRegisterCount] = OpId.None;
        return VirtualRegisterCount++;
    }

    public void SetConstant(int virtualRegister, OpId constant) => _constants[virtualRegister] = constant;

    public ref LirInstruction AddInstruction()
    {
        if (InstructionCount == _instructions.Length)
        {
            Array.Resize(ref _instructions, InstructionCount * 2);
        }

        ref LirInstruction instruction = ref _instructions[InstructionCount++];
        instruction = default;
        instruction.FirstOperand = OperandCount;
        return ref instruction;
    }

    public void AddOperand(in LirOperand operand)
    {
        if (OperandCount == _operands.Length)
        {
            Array.Resize(ref _operands, OperandCount * 2);
        }

        _operands[OperandCount++] = operand;
    }

    /// <summary>Selection runs backwards; this puts a stretch of instructions the right way round.</summary>
    public void ReverseInstructions(int start, int count) => Array.Reverse(_instructions, start, count);

    public int AddPhi(int virtualRegister)
    {
        if (PhiCount == _phis.Length)
        {
            Array.Resize(ref _phis, PhiCount * 2);
        }

        _phis[PhiCount] = new LirPhi { VirtualRegister = virtualRegister, FirstInput = _phiInputCount };
        return PhiCount++;
    }

    public void AddPhiInput(int virtualRegister)
    {
        if (_phiInputCount == _phiInputs.Length)
        {
            Array.Resize(ref _phiInputs, _phiInputCount * 2);
        }

        _phiInputs[_phiInputCount++] = virtualRegister;
    }

    public int EdgeCount => _edgeCount;

    public void AddEdge(int block)
    {
        if (_edgeCount == _edges.Length)
        {
            Array.Resize(ref _edges, _edgeCount * 2);
        }

        _edges[_edgeCount++] = block;
    }

    // ---- Moves in gaps: before each instruction there are two parallel moves, one after the other ----

    public bool HasMoves { get; private set; }

    public void StartMoves()
    {
        HasMoves = true;
        _moveCount = 0;
        if (_gaps.Length < InstructionCount * 2)
        {
            _gaps = new int[InstructionCount * 4];
        }

        _gaps.AsSpan(0, InstructionCount * 2).Fill(-1);
    }

    /// <summary>The first parallel move of a gap connects parts of split values and edges.</summary>
    public void AddStartMove(int instruction, Location from, Location to) => AddMove(instruction * 2, from, to);

    /// <summary>The second one brings inputs to the registers that the instruction demands.</summary>
    public void AddEndMove(int instruction, Location from, Location to) => AddMove((instruction * 2) + 1, from, to);

    private void AddMove(int gap, Location from, Location to)
    {
        if (from == to)
        {
            return;
        }

        if (_moveCount == _moves.Length)
        {
            Array.Resize(ref _moves, _moveCount * 2);
        }

        _moves[_moveCount] = new GapMove { From = from, To = to, Next = _gaps[gap] };
        _gaps[gap] = _moveCount++;
    }

    /// <summary>Head of the move list of a gap: 2 * instruction, plus one for the second parallel move; -1 if empty.</summary>
    public int FirstMove(int gap) => _gaps[gap];

    public void SetFirstMove(int gap, int move) => _gaps[gap] = move;

    public ref GapMove Move(int index) => ref _moves[index];

    /// <summary>A move for a list under construction by the move resolver.</summary>
    public int NewMove(Location from, Location to)
    {
        if (_moveCount == _moves.Length)
        {
            Array.Resize(ref _moves, _moveCount * 2);
        }

        _moves[_moveCount] = new GapMove { From = from, To = to, Next = -1 };
        return _moveCount++;
    }
}
