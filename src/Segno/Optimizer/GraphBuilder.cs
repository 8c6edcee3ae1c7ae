using Segno.Bytecode;
using Segno.Deoptimization;
using Segno.Graph;
using Segno.Layouts;

namespace Segno.Optimizer;

/// <summary>
/// From bytecode and feedback to the graph: one pass in the order of the bytecode, with what is known at each point at hand, so that a
/// guard is made only where nothing implies it. Inlined functions are built by builders of their own into the same graph.
/// </summary>
internal sealed partial class GraphBuilder
{
    private readonly Compilation _c;
    private readonly NodeGraph _g;
    private readonly InlinedFunction _function;
    private readonly FunctionSnapshot _s;
    private readonly GraphBuilder? _parent;
    private readonly int _outerState;
    private readonly Dictionary<int, List<BranchState>> _merges = [];
    private readonly Dictionary<int, LoopState> _loops = [];
    private readonly Dictionary<int, List<BranchState>> _peeling = [];
    private readonly HashSet<int> _peeled = [];
    private readonly List<(BranchState State, NodeId Value)> _returns = [];
    private BuilderEnvironment _env;
    private bool _isReachable = true;
    private int _offset;
    private int _nextOffset;
    private int _beforeState;
    private int _afterState;

    private readonly record struct BranchState(GraphBlockId Block, BuilderEnvironment Environment);

    private sealed class LoopState(GraphBlockId block, LoopHints hints)
    {
        public GraphBlockId Block { get; } = block;

        public LoopHints Hints { get; } = hints;

        /// <summary>Phis by frame offset in words of their registers; the context has its own key.</summary>
        public Dictionary<int, NodeId> Phis { get; } = [];

        public KnownFacts Facts { get; set; } = null!;

        public int BackEdges { get; set; }
    }

    private GraphBuilder(Compilation compilation, InlinedFunction function, GraphBuilder? parent, int outerState)
    {
        _c = compilation;
        _g = compilation.Graph;
        _function = function;
        _s = function.Snapshot;
        _parent = parent;
        _outerState = outerState;
        _env = new BuilderEnvironment(Math.Max(function.ArgumentCount, _s.ParameterCount) + 1, _s.RegisterCount);
    }

    private KnownFacts Facts => _env.Facts;

    /// <summary>Builds the graph of a compilation; tries again while loops prove their assumptions wrong.</summary>
    /// <exception cref="BailoutException">The function holds something that the compiler does not know.</exception>
    public static void Build(Compilation compilation)
    {
        const int MaxAttempts = 12;
        for (int attempt = 0; ; attempt++)
        {
            compilation.StartAttempt();
            BuildOnce(compilation);
            if (!compilation.NeedsAnotherAttempt)
            {
                return;
            }

            if (attempt == MaxAttempts)
            {
                throw new BailoutException("loops do not settle");
            }

            if (attempt > MaxAttempts / 2)
            {
                foreach (LoopHints hints in compilation.Hints.Values)
                {
                    hints.DropsEverything = true;
                }
            }
        }
    }

    private static void BuildOnce(Compilation compilation)
    {
        NodeGraph graph = compilation.Graph;
        compilation.Block = graph.NewBlock();
        NodeId closure = graph.Floating(NodeOp.Closure, 0);
        var function = new InlinedFunction { Snapshot = compilation.Function, Closure = closure, ArgumentCount = -1, Parent = null, Index = 0, Path = 1 };
        compilation.Inlined.Add(function);
        var builder = new GraphBuilder(compilation, function, null, -1);
        builder.BuildOutermost();
    }

    private void BuildOutermost()
    {
        for (int i = 0; i <= _s.ParameterCount; i++)
        {
            _env.Parameters[i] = _g.Floating(NodeOp.Parameter, i);
        }

        if (_c.IsOsr)
        {
            BuildOsr();
            return;
        }

        _env.Context = Load(_function.Closure, JSFunction.ContextOffset, NodeType.Internal);
        SetInitialRegisters(_s.NewTargetRegister == 0 ? NodeId.None : _g.Floating(NodeOp.NewTarget, 0));
        BuildRange(0, _s.Bytes.Length);
    }

