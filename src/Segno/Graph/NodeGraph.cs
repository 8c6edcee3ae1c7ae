using System.Runtime.CompilerServices;

namespace Segno.Graph;

/// <summary>One node: an operator with inputs. Guards and calls name the frame state to which they return.</summary>
internal struct GraphNode
{
    public NodeOp Op;
    public ValueKind Kind;
    public NodeType Type;
    public int FirstInput;
    public int InputCount;
    public long Immediate;

    /// <summary>A second number: the slot of feedback that a guard speaks for, flags of a store.</summary>
    public int Extra;

    /// <summary>Index into the client's frame states, or -1.</summary>
    public int FrameState;

    /// <summary>The reason of a guard.</summary>
    public byte Reason;

    /// <summary>Where a fixed node or phi is; where a floating one is put by scheduling.</summary>
    public GraphBlockId Block;
    public NodeId Next, Previous;
    public int UseCount;

    /// <summary>The bounds of an Int32 value, wherever it is used.</summary>
    public Int32Range Range;
}

/// <summary>A basic block: phis, then fixed nodes in order; the last one ends it.</summary>
internal struct GraphBlock
{
    public NodeId First, Last;
    public int FirstPhi;
    public int LoopDepth;
    public bool IsLoopHeader;
    public bool IsDeferred;
}

/// <summary>
/// The sea of nodes of one compilation. What has an effect or may bail out is fixed: it lies in a block, in order. All else floats and
/// is shared by value. Everything lies in arrays that are kept from one compilation to the next.
/// </summary>
internal sealed class NodeGraph
{
    private GraphNode[] _nodes = new GraphNode[1024];
    private NodeId[] _inputs = new NodeId[4096];
    private GraphBlock[] _blocks = new GraphBlock[128];
    private List<GraphBlockId>[] _predecessors = new List<GraphBlockId>[128];
    private List<GraphBlockId>[] _successors = new List<GraphBlockId>[128];
    private List<NodeId>[] _phis = new List<NodeId>[128];
    private NodeId[] _table = new NodeId[2048];
    private int _tableCount;
    private int _inputCount;

    public int NodeCount { get; private set; }

    public int BlockCount { get; private set; }

    public void Reset()
    {
        NodeCount = BlockCount = _inputCount = _tableCount = 0;
        Array.Fill(_table, NodeId.None);
    }

