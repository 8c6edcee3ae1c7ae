using System.Runtime.CompilerServices;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>One operation. Inputs lie in the graph's input pool.</summary>
internal struct MachineOp
{
    public MachineOpcode Opcode;
    public Representation Representation;

    /// <summary>Scale (log2) of an address, register of a pinned access or parameter, rounding mode.</summary>
    public byte Aux;

    /// <summary>Does an address have an index input after its base?</summary>
    public bool HasIndex;
    public int FirstInput;
    public int InputCount;

    /// <summary>Value of a constant (bits), displacement of an address.</summary>
    public long Immediate;

    /// <summary>Index into the graph's calls, switches or comments.</summary>
    public int Extra;

    /// <summary>The client's number of the frame state of an operation that may deoptimize, or -1.</summary>
    public int FrameState;

    /// <summary>How many of the last inputs are values of the frame state: read from wherever they are when the operation bails out.</summary>
    public int FrameInputCount;
    public BlockId Block;
    public OpId Next;
    public int UseCount;
}

/// <summary>A basic block: phis, then operations, the last one a terminator.</summary>
internal struct MachineBlock
{
    public OpId FirstPhi, LastPhi;
    public OpId FirstOp, LastOp;
    public int FirstPredecessor, LastPredecessor, PredecessorCount;
    public int FirstSuccessor, SuccessorCount;
    public int Definitions;
    public bool IsDeferred, IsLoopHeader, IsSealed;
}

internal enum CallTarget : byte
{
    /// <summary>Through a slot of the thread block.</summary>
    Slot,

    /// <summary>The first input is the address.</summary>
    Address,

    /// <summary>The first inputs are a table's base and index: a jump through memory.</summary>
    Table,

    /// <summary>An immortal stub at a known address in the code range (rel32).</summary>
    Fixed,

    /// <summary>The function in rdi, through the entry in its feedback cell (D19).</summary>
    Function,
}

internal struct CallSite
{
    public CallDescriptor Descriptor;
    public CallTarget Target;
    public int Offset;
    public byte ScaleLog2;
    public nint Address;
    public string Name;

    /// <summary>Inputs behind those in registers that are pushed, the last one first (D19).</summary>
    public int StackArgumentCount;
}

/// <summary>
/// Machine operations in basic blocks, in SSA form. Everything lies in arrays of structs that are kept from one
/// compilation to the next.
/// </summary>
internal sealed class MachineGraph
{
    private MachineOp[] _ops = new MachineOp[512];
    private MachineBlock[] _blocks = new MachineBlock[64];
    private OpId[] _inputs = new OpId[1024];
    private (BlockId Block, int Next)[] _predecessors = new (BlockId, int)[128];
    private BlockId[] _successors = new BlockId[128];
    private CallSite[] _calls = new CallSite[16];
    private string[] _comments = new string[16];
    private int _predecessorCount, _successorCount, _commentCount;
    private int[] _switchBounds = new int[8];
    private BlockId[] _bindOrder = new BlockId[64];
    private int _switchCount;

    public int OpCount { get; private set; }
    public int BlockCount { get; private set; }
    public int InputCount { get; private set; }
    public int CallCount { get; private set; }
    public int BindOrderCount { get; private set; }
    public uint WrittenPinned { get; private set; }