    private void SetInitialRegisters(NodeId newTarget)
    {
        Array.Fill(_env.Registers, Undefined);
        if (_s.NewTargetRegister != 0)
        {
            _env[new Register(_s.NewTargetRegister)] = newTarget;
        }
    }

    /// <summary>
    /// Entered at a loop's header on the interpreter's frame. The loops around it are entered in their middle: what is left of that
    /// round is built as a peeled one.
    /// </summary>
    private void BuildOsr()
    {
        for (int i = 0; i < _s.RegisterCount; i++)
        {
            if (_s.Liveness.In(_c.OsrOffset).Contains(i))
            {
                _env.Registers[i] = _g.Floating(NodeOp.OsrValue, Register.Local(i).FrameOffsetInWords);
            }
        }

        _env.Context = _g.Floating(NodeOp.OsrValue, Frames.FrameLayout.OsrContext / 8);
        _g[_env.Context].Type = NodeType.Internal;
        var around = new List<BytecodeLoop>();
        for (int i = 0; i < _c.OsrOffset; i++)
        {
            if (_s.Loops.At(i) is { } loop && loop.End > _c.OsrOffset)
            {
                around.Add(loop);
            }
        }

        around.Reverse();
        int at = _c.OsrOffset;
        foreach (BytecodeLoop loop in around)
        {
            _peeling.Add(loop.Header, []);
            BuildRange(at, loop.End);
            List<BranchState> states = _peeling[loop.Header];
            _peeling.Remove(loop.Header);
            at = loop.End;
            if (states.Count > 0)
            {
                Suspend(loop.End);
                Enter(loop.Header, states);
                _peeled.Add(loop.Header);
                at = loop.Header;
            }
        }

        BuildRange(at, _s.Bytes.Length);
    }

    /// <summary>If control would fall out of a range that ends, it waits at the merge there.</summary>
    private void Suspend(int offset)
    {
        if (_isReachable)
        {
            AddMerge(offset);
            _isReachable = false;
        }
    }

    // ---- the walk --------------------------------------------------------------------------------------------

    private void BuildRange(int start, int end)
    {
        int at = start;
        while (at < end)
        {
            if (_merges.Remove(at, out List<BranchState>? merge))
            {
                Suspend(at);
                if (_merges.Remove(at, out List<BranchState>? self))
                {
                    merge.AddRange(self);
                }

                Enter(at, merge);
            }

            if (_isReachable && !_peeling.ContainsKey(at) && _s.Loops.At(at) is { } loop && !_loops.ContainsKey(at))
            {
                if (ShouldPeel(loop))
                {
                    Peel(loop);
                    if (!_isReachable)
                    {
                        at = loop.End;
                        continue;
                    }
                }

                EnterLoop(loop);
            }

            var it = new BytecodeIterator(_s.Bytes, at);
            at = it.NextOffset;
            if (_isReachable)
            {
                _offset = it.Offset;
                _nextOffset = at;
                _beforeState = _afterState = -1;
                Visit(it);
                CheckSize();
            }

            ForgetLoopsEndingAt(at);
        }
    }

    private List<BytecodeLoop>? _loopList;

    /// <summary>A loop that was left may be entered again, when an outer one is peeled.</summary>
    private void ForgetLoopsEndingAt(int offset)
    {
        if (_loopList is null)
        {
            _loopList = [];
            for (int i = 0; i < _s.Bytes.Length; i++)
            {
                if (_s.Loops.At(i) is { } loop)
                {
                    _loopList.Add(loop);
                }
            }
        }

        foreach (BytecodeLoop loop in _loopList)
        {
            if (loop.End == offset)
            {
                _loops.Remove(loop.Header);
                _peeled.Remove(loop.Header);
            }
        }
    }

    private void CheckSize()
    {
        const int MaxNodes = 40_000;
        if (_g.NodeCount > MaxNodes)
        {
            throw new BailoutException("the graph is too large");
        }
    }

    // ---- control ---------------------------------------------------------------------------------------------

