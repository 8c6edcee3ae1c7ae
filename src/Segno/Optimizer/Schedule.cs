using Segno.Base;
using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// Finds what is needed and gives every floating node a block: as late as its uses allow, then out of as many loops as its inputs allow
/// (Click, "Global Code Motion, Global Value Numbering"). Blocks are numbered in an order in which dominators come first.
/// </summary>
internal sealed class Schedule
{
    private readonly NodeGraph _g;
    private readonly FrameStateEncoder _states;
    private readonly Perturbation _perturbation;
    private readonly int[] _dominator;
    private readonly int[] _depth;
    private readonly bool[] _live;
    private readonly GraphBlockId[] _late;

    public Schedule(Compilation compilation, FrameStateEncoder states)
    {
        _g = compilation.Graph;
        _perturbation = compilation.Perturbation;
        _states = states;
        _dominator = new int[_g.BlockCount];
        _depth = new int[_g.BlockCount];
        _live = new bool[_g.NodeCount];
        _late = new GraphBlockId[_g.NodeCount];
        Array.Fill(_late, GraphBlockId.None);
        FindReachable();
        FindDominators();
        FindLoops();
        FindLive();
        states.IsLive = IsLive;
        Place();
    }

    public bool[] Reachable { get; private set; } = [];

    public bool IsLive(NodeId id) => _live[(int)id];

    public GraphBlockId BlockOf(NodeId id) => _late[(int)id];

    public bool Dominates(GraphBlockId dominator, GraphBlockId block)
    {
        int at = (int)block;
        while (_depth[at] > _depth[(int)dominator])
        {
            at = _dominator[at];
        }

        return at == (int)dominator;
    }

    private void FindReachable()
    {
        Reachable = new bool[_g.BlockCount];
        var work = new Stack<GraphBlockId>();
        work.Push(0);
        Reachable[0] = true;
        while (work.TryPop(out GraphBlockId block))
        {
            foreach (GraphBlockId successor in _g.Successors(block))
            {
                if (!Reachable[(int)successor])
                {
                    Reachable[(int)successor] = true;
                    work.Push(successor);
                }
            }
        }
    }

    /// <summary>Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm".</summary>
    private void FindDominators()
    {
        Array.Fill(_dominator, -1);
        _dominator[0] = 0;
        bool changed;
        do
        {
            changed = false;
            for (int b = 1; b < _g.BlockCount; b++)
            {
                if (!Reachable[b])
                {
                    continue;
                }

                int best = -1;
                foreach (GraphBlockId predecessor in _g.Predecessors((GraphBlockId)b))
                {
                    int p = (int)predecessor;
                    if (_dominator[p] >= 0)
                    {
                        best = best < 0 ? p : Common(p, best);
                    }
                }

                if (best != _dominator[b])
                {
                    _dominator[b] = best;
                    changed = true;
                }
            }
        }
        while (changed);

        for (int b = 1; b < _g.BlockCount; b++)
        {
            _depth[b] = Reachable[b] ? _depth[_dominator[b]] + 1 : 0;
        }
    }

    private int Common(int a, int b)
    {
        while (a != b)
        {
            while (a > b)
            {
                a = _dominator[a];
            }

            while (b > a)
            {
                b = _dominator[b];
            }
        }

        return a;
    }

    private void FindLoops()
    {
        for (int b = 0; b < _g.BlockCount; b++)
        {
            _g.Block((GraphBlockId)b).LoopDepth = 0;
        }

        var work = new Stack<int>();
        var inLoop = new bool[_g.BlockCount];
        for (int header = 0; header < _g.BlockCount; header++)
        {
            if (!Reachable[header] || !_g.Block((GraphBlockId)header).IsLoopHeader)
            {
                continue;
            }

            Array.Clear(inLoop);
            inLoop[header] = true;
            foreach (GraphBlockId predecessor in _g.Predecessors((GraphBlockId)header))
            {
                if ((int)predecessor >= header && Reachable[(int)predecessor])
                {
                    work.Push((int)predecessor);
                }
            }

            bool isLoop = work.Count > 0;
            while (work.TryPop(out int b))
            {
                if (!inLoop[b])
                {
                    inLoop[b] = true;
                    foreach (GraphBlockId predecessor in _g.Predecessors((GraphBlockId)b))
                    {
                        work.Push((int)predecessor);
                    }
                }
            }

            for (int b = header; isLoop && b < inLoop.Length; b++)
            {
                if (inLoop[b])
                {
                    _g.Block((GraphBlockId)b).LoopDepth++;
                }
            }
        }
    }

