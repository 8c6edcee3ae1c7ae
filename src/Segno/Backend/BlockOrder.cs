namespace Segno.Backend;

/// <summary>
/// The final order of blocks: the order in which the client bound them, deferred ones last. Also drops what is unreachable, finds
/// more deferred blocks, splits critical edges, removes dead operations and counts uses.
/// </summary>
internal sealed class BlockOrder
{
    private BlockId[] _order = new BlockId[64];
    private BlockId[] _worklist = new BlockId[64];
    private bool[] _reachable = new bool[64];
    private OpId[] _live = new OpId[512];
    private int[] _indexOf = new int[64];

    public int Count { get; private set; }

    public BlockId this[int index] => _order[index];

    /// <summary>The position of a block in the order, or -1 if it is unreachable.</summary>
    public int IndexOf(BlockId block) => _indexOf[(int)block];

    public void Compute(MachineGraph graph)
    {
        FindReachable(graph);
        PropagateDeferred(graph);
        int original = graph.BlockCount;
        SplitCriticalEdges(graph);
        Arrange(graph, original);
        CountUses(graph);
    }

    private void FindReachable(MachineGraph graph)
    {
        if (_reachable.Length < graph.BlockCount)
        {
            _reachable = new bool[graph.BlockCount * 2];
            _worklist = new BlockId[graph.BlockCount * 2];
            _indexOf = new int[graph.BlockCount * 2];
        }

        Array.Clear(_reachable, 0, graph.BlockCount);
        _reachable[0] = true;
        _worklist[0] = 0;
        int pending = 1;
        while (pending > 0)
        {
            BlockId block = _worklist[--pending];
            int successors = graph.Block(block).SuccessorCount;
            for (int i = 0; i < successors; i++)
            {
                BlockId successor = graph.Successor(block, i);
                if (!_reachable[(int)successor])
                {
                    _reachable[(int)successor] = true;
                    _worklist[pending++] = successor;
                }
            }
        }
    }

    /// <summary>
    /// A block is deferred if all ways to it or all ways from it are. Back edges do not count: what a deferred block dominates must be
    /// deferred, too, or it would be placed in front of it.
    /// </summary>
    private void PropagateDeferred(MachineGraph graph)
    {
        int count = graph.BindOrderCount;
        for (int i = 0; i < count; i++)
        {
            _indexOf[(int)graph.BindOrder(i)] = i;
        }

        bool changed;
        do
        {
            changed = false;
            for (int i = 1; i < count; i++)
            {
                BlockId id = graph.BindOrder(i);
                ref MachineBlock block = ref graph.Block(id);
                if (!_reachable[(int)id] || block.IsDeferred)
                {
                    continue;
                }

                bool fromDeferred = true;
                for (int link = block.FirstPredecessor; link >= 0;)
                {
                    BlockId predecessor = graph.Predecessor(link, out link);
                    fromDeferred &= graph.Block(predecessor).IsDeferred || !_reachable[(int)predecessor] || _indexOf[(int)predecessor] >= i;
                }

                bool toDeferred = block.SuccessorCount > 0 || graph.Op(block.LastOp).Opcode is MachineOpcode.Unreachable or MachineOpcode.Deoptimize;
                for (int j = 0; j < block.SuccessorCount; j++)
                {
                    toDeferred &= graph.Block(graph.Successor(id, j)).IsDeferred;
                }

                if (fromDeferred || toDeferred)
                {
                    block.IsDeferred = true;
                    changed = true;
                }
            }
        }
        while (changed);
    }

    /// <summary>Afterwards each edge has an end of its own at which the moves of that edge can be placed.</summary>
    private void SplitCriticalEdges(MachineGraph graph)
    {
        int count = graph.BlockCount;
        for (int i = 0; i < count; i++)
        {
            int successors = graph.Block((BlockId)i).SuccessorCount;
            if (!_reachable[i] || successors < 2)
            {
                continue;
            }

            for (int j = 0; j < successors; j++)
            {
                BlockId successor = graph.Successor((BlockId)i, j);
                if (graph.Block(successor).PredecessorCount > 1)
                {
                    bool deferred = graph.Block(successor).IsDeferred || graph.Block((BlockId)i).IsDeferred;
                    graph.SplitEdge((BlockId)i, j, successor, deferred);
                }
            }
        }
    }

