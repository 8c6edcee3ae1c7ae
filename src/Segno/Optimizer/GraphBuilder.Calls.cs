using Segno.Builtins;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Calls: reductions of builtins, inlining, and what is left.</summary>
internal sealed partial class GraphBuilder
{
    private const int MaxInliningDepth = 8;

    /// <summary>Bytes of bytecode that are inlined into one function, counted at each site.</summary>
    private const int MaxInlinedBytes = 500;

    /// <summary>How many closures of the same site may be inlined into each other.</summary>
    private const int MaxSameBody = 3;

    /// <summary>Functions of so few bytes are not larger than the call.</summary>
    internal const int MaxAlwaysInlined = 32;

    private NodeId CallRuntime(RuntimeId id, params ReadOnlySpan<NodeId> arguments) => MakeCall(NodeOp.CallRuntime, (long)id, arguments);

    private NodeId CallStub(StubId id, params ReadOnlySpan<NodeId> arguments) => MakeCall(NodeOp.CallStub, (long)id, arguments);

    /// <summary>A call behind which anything may have changed.</summary>
    private NodeId MakeCall(NodeOp op, long immediate, ReadOnlySpan<NodeId> arguments)
    {
        Span<NodeId> tagged = stackalloc NodeId[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            tagged[i] = Tagged(arguments[i]);
            Escape(arguments[i]);
            Escape(tagged[i]);
        }

        NodeId id = _g.Append(_c.Block, op, immediate, tagged);
        _g[id].FrameState = AfterState();
        Facts.ClearMemory();
        return id;
    }

    private void CallVisitor(NodeId callee, NodeId receiver, ReadOnlySpan<NodeId> arguments, int slot)
    {
        _feedbackSlot = slot;
        SlotFeedback feedback = _s.Slots[slot];
        callee = Tagged(callee);
        if (_iteration is not null && callee == _iteration.CallbackNode)
        {
            _env.Accumulator = CallCallback(arguments);
            return;
        }

        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if (feedback.Target is not { } target)
        {
            if (_methods is { } methods && methods.Value == callee && methods.Receiver == receiver)
            {
                _env.Accumulator = CallMethodByMap(callee, methods, [.. methods.Accesses.DistinctBy(static a => a.HolderValue!.Value.Number)], 0, arguments.ToArray());
                return;
            }

            _env.Accumulator = MakeCall(NodeOp.Call, 0, [callee, Undefined, receiver, .. arguments]);
            return;
        }

        NodeId constant = Constant(target.Function);
        Guard(TaggedEqual(callee, constant), DeoptimizeReason.WrongCallTarget);
        if (!_isReachable)
        {
            return;
        }

        if (target.BuiltinId >= 0 && TryReduceBuiltin((BuiltinId)target.BuiltinId, constant, receiver, arguments, out NodeId reduced))
        {
            _env.Accumulator = reduced;
            return;
        }

        if (TryReduceIteration(target, receiver, arguments, out reduced))
        {
            _env.Accumulator = reduced;
            return;
        }

        if (target.IsClassConstructor || !CanInline(target))
        {
            _env.Accumulator = MakeCall(NodeOp.CallFunction, 0, [constant, Undefined, receiver, .. arguments]);
            return;
        }

        _env.Accumulator = Inline(target, receiver, arguments, Undefined);
    }

    /// <summary>
    /// Calls one of several methods: which one it is tells the map of the receiver, unless that may have changed since the method was loaded.
    /// </summary>
    private NodeId CallMethodByMap(NodeId callee, MethodsByMap methods, PropertyAccess[] targets, int index, NodeId[] arguments)
    {
        CalleeSnapshot target = targets[index].Expected!;
        return index == targets.Length - 1 ? Call() : Diamond(TaggedEqual(callee, Constant(target.Function)), Call, () => CallMethodByMap(callee, methods, targets, index + 1, arguments));

        NodeId Call()
        {
            if (Facts.MapsOf(methods.Receiver) is { } known)
            {
                MapSnapshot[] maps = [.. methods.Accesses.Where(a => a.Expected!.Function == target.Function && known.Any(k => k.Address == a.Map.Address)).Select(static a => a.Map)];
                if (maps.Length > 0)
                {
                    AssumeMaps(methods.Receiver, maps);
                }
            }

            return target.IsClassConstructor || !CanInline(target)
                ? MakeCall(NodeOp.CallFunction, 0, [Constant(target.Function), Undefined, methods.Receiver, .. arguments])
                : Inline(target, methods.Receiver, arguments, Undefined);
        }
    }