    public ref GraphNode this[NodeId id]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _nodes[(int)id];
    }

    public ref GraphBlock Block(GraphBlockId id) => ref _blocks[(int)id];

    public List<GraphBlockId> Predecessors(GraphBlockId id) => _predecessors[(int)id];

    public List<GraphBlockId> Successors(GraphBlockId id) => _successors[(int)id];

    public List<NodeId> Phis(GraphBlockId id) => _phis[(int)id];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NodeId Input(NodeId id, int index) => _inputs[_nodes[(int)id].FirstInput + index];

    public ReadOnlySpan<NodeId> Inputs(NodeId id) => _inputs.AsSpan(_nodes[(int)id].FirstInput, _nodes[(int)id].InputCount);

    public void SetInput(NodeId id, int index, NodeId value) => _inputs[_nodes[(int)id].FirstInput + index] = value;

    public GraphBlockId NewBlock(bool isLoopHeader = false)
    {
        if (BlockCount == _blocks.Length)
        {
            int size = BlockCount * 2;
            Array.Resize(ref _blocks, size);
            Array.Resize(ref _predecessors, size);
            Array.Resize(ref _successors, size);
            Array.Resize(ref _phis, size);
        }

        _blocks[BlockCount] = new GraphBlock { First = NodeId.None, Last = NodeId.None, IsLoopHeader = isLoopHeader };
        Clear(ref _predecessors[BlockCount]);
        Clear(ref _successors[BlockCount]);
        if (_phis[BlockCount] is { } phis)
        {
            phis.Clear();
        }
        else
        {
            _phis[BlockCount] = [];
        }

        return (GraphBlockId)BlockCount++;
    }

    private static void Clear(ref List<GraphBlockId> list)
    {
        if (list is null)
        {
            list = [];
        }
        else
        {
            list.Clear();
        }
    }

    public void Connect(GraphBlockId from, GraphBlockId to)
    {
        _successors[(int)from].Add(to);
        _predecessors[(int)to].Add(from);
    }

    /// <summary>A node that floats, or an existing one equal to it.</summary>
    public NodeId Floating(NodeOp op, long immediate, params ReadOnlySpan<NodeId> inputs)
    {
        if (_tableCount * 2 >= _table.Length)
        {
            Grow();
        }

        int mask = _table.Length - 1;
        int slot = Hash(op, immediate, inputs) & mask;
        while (_table[slot] != NodeId.None)
        {
            NodeId other = _table[slot];
            ref GraphNode node = ref _nodes[(int)other];
            if (node.Op == op && node.Immediate == immediate && Inputs(other).SequenceEqual(inputs))
            {
                return other;
            }

            slot = (slot + 1) & mask;
        }

        NodeId id = New(op, immediate, inputs);
        _table[slot] = id;
        _tableCount++;
        return id;
    }

    private void Grow()
    {
        NodeId[] old = _table;
        _table = new NodeId[old.Length * 2];
        Array.Fill(_table, NodeId.None);
        foreach (NodeId id in old)
        {
            if (id != NodeId.None)
            {
                int slot = Hash(_nodes[(int)id].Op, _nodes[(int)id].Immediate, Inputs(id)) & (_table.Length - 1);
                while (_table[slot] != NodeId.None)
                {
                    slot = (slot + 1) & (_table.Length - 1);
                }

                _table[slot] = id;
            }
        }
    }

    private static int Hash(NodeOp op, long immediate, ReadOnlySpan<NodeId> inputs)
    {
        ulong hash = ((ulong)op * 0x9E3779B97F4A7C15) ^ ((ulong)immediate * 0xC2B2AE3D27D4EB4F);
        foreach (NodeId input in inputs)
        {
            hash = (hash ^ (ulong)(uint)input) * 0x9E3779B97F4A7C15;
        }

        return (int)(hash >> 33);
    }

    /// <summary>A fixed node at the end of a block.</summary>
    public NodeId Append(GraphBlockId block, NodeOp op, long immediate, params ReadOnlySpan<NodeId> inputs)
    {
        NodeId id = New(op, immediate, inputs);
        ref GraphBlock b = ref _blocks[(int)block];
        ref GraphNode node = ref _nodes[(int)id];
        node.Block = block;
        node.Previous = b.Last;
        if (b.Last == NodeId.None)
        {
            b.First = id;
        }
        else
        {
            _nodes[(int)b.Last].Next = id;
        }

        b.Last = id;
        return id;
    }

    /// <summary>A phi whose inputs are given one by one with <see cref="SetInput"/>; room for <paramref name="capacity"/> of them.</summary>
    public NodeId NewPhi(GraphBlockId block, ValueKind kind, NodeType type, int capacity)
    {
        Span<NodeId> inputs = capacity <= 64 ? stackalloc NodeId[capacity] : new NodeId[capacity];
        inputs.Fill(NodeId.None);
        NodeId id = New(NodeOp.Phi, 0, inputs);
        ref GraphNode node = ref _nodes[(int)id];
        node.Kind = kind;
        node.Type = type;
        node.Block = block;
        _phis[(int)block].Add(id);
        return id;
    }

    /// <summary>Takes a fixed node out of its block; nobody may use it any more.</summary>
    public void Remove(NodeId id)
    {
        ref GraphNode node = ref _nodes[(int)id];
        ref GraphBlock block = ref _blocks[(int)node.Block];
        if (node.Previous == NodeId.None)
        {
            block.First = node.Next;
        }
        else
        {
            _nodes[(int)node.Previous].Next = node.Next;
        }

        if (node.Next == NodeId.None)
        {
            block.Last = node.Previous;
        }
        else
        {
            _nodes[(int)node.Next].Previous = node.Previous;
        }

        node.Op = NodeOp.None;
        node.InputCount = 0;
    }

    private NodeId New(NodeOp op, long immediate, ReadOnlySpan<NodeId> inputs)
    {
        if (NodeCount == _nodes.Length)
        {
            Array.Resize(ref _nodes, NodeCount * 2);
        }

        while (_inputCount + inputs.Length > _inputs.Length)
        {
            Array.Resize(ref _inputs, _inputs.Length * 2);
        }

        ref GraphNode node = ref _nodes[NodeCount];
        ref readonly NodeOpInfo info = ref NodeOps.Info(op);
        node = new GraphNode
        {
            Op = op, Kind = info.Result, Type = info.Type, FirstInput = _inputCount, InputCount = inputs.Length, Immediate = immediate,
            FrameState = -1, Block = GraphBlockId.None, Next = NodeId.None, Previous = NodeId.None, Range = Int32Range.Full,
        };
        inputs.CopyTo(_inputs.AsSpan(_inputCount));
        _inputCount += inputs.Length;
        return (NodeId)NodeCount++;
    }
}