    public void Reset()
    {
        OpCount = BlockCount = InputCount = CallCount = BindOrderCount = 0;
        _predecessorCount = _successorCount = _commentCount = _switchCount = 0;
        WrittenPinned = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref MachineOp Op(OpId id) => ref _ops[(int)id];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref MachineBlock Block(BlockId id) => ref _blocks[(int)id];

    public ref CallSite Call(int index) => ref _calls[index];

    public string CommentText(int index) => _comments[index];

    /// <summary>The lowest case value of a switch; its successors are the cases in order, then the default.</summary>
    public int SwitchLowest(int index) => _switchBounds[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OpId Input(in MachineOp op, int index) => _inputs[op.FirstInput + index];

    public OpId Input(OpId id, int index) => _inputs[_ops[(int)id].FirstInput + index];

    public void SetInput(OpId id, int index, OpId value) => _inputs[_ops[(int)id].FirstInput + index] = value;

    public BlockId Successor(BlockId block, int index) => _successors[_blocks[(int)block].FirstSuccessor + index];

    public void SetSuccessor(BlockId block, int index, BlockId target) =>
        _successors[_blocks[(int)block].FirstSuccessor + index] = target;

    /// <summary>Walks predecessors: start with the block's FirstPredecessor, stop at -1.</summary>
    public BlockId Predecessor(int link, out int next)
    {
        (BlockId block, next) = _predecessors[link];
        return block;
    }

    public void ReplacePredecessor(BlockId block, BlockId from, BlockId to)
    {
        for (int link = _blocks[(int)block].FirstPredecessor; link >= 0; link = _predecessors[link].Next)
        {
            if (_predecessors[link].Block == from)
            {
                _predecessors[link].Block = to;
                return;
            }
        }
    }

    public BlockId AddBlock(bool isDeferred, bool isLoopHeader)
    {
        if (BlockCount == _blocks.Length)
        {
            Array.Resize(ref _blocks, BlockCount * 2);
        }

        _blocks[BlockCount] = new MachineBlock
        {
            FirstPhi = OpId.None, LastPhi = OpId.None, FirstOp = OpId.None, LastOp = OpId.None,
            FirstPredecessor = -1, LastPredecessor = -1, Definitions = -1,
            IsDeferred = isDeferred, IsLoopHeader = isLoopHeader,
        };
        return (BlockId)BlockCount++;
    }

    public OpId AddOp(BlockId block, MachineOpcode opcode, Representation representation)
    {
        OpId id = NewOp(block, opcode, representation);
        ref MachineBlock b = ref _blocks[(int)block];
        if (b.LastOp == OpId.None)
        {
            b.FirstOp = id;
        }
        else
        {
            _ops[(int)b.LastOp].Next = id;
        }

        b.LastOp = id;
        return id;
    }

    public OpId AddPhi(BlockId block, Representation representation)
    {
        OpId id = NewOp(block, MachineOpcode.Phi, representation);
        ref MachineBlock b = ref _blocks[(int)block];
        if (b.LastPhi == OpId.None)
        {
            b.FirstPhi = id;
        }
        else
        {
            _ops[(int)b.LastPhi].Next = id;
        }

        b.LastPhi = id;
        return id;
    }

    /// <summary>Puts an operation in front of all others of a block: constants and parameters in the entry block.</summary>
    public OpId PrependOp(BlockId block, MachineOpcode opcode, Representation representation)
    {
        OpId id = NewOp(block, opcode, representation);
        ref MachineBlock b = ref _blocks[(int)block];
        _ops[(int)id].Next = b.FirstOp;
        b.FirstOp = id;
        if (b.LastOp == OpId.None)
        {
            b.LastOp = id;
        }

        return id;
    }

    private OpId NewOp(BlockId block, MachineOpcode opcode, Representation representation)
    {
        if (OpCount == _ops.Length)
        {
            Array.Resize(ref _ops, OpCount * 2);
        }

        ref MachineOp op = ref _ops[OpCount];
        op = default;
        op.Opcode = opcode;
        op.Representation = representation;
        op.Block = block;
        op.Next = OpId.None;
        op.FrameState = -1;
        op.Extra = -1;
        op.FirstInput = InputCount;
        return (OpId)OpCount++;
    }

    /// <summary>Appends an input to the operation that was made last, or gives a phi its inputs.</summary>
    public void AddInput(OpId id, OpId input)
    {
        if (InputCount == _inputs.Length)
        {
            Array.Resize(ref _inputs, InputCount * 2);
        }

        ref MachineOp op = ref _ops[(int)id];
        if (op.InputCount == 0)
        {
            op.FirstInput = InputCount;
        }

        if (op.FirstInput + op.InputCount != InputCount)
        {
            throw new InvalidOperationException("Inputs of one operation are added in one go.");
        }

        _inputs[InputCount++] = input;
        op.InputCount++;
    }

    public void AddSuccessor(BlockId block, BlockId successor)
    {
        if (_successorCount == _successors.Length)
        {
            Array.Resize(ref _successors, _successorCount * 2);
        }

        ref MachineBlock b = ref _blocks[(int)block];
        if (b.SuccessorCount == 0)
        {
            b.FirstSuccessor = _successorCount;
        }

        _successors[_successorCount++] = successor;
        b.SuccessorCount++;
        AddPredecessor(successor, block);
    }

    private void AddPredecessor(BlockId block, BlockId predecessor)
    {
        if (_predecessorCount == _predecessors.Length)
        {
            Array.Resize(ref _predecessors, _predecessorCount * 2);
        }

        ref MachineBlock b = ref _blocks[(int)block];
        _predecessors[_predecessorCount] = (predecessor, -1);
        if (b.LastPredecessor < 0)
        {
            b.FirstPredecessor = _predecessorCount;
        }
        else
        {
            _predecessors[b.LastPredecessor].Next = _predecessorCount;
        }

        b.LastPredecessor = _predecessorCount++;
        b.PredecessorCount++;
    }

    /// <summary>Inserts an empty block on an edge; phis of the target keep their input order.</summary>
    public BlockId SplitEdge(BlockId from, int successorIndex, BlockId to, bool isDeferred)
    {
        BlockId middle = AddBlock(isDeferred, isLoopHeader: false);
        SetSuccessor(from, successorIndex, middle);
        ReplacePredecessor(to, from, middle);
        AddPredecessor(middle, from);
        if (_successorCount == _successors.Length)
        {
            Array.Resize(ref _successors, _successorCount * 2);
        }

        ref MachineBlock m = ref _blocks[(int)middle];
        m.FirstSuccessor = _successorCount;
        m.SuccessorCount = 1;
        _successors[_successorCount++] = to;
        AddOp(middle, MachineOpcode.Goto, Representation.None);
        return middle;
    }

    public int AddCall(in CallSite call)
    {
        if (CallCount == _calls.Length)
        {
            Array.Resize(ref _calls, CallCount * 2);
        }

        _calls[CallCount] = call;
        return CallCount++;
    }

    public int AddComment(string text)
    {
        if (_commentCount == _comments.Length)
        {
            Array.Resize(ref _comments, _commentCount * 2);
        }

        _comments[_commentCount] = text;
        return _commentCount++;
    }

    public int AddSwitch(int lowest)
    {
        if (_switchCount == _switchBounds.Length)
        {
            Array.Resize(ref _switchBounds, _switchCount * 2);
        }

        _switchBounds[_switchCount] = lowest;
        return _switchCount++;
    }

    /// <summary>The order in which the client placed the blocks; each block comes after those that dominate it.</summary>
    public BlockId BindOrder(int index) => _bindOrder[index];

    public void NoteBound(BlockId block)
    {
        if (BindOrderCount == _bindOrder.Length)
        {
            Array.Resize(ref _bindOrder, BindOrderCount * 2);
        }

        _bindOrder[BindOrderCount++] = block;
    }

    public void NoteWrittenPinned(Register register) => WrittenPinned |= 1u << (int)register;
}