    private void AddMerge(int target)
    {
        if (!_merges.TryGetValue(target, out List<BranchState>? states))
        {
            states = [];
            _merges.Add(target, states);
        }

        states.Add(new BranchState(_c.Block, _env.Clone()));
    }

    /// <summary>Goes on where several ways meet.</summary>
    private void Enter(int offset, List<BranchState> states)
    {
        _isReachable = true;
        if (states.Count == 1)
        {
            _env = states[0].Environment;
            _c.Block = states[0].Block;
            return;
        }

        GraphBlockId block = _g.NewBlock();
        foreach (BranchState state in states)
        {
            _c.Block = state.Block;
            Goto(block);
        }

        _c.Block = block;
        RegisterSet live = _s.Liveness.In(offset);
        BuilderEnvironment env = states[0].Environment;
        for (int i = 1; i < states.Count; i++)
        {
            env.Facts.IntersectWith(states[i].Environment.Facts);
        }

        _env = env;
        for (int i = 0; i < env.Registers.Length; i++)
        {
            int register = i;
            env.Registers[i] = live.Contains(i) ? MergeValues(block, states, e => e.Registers[register]) : NodeId.None;
        }

        for (int i = 0; i < env.Parameters.Length; i++)
        {
            int parameter = i;
            env.Parameters[i] = MergeValues(block, states, e => e.Parameters[parameter]);
        }

        env.Context = MergeValues(block, states, static e => e.Context);
        env.Accumulator = live.HasAccumulator ? MergeValues(block, states, static e => e.Accumulator) : NodeId.None;
    }

    private NodeId MergeValues(GraphBlockId block, List<BranchState> states, Func<BuilderEnvironment, NodeId> get)
    {
        NodeId first = get(states[0].Environment);
        bool same = true;
        for (int i = 1; i < states.Count; i++)
        {
            same &= get(states[i].Environment) == first;
        }

        if (same)
        {
            return first;
        }

        Span<NodeId> values = states.Count <= 32 ? stackalloc NodeId[states.Count] : new NodeId[states.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = get(states[i].Environment);
            if (values[i] == NodeId.None)
            {
                return NodeId.None; // dead on one way: nobody reads it on any
            }
        }

        return MakePhi(block, values);
    }

    /// <summary>The phi of values that come from the predecessors of a block, in their order.</summary>
    private NodeId MakePhi(GraphBlockId block, ReadOnlySpan<NodeId> values)
    {
        ValueKind kind = KindOf(values[0]);
        NodeType type = NodeType.None;
        foreach (NodeId value in values)
        {
            kind = JoinKinds(kind, KindOf(value));
            type |= TypeOf(value);
        }

        if (kind == ValueKind.Bit)
        {
            kind = ValueKind.Tagged;
        }

        NodeId phi = _g.NewPhi(block, kind, type, values.Length);
        Int32Range? range = null;
        for (int i = 0; i < values.Length; i++)
        {
            _g.SetInput(phi, i, Convert(values[i], kind));
            Escape(values[i]);
            range = range?.Union(RangeOf(values[i])) ?? RangeOf(values[i]);
        }

        if (kind == ValueKind.Int32)
        {
            WithRange(phi, range!.Value);
        }

        return phi;
    }

    private static ValueKind JoinKinds(ValueKind a, ValueKind b)
    {
        if (a == b)
        {
            return a;
        }

        bool numbers = a is ValueKind.Int32 or ValueKind.Float64 && b is ValueKind.Int32 or ValueKind.Float64;
        return numbers ? ValueKind.Float64 : ValueKind.Tagged;
    }

    private void Goto(GraphBlockId target)
    {
        _g.Append(_c.Block, NodeOp.Goto, 0);
        _g.Connect(_c.Block, target);
    }

    /// <summary>Ends the block; the two blocks that follow are empty and have this one as predecessor.</summary>
    private (GraphBlockId IfTrue, GraphBlockId IfFalse) BranchOn(NodeId condition)
    {
        GraphBlockId yes = _g.NewBlock();
        GraphBlockId no = _g.NewBlock();
        _g.Append(_c.Block, NodeOp.Branch, 0, condition);
        _g.Connect(_c.Block, yes);
        _g.Connect(_c.Block, no);
        return (yes, no);
    }