    private void Arrange(MachineGraph graph, int original)
    {
        int count = graph.BlockCount;
        if (_order.Length < count)
        {
            _order = new BlockId[count * 2];
        }

        if (_indexOf.Length < count)
        {
            _indexOf = new int[count * 2];
        }

        Array.Fill(_indexOf, -1, 0, count);
        Count = 0;
        Append(graph, original, deferred: false);
        Append(graph, original, deferred: true);
    }

    private void Append(MachineGraph graph, int original, bool deferred)
    {
        for (int i = 0; i < graph.BindOrderCount; i++)
        {
            BlockId block = graph.BindOrder(i);
            if (!_reachable[(int)block])
            {
                continue;
            }

            if (graph.Block(block).IsDeferred == deferred)
            {
                // A split edge into deferred code stands before its target, so that values reach both in the same registers.
                for (int link = graph.Block(block).FirstPredecessor; deferred && link >= 0;)
                {
                    BlockId predecessor = graph.Predecessor(link, out link);
                    if ((int)predecessor >= original && _indexOf[(int)predecessor] < 0 && !graph.Block(block).IsLoopHeader)
                    {
                        Append(predecessor);
                    }
                }

                Append(block);
            }

            // A split back edge stays by its loop; other split edges go behind the straight path.
            AppendSplits(graph, block, original, deferred, backEdges: true);
        }

        for (int i = 0; i < graph.BindOrderCount; i++)
        {
            BlockId block = graph.BindOrder(i);
            if (_reachable[(int)block])
            {
                AppendSplits(graph, block, original, deferred, backEdges: false);
            }
        }
    }

    private void AppendSplits(MachineGraph graph, BlockId block, int original, bool deferred, bool backEdges)
    {
        int successors = graph.Block(block).SuccessorCount;
        if (successors < 2)
        {
            return;
        }

        for (int i = 0; i < successors; i++)
        {
            BlockId middle = graph.Successor(block, i);
            if ((int)middle >= original && graph.Block(middle).IsDeferred == deferred && _indexOf[(int)middle] < 0 &&
                (!backEdges || graph.Block(graph.Successor(middle, 0)).IsLoopHeader))
            {
                Append(middle);
            }
        }
    }

    private void Append(BlockId block)
    {
        _indexOf[(int)block] = Count;
        _order[Count++] = block;
    }

    /// <summary>Marks what effects need, transitively; operations that nobody marks have no uses and are not selected.</summary>
    private void CountUses(MachineGraph graph)
    {
        if (_live.Length < graph.OpCount)
        {
            _live = new OpId[graph.OpCount * 2];
        }

        int pending = 0;
        for (int i = 0; i < graph.OpCount; i++)
        {
            ref MachineOp op = ref graph.Op((OpId)i);
            op.UseCount = 0;
            if (MachineOpcodeTable.Is(op.Opcode, OpProperties.Effect) && IndexOf(op.Block) >= 0)
            {
                _live[pending++] = (OpId)i;
            }
        }

        while (pending > 0)
        {
            OpId id = _live[--pending];
            int inputs = graph.Op(id).InputCount;
            for (int j = 0; j < inputs; j++)
            {
                OpId input = graph.Input(id, j);
                ref MachineOp op = ref graph.Op(input);
                if (op.UseCount++ == 0 && !MachineOpcodeTable.Is(op.Opcode, OpProperties.Effect))
                {
                    if (pending == _live.Length)
                    {
                        Array.Resize(ref _live, pending * 2);
                    }

                    _live[pending++] = input;
                }
            }
        }
    }
}