    private bool CanInline(CalleeSnapshot target)
    {
        if (target.Body is null || _function.Depth >= MaxInliningDepth || _g.NodeCount > 8_000 || (target.Body.Bytes.Length > MaxAlwaysInlined && _c.InlinedBytes + target.Body.Bytes.Length > MaxInlinedBytes >> _c.Perturbation.Below(4, MaxInlinedBytes)))
        {
            return false;
        }

        if (_c.Perturbation.OneIn(4, _function.Path, _offset))
        {
            return false;
        }

        // Closures of one site share their body: a constructor that serves many classes may occur in what it calls, but not endlessly.
        int sameBody = 0;
        for (InlinedFunction? caller = _function; caller is not null; caller = caller.Parent)
        {
            if (caller.Snapshot == target.Body && (IsSameClosure(caller.Closure, target) || ++sameBody == MaxSameBody))
            {
                return false;
            }
        }

        return !UnsupportedBytecodes.Holds(target.Body);
    }

    /// <summary>Whether two closures with the same body may be one.</summary>
    private bool IsSameClosure(NodeId closure, CalleeSnapshot target) =>
        closure == NodeId.None || target.Function < 0 || _g[closure].Op != NodeOp.HeapConstant || _g[closure].Immediate == target.Function;

    private NodeId Inline(CalleeSnapshot target, NodeId receiver, ReadOnlySpan<NodeId> arguments, NodeId newTarget) =>
        Inline(target.Body!, Constant(target.Function), Constant(target.Context), receiver, arguments, newTarget);

    /// <summary>Builds the callee's body in place of the call; its value.</summary>
    private NodeId Inline(
        FunctionSnapshot body, NodeId closure, NodeId context, NodeId receiver, ReadOnlySpan<NodeId> arguments, NodeId newTarget, IterationContext? iteration = null)
    {
        var function = new InlinedFunction
        {
            Snapshot = body, Closure = closure, ArgumentCount = arguments.Length, Parent = _function,
            Index = _c.Inlined.Count, Path = unchecked((_function.Path * 1_000_003) + _offset + 7),
        };
        _c.Inlined.Add(function);
        _c.InlinedBytes += body.Bytes.Length;
        var builder = new GraphBuilder(_c, function, this, AfterState()) { _iteration = iteration };
        BuilderEnvironment env = builder._env;
        env.Facts = Facts;
        env.Parameters[0] = receiver;
        for (int i = 1; i < env.Parameters.Length; i++)
        {
            env.Parameters[i] = i <= arguments.Length ? arguments[i - 1] : Undefined;
        }

        env.Context = context;
        builder.SetInitialRegisters(newTarget);
        builder.BuildRange(0, body.Bytes.Length);
        return TakeReturns(builder._returns);
    }

    private NodeId TakeReturns(List<(BranchState State, NodeId Value)> returns)
    {
        if (returns.Count == 0)
        {
            _isReachable = false;
            return NodeId.None;
        }

        if (returns.Count == 1)
        {
            _c.Block = returns[0].State.Block;
            _env.Facts = returns[0].State.Environment.Facts;
            return returns[0].Value;
        }

        GraphBlockId block = _g.NewBlock();
        KnownFacts facts = returns[0].State.Environment.Facts;
        var values = new NodeId[returns.Count];
        bool same = true;
        for (int i = 0; i < returns.Count; i++)
        {
            _c.Block = returns[i].State.Block;
            Goto(block);
            values[i] = returns[i].Value;
            same &= values[i] == values[0];
            if (i > 0)
            {
                facts.IntersectWith(returns[i].State.Environment.Facts);
            }
        }

        _c.Block = block;
        _env.Facts = facts;
        return same ? values[0] : MakePhi(block, values);
    }

    private void Return()
    {
        if (_parent is null)
        {
            _g.Append(_c.Block, NodeOp.Return, 0, Tagged(_env.Accumulator));
        }
        else
        {
            _returns.Add((new BranchState(_c.Block, _env), _env.Accumulator));
        }

        _isReachable = false;
    }

    // ---- builtins --------------------------------------------------------------------------------------------

    private bool TryReduceBuiltin(BuiltinId id, NodeId function, NodeId receiver, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        result = NodeId.None;
        switch (id)
        {
            case BuiltinId.FunctionPrototype_Call when arguments.Length > 0:
                result = CallExpected(Tagged(receiver), arguments[0], arguments[1..]);
                return true;
            case BuiltinId.ArrayPrototype_Push:
                return TryReducePush(function, receiver, arguments, out result);
            case BuiltinId.ArrayPrototype_Pop:
                return TryReducePop(receiver, out result);
            case BuiltinId.FunctionPrototype_Apply:
                return TryReduceApply(receiver, arguments, out result);
            default:
                return TryReduceMath(id, arguments, out result);
        }
    }
}