    private void JumpIf(NodeId condition, int target, bool whenTrue)
    {
        if (TryEvaluate(condition, out bool holds))
        {
            if (holds == whenTrue)
            {
                AddMerge(target);
                _isReachable = false;
            }

            return;
        }

        (GraphBlockId yes, GraphBlockId no) = BranchOn(condition);
        BuilderEnvironment other = _env.Clone();
        BuilderEnvironment mine = _env;
        Assume((whenTrue ? other : mine).Facts, condition);
        Assume((whenTrue ? mine : other).Facts, Not(condition));
        _c.Block = whenTrue ? yes : no;
        _env = other;
        AddMerge(target);
        _env = mine;
        _c.Block = whenTrue ? no : yes;
    }

    private bool TryEvaluate(NodeId condition, out bool value)
    {
        value = false;
        if (_g[condition].Op == NodeOp.BitConstant)
        {
            value = _g[condition].Immediate != 0;
            return true;
        }

        if (Facts.Holds(condition))
        {
            value = true;
            return true;
        }

        return Facts.Holds(Not(condition)) || TryCompareRanges(condition, out value);
    }

    /// <summary>Two ways that meet again at once.</summary>
    private NodeId Diamond(NodeId condition, Func<NodeId> ifTrue, Func<NodeId> ifFalse, bool isSeldomFalse = false)
    {
        if (TryEvaluate(condition, out bool holds))
        {
            return holds ? ifTrue() : ifFalse();
        }

        (GraphBlockId yes, GraphBlockId no) = BranchOn(condition);
        _g.Block(no).IsDeferred = isSeldomFalse;
        return Fork(
            yes,
            () =>
            {
                Assume(Facts, condition);
                return ifTrue();
            },
            no,
            () =>
            {
                Assume(Facts, Not(condition));
                return ifFalse();
            });
    }

    /// <summary>Builds two ways from here, each with what is known now, and goes on where they meet, if they do.</summary>
    private NodeId Fork(GraphBlockId yes, Func<NodeId> ifTrue, GraphBlockId no, Func<NodeId> ifFalse)
    {
        BuilderEnvironment mine = _env;
        BuilderEnvironment other = _env.Clone();
        _c.Block = yes;
        NodeId first = ifTrue();

        // What was built may have put another environment in place: where one of its own ways ended.
        mine = _env;
        GraphBlockId firstEnd = _c.Block;
        bool firstReaches = _isReachable;
        _isReachable = true;
        _env = other;
        _c.Block = no;
        NodeId second = ifFalse();
        other = _env;
        if (!firstReaches || !_isReachable)
        {
            if (firstReaches)
            {
                _env = mine;
                _c.Block = firstEnd;
            }

            _isReachable |= firstReaches;
            return firstReaches ? first : second;
        }

        GraphBlockId secondEnd = _c.Block;
        GraphBlockId block = _g.NewBlock();
        _c.Block = firstEnd;
        Goto(block);
        _c.Block = secondEnd;
        Goto(block);
        _c.Block = block;
        mine.Facts.IntersectWith(other.Facts);
        _env = mine;
        return first == second ? first : MakePhi(block, [first, second]);
    }

    // ---- loops -----------------------------------------------------------------------------------------------

    /// <summary>
    /// The first round of an innermost loop is built by itself: guards and loads that do not change from round to round are then known
    /// when the loop proper begins.
    /// </summary>
    private bool ShouldPeel(BytecodeLoop loop)
    {
        const int MaxPeeledSize = 400;
        return loop.IsInnermost && loop.End - loop.Header <= MaxPeeledSize && !_peeled.Contains(loop.Header) && _g.NodeCount < 12_000
            && !_c.Perturbation.OneIn(3, _function.Path, ~loop.Header);
    }