    /// <summary>What an effect, a guard or a frame state needs. The rest is never made.</summary>
    private void FindLive()
    {
        var work = new Stack<NodeId>();
        for (int b = 0; b < _g.BlockCount; b++)
        {
            if (!Reachable[b])
            {
                continue;
            }

            for (NodeId id = _g.Block((GraphBlockId)b).First; id != NodeId.None; id = _g[id].Next)
            {
                if (IsInitialization(id))
                {
                    // Into a new object: done if the object is made.
                    NodeId obj = _g.Input(id, 0);
                    if (!_storesInto.TryGetValue(obj, out List<NodeId>? stores))
                    {
                        stores = [];
                        _storesInto.Add(obj, stores);
                    }

                    stores.Add(id);
                }
                else if (NodeOps.Is(_g[id].Op, NodeProperties.Required))
                {
                    Mark(id, work);
                }
            }
        }

        while (work.TryPop(out NodeId id))
        {
            foreach (NodeId input in _g.Inputs(id))
            {
                if (input != NodeId.None)
                {
                    Mark(input, work);
                }
            }

            if (_storesInto.TryGetValue(id, out List<NodeId>? stores))
            {
                foreach (NodeId store in stores)
                {
                    Mark(store, work);
                }
            }

            if (_g[id].FrameState >= 0)
            {
                foreach (NodeId value in _states.NeedsOf(_g[id].FrameState))
                {
                    Mark(value, work);
                }
            }
        }
    }

    private readonly Dictionary<NodeId, List<NodeId>> _storesInto = [];

    private bool IsInitialization(NodeId id) =>
        _g[id].Op is NodeOp.StoreField or NodeOp.StoreInt32Field && _g[_g.Input(id, 0)].Op == NodeOp.Allocate;

    private void Mark(NodeId id, Stack<NodeId> work)
    {
        if (!_live[(int)id])
        {
            _live[(int)id] = true;
            work.Push(id);
        }
    }

    private void Place()
    {
        // Phis and fixed nodes have their blocks; phis read conversions that were made after them.
        for (int i = 0; i < _g.NodeCount; i++)
        {
            var id = (NodeId)i;
            if (_live[i] && !IsFloating(id))
            {
                _late[i] = _g[id].Block;
                UseInputs(id);
            }
        }

        // Late: the common dominator of all uses. Floating users of a floating node have higher numbers.
        for (int i = _g.NodeCount - 1; i >= 0; i--)
        {
            var id = (NodeId)i;

            // Nobody but frame states uses some constants.
            if (_live[i] && IsFloating(id) && _late[i] != GraphBlockId.None)
            {
                Hoist(id);
                UseInputs(id);
            }
        }
    }

    private bool IsFloating(NodeId id) => _g[id].Op != NodeOp.Phi && !NodeOps.Is(_g[id].Op, NodeProperties.Fixed);

    private void UseInputs(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        if (node.Op == NodeOp.Phi)
        {
            List<GraphBlockId> predecessors = _g.Predecessors(node.Block);
            for (int j = 0; j < predecessors.Count; j++)
            {
                if (Reachable[(int)predecessors[j]])
                {
                    Use(_g.Input(id, j), predecessors[j]);
                }
            }

            return;
        }

        foreach (NodeId input in _g.Inputs(id))
        {
            Use(input, _late[(int)id]);
        }

        if (node.FrameState >= 0)
        {
            foreach (NodeId value in _states.InputsOf(node.FrameState))
            {
                Use(value, _late[(int)id]);
            }
        }
    }

    private void Use(NodeId id, GraphBlockId block)
    {
        if (id == NodeId.None || _g[id].Op == NodeOp.Phi || NodeOps.Is(_g[id].Op, NodeProperties.Fixed))
        {
            return;
        }

        ref GraphBlockId late = ref _late[(int)id];
        late = late == GraphBlockId.None ? block : (GraphBlockId)Common((int)late, (int)block);
    }

    /// <summary>Up the dominator tree to the least deep loop, no further than the inputs.</summary>
    private void Hoist(NodeId id)
    {
        int earliest = 0;
        foreach (NodeId input in _g.Inputs(id))
        {
            int block = EarliestOf(input);
            if (_depth[block] > _depth[earliest])
            {
                earliest = block;
            }
        }

        int at = (int)_late[(int)id];
        int best = at;
        while (at != earliest && at != 0)
        {
            at = _dominator[at];
            int depth = _g.Block((GraphBlockId)at).LoopDepth, known = _g.Block((GraphBlockId)best).LoopDepth;
            if (depth < known || (depth == known && _perturbation.OneIn(3, (long)id, at)))
            {
                best = at;
            }
        }

        _late[(int)id] = (GraphBlockId)best;
    }

    private readonly Dictionary<NodeId, int> _earliest = [];

    private int EarliestOf(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        if (node.Op == NodeOp.Phi || NodeOps.Is(node.Op, NodeProperties.Fixed))
        {
            return (int)node.Block;
        }

        if (_earliest.TryGetValue(id, out int known))
        {
            return known;
        }

        int earliest = 0;
        foreach (NodeId input in _g.Inputs(id))
        {
            int block = EarliestOf(input);
            if (_depth[block] > _depth[earliest])
            {
                earliest = block;
            }
        }

        _earliest.Add(id, earliest);
        return earliest;
    }
}