    private void Peel(BytecodeLoop loop)
    {
        // What the first round inlines is not missing in the loop proper, which matters more.
        int inlined = _c.InlinedBytes;
        _peeling.Add(loop.Header, []);
        BuildRange(loop.Header, loop.End);
        _c.InlinedBytes = inlined;
        List<BranchState> states = _peeling[loop.Header];
        _peeling.Remove(loop.Header);
        Suspend(loop.End);
        if (states.Count > 0)
        {
            _peeled.Add(loop.Header);
            Enter(loop.Header, states);
        }
    }

    private const int ContextKey = int.MinValue;

    private void EnterLoop(BytecodeLoop loop)
    {
        LoopHints hints = _c.HintsOf(_function.Path, loop.Header);
        GraphBlockId block = _g.NewBlock(isLoopHeader: true);
        Goto(block);
        _c.Block = block;
        var state = new LoopState(block, hints);
        _loops.Add(loop.Header, state);
        Facts.Apply(hints);
        RegisterSet live = _s.Liveness.In(loop.Header);
        for (int i = 0; i < _env.Registers.Length; i++)
        {
            int key = Register.Local(i).FrameOffsetInWords;
            if (!live.Contains(i))
            {
                _env.Registers[i] = NodeId.None;
            }
            else if (loop.Assigned.ContainsKey(key))
            {
                _env.Registers[i] = LoopPhi(state, loop, key, _env.Registers[i]);
            }
        }

        for (int i = 0; i < _env.Parameters.Length; i++)
        {
            int key = Register.Parameter(i).FrameOffsetInWords;
            if (loop.Assigned.ContainsKey(key) && _env.Parameters[i] != NodeId.None)
            {
                _env.Parameters[i] = LoopPhi(state, loop, key, _env.Parameters[i]);
            }
        }

        if (loop.ChangesContext)
        {
            _env.Context = LoopPhi(state, loop, ContextKey, _env.Context);
        }

        _env.Accumulator = NodeId.None;
        state.Facts = Facts.Clone();
    }

    private NodeId LoopPhi(LoopState state, BytecodeLoop loop, int key, NodeId entry)
    {
        if (entry == NodeId.None)
        {
            return NodeId.None;
        }

        // Where optimism took too many attempts, nothing is taken for granted, so that the next one is the last.
        ValueKind kind = KindOf(entry) == ValueKind.Bit || state.Hints.DropsEverything ? ValueKind.Tagged : KindOf(entry);
        if (state.Hints.PhiKinds.TryGetValue(key, out ValueKind hinted))
        {
            kind = JoinKinds(kind, hinted);
        }

        NodeType type = state.Hints.DropsEverything ? NodeType.Any : TypeOf(entry) | state.Hints.PhiTypes.GetValueOrDefault(key);
        NodeId phi = _g.NewPhi(state.Block, kind, type, 1 + loop.BackEdges);
        _g.SetInput(phi, 0, Convert(entry, kind));
        Escape(entry);
        state.Phis.Add(key, phi);
        if (kind == ValueKind.Int32 && loop.Assigned.GetValueOrDefault(key) is not 0 and var direction && !state.Hints.UnboundedPhis.Contains(key))
        {
            Int32Range first = RangeOf(entry);
            WithRange(phi, direction > 0 ? first with { Max = int.MaxValue } : first with { Min = int.MinValue });
        }

        return phi;
    }

    private void JumpLoop(int header)
    {
        Poll();
        if (_peeling.TryGetValue(header, out List<BranchState>? states))
        {
            states.Add(new BranchState(_c.Block, _env.Clone()));
            _isReachable = false;
            return;
        }

        LoopState state = _loops[header];
        state.BackEdges++;
        foreach ((int key, NodeId phi) in state.Phis)
        {
            NodeId value = key == ContextKey ? _env.Context : _env[new Register(key)];
            ValueKind kind = _g[phi].Kind;
            ValueKind joined = value == NodeId.None ? kind : JoinKinds(kind, KindOf(value) == ValueKind.Bit ? ValueKind.Tagged : KindOf(value));
            NodeType type = value == NodeId.None ? NodeType.None : TypeOf(value);
            if (joined != kind || !type.Is(_g[phi].Type))
            {
                state.Hints.PhiKinds[key] = JoinKinds(state.Hints.PhiKinds.GetValueOrDefault(key, joined), joined);
                state.Hints.PhiTypes[key] = state.Hints.PhiTypes.GetValueOrDefault(key) | type;
                _c.NeedsAnotherAttempt = true;
                value = phi;
            }

            value = value == NodeId.None ? phi : Convert(value, kind);
            _g.SetInput(phi, state.BackEdges, value);
            if (!_g[phi].Range.Includes(RangeOf(value)))
            {
                state.Hints.UnboundedPhis.Add(key);
                _c.NeedsAnotherAttempt = true;
            }

            Escape(value);
        }

        if (!Facts.HoldsAtBackEdge(state.Facts, state.Hints))
        {
            _c.NeedsAnotherAttempt = true;
        }

        Goto(state.Block);
        _isReachable = false;
    }

    private void Poll()
    {
        NodeId poll = _g.Append(_c.Block, NodeOp.Poll, 0);
        _g[poll].FrameState = BeforeState();
    }

    // ---- frame states ----------------------------------------------------------------------------------------

    private int BeforeState()
    {
        if (_beforeState < 0)
        {
            RegisterSet live = _s.Liveness.In(_offset);
            _beforeState = MakeState(FrameContinuation.Before, live, live.HasAccumulator ? _env.Accumulator : NodeId.None);
        }

        return _beforeState;
    }

    /// <summary>The state behind the bytecode, its result still to come: of calls.</summary>
    private int AfterState()
    {
        if (_afterState < 0)
        {
            var live = new RegisterSet(new ulong[RegisterSet.WordsFor(_s.RegisterCount)]);
            live.UnionWith(_s.Liveness.Out(_offset));
            AddHandlers(live);
            bool writes = new BytecodeIterator(_s.Bytes, _offset).Info.WritesAccumulator;
            _afterState = MakeState(FrameContinuation.After, live, writes || !live.HasAccumulator ? NodeId.None : _env.Accumulator);
        }

        return _afterState;
    }

    /// <summary>The state of a construction whose receiver C# is making.</summary>
    private int PrepareState()
    {
        var live = new RegisterSet(new ulong[RegisterSet.WordsFor(_s.RegisterCount)]);
        live.UnionWith(_s.Liveness.In(_offset));
        live.UnionWith(_s.Liveness.Out(_offset));
        AddHandlers(live);
        return MakeState(FrameContinuation.Construct, live, _env.Accumulator);
    }

    /// <summary>What an exception at this bytecode needs.</summary>
    private void AddHandlers(RegisterSet live)
    {
        foreach (HandlerTableEntry entry in _s.Function.Handlers)
        {
            if (_offset >= entry.Start && _offset < entry.End)
            {
                bool hasAccumulator = live.HasAccumulator;
                live.UnionWith(_s.Liveness.In(entry.Handler));
                live.Add(new Register(entry.ContextRegister));
                live.HasAccumulator = hasAccumulator;
            }
        }
    }

    private int MakeState(FrameContinuation continuation, RegisterSet live, NodeId accumulator)
    {
        var values = new NodeId[1 + _env.Parameters.Length + _env.Registers.Length + 1];
        values[0] = _env.Context;
        for (int i = 0; i < _env.Parameters.Length; i++)
        {
            NodeId value = _env.Parameters[i];
            bool isInPlace = _parent is null && _g[value].Op == NodeOp.Parameter && _g[value].Immediate == i;
            values[1 + i] = isInPlace ? NodeId.None : value;
        }

        for (int i = 0; i < _env.Registers.Length; i++)
        {
            values[1 + _env.Parameters.Length + i] = live.Contains(i) || i == _keptRegister ? _env.Registers[i] : NodeId.None;
        }

        values[^1] = accumulator;
        _c.FrameStates.Add(new FrameStateRecord
        {
            Function = _function, Offset = _offset, Continuation = continuation, Values = values, Outer = _outerState, Captured = Capture(values, _outerState),
        });
        return _c.FrameStates.Count - 1;
    }

    /// <summary>A register that the frame needs beyond liveness: the receiver of a construct call in progress.</summary>
    private int _keptRegister = -1;
}
