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
    private const int MaxInlinedBytes = 1000;

    /// <summary>Functions of so few bytes are not larger than the call.</summary>
    private const int MaxAlwaysInlined = 24;

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
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if (feedback.Target is not { } target)
        {
            _env.Accumulator = MakeCall(NodeOp.Call, 0, [callee, Undefined, receiver, .. arguments]);
            return;
        }

        NodeId constant = Constant(target.Function);
        Guard(TaggedEqual(callee, constant), DeoptimizeReason.WrongCallTarget);
        if (!_isReachable)
        {
            return;
        }

        if (target.BuiltinId >= 0 && TryReduceBuiltin((BuiltinId)target.BuiltinId, receiver, arguments, out NodeId reduced))
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

        for (InlinedFunction? caller = _function; caller is not null; caller = caller.Parent)
        {
            if (caller.Snapshot == target.Body)
            {
                return false;
            }
        }

        return !UnsupportedBytecodes.Holds(target.Body);
    }

    /// <summary>Builds the callee's body in place of the call; its value.</summary>
    private NodeId Inline(CalleeSnapshot target, NodeId receiver, ReadOnlySpan<NodeId> arguments, NodeId newTarget)
    {
        var function = new InlinedFunction
        {
            Snapshot = target.Body!, Closure = Constant(target.Function), ArgumentCount = arguments.Length, Parent = _function,
            Index = _c.Inlined.Count, Path = unchecked((_function.Path * 1_000_003) + _offset + 7),
        };
        _c.Inlined.Add(function);
        _c.InlinedBytes += target.Body!.Bytes.Length;
        var builder = new GraphBuilder(_c, function, this, AfterState());
        BuilderEnvironment env = builder._env;
        env.Facts = Facts;
        env.Parameters[0] = receiver;
        for (int i = 1; i < env.Parameters.Length; i++)
        {
            env.Parameters[i] = i <= arguments.Length ? arguments[i - 1] : Undefined;
        }

        env.Context = Constant(target.Context);
        builder.SetInitialRegisters(newTarget);
        builder.BuildRange(0, target.Body!.Bytes.Length);
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

    // ---- construction ----------------------------------------------------------------------------------------

    private void Construct(NodeId constructor, int firstRegister, ReadOnlySpan<NodeId> arguments, int slot)
    {
        _feedbackSlot = slot;
        SlotFeedback feedback = _s.Slots[slot];
        NodeId newTarget = Tagged(_env.Accumulator);
        constructor = Tagged(constructor);
        var list = new Register(firstRegister);
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        _keptRegister = list.LocalIndex;
        if (feedback.Target is not { InitialMap: { } map } target || newTarget != constructor)
        {
            // C# makes the receiver, if the constructor does not make its own.
            NodeId prepared = MakeCall(NodeOp.CallRuntime, (long)RuntimeId.ConstructPrepare, [constructor, newTarget]);
            _g[prepared].FrameState = PrepareState();
            _env[list] = prepared;
            _afterState = -1;
            FinishConstruct(MakeCall(NodeOp.Call, 0, [constructor, newTarget, prepared, .. arguments]), prepared);
            return;
        }

        NodeId constant = Constant(target.Function);
        Guard(TaggedEqual(constructor, constant), DeoptimizeReason.WrongCallTarget);
        if (_isReachable)
        {
            _c.Dependencies.Add(new Dependency(DependencyKind.InitialMap, target.Function, map.Number));
        }

        if (!_isReachable)
        {
            return;
        }

        NodeId receiver = AllocateObject(map);
        _env[list] = receiver;
        _afterState = -1;
        if (CanInline(target))
        {
            FinishConstruct(Inline(target, receiver, arguments, constant), receiver);
        }
        else
        {
            FinishConstruct(MakeCall(NodeOp.CallFunction, 0, [constant, constant, receiver, .. arguments]), receiver);
        }
    }

    /// <summary>The result, if it is an object; else the receiver.</summary>
    private void FinishConstruct(NodeId result, NodeId receiver)
    {
        _keptRegister = -1;
        if (!_isReachable)
        {
            return;
        }

        result = Tagged(result);
        NodeType type = TypeOf(result);
        if (type.Is(NodeType.Receiver))
        {
            _env.Accumulator = result;
            return;
        }

        if (!type.Maybe(NodeType.Receiver))
        {
            _env.Accumulator = receiver;
            return;
        }

        _env.Accumulator = Diamond(
            _g.Floating(NodeOp.IsCell, 0, result),
            () => Diamond(
                _g.Floating(NodeOp.Int32LessThan, 0, InstanceTypeOf(MapOf(result)), Int32((int)InstanceType.JSObject)),
                () => receiver,
                () => result),
            () => receiver);
        Refine(_env.Accumulator, NodeType.Receiver);
    }

    private NodeId AllocateObject(MapSnapshot map)
    {
        NodeId obj = Allocate(map.InstanceSizeInBytes, map.Number, TypeOfMap(map));
        InitializeField(obj, JSObject.PropertiesOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(obj, JSObject.ElementsOffset, Constant(_s.Realm.EmptyFixedArray));
        for (int offset = JSObject.HeaderSize; offset < map.InstanceSizeInBytes; offset += 8)
        {
            InitializeField(obj, offset, Undefined);
        }

        Facts.SetMaps(obj, [map]);
        return obj;
    }

    /// <summary>Room for an object, its map in place. Nothing may happen before all its fields have values.</summary>
    private NodeId Allocate(int sizeInBytes, int map, NodeType type)
    {
        NodeId obj = _g.Append(_c.Block, NodeOp.Allocate, sizeInBytes);
        _g[obj].Type = type;
        if (_c.TracksEscapes)
        {
            Facts.AddUnescaped(obj);
        }

        InitializeField(obj, HeapObject.MapOffset, Constant(map));
        return obj;
    }

    /// <summary>A store into a new object: no barrier, nobody else sees it.</summary>
    private void InitializeField(NodeId obj, int offset, NodeId value)
    {
        NodeId store = _g.Append(_c.Block, NodeOp.StoreField, offset, obj, Tagged(value));
        _g[store].Extra = (int)StoreFlags.Initializing;
        EscapeInto(obj, value);
        Facts.SetField(obj, offset, value);
    }

    // ---- builtins --------------------------------------------------------------------------------------------

    private bool TryReduceBuiltin(BuiltinId id, NodeId receiver, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        result = NodeId.None;
        switch (id)
        {
            case BuiltinId.Math_Floor or BuiltinId.Math_Ceil or BuiltinId.Math_Trunc or BuiltinId.Math_Sqrt or BuiltinId.Math_Abs when arguments.Length > 0:
                if (!IsNumberOrLikely(arguments[0]))
                {
                    return false;
                }

                if (id is BuiltinId.Math_Floor or BuiltinId.Math_Ceil or BuiltinId.Math_Trunc && (KindOf(arguments[0]) == ValueKind.Int32 || TypeOf(arguments[0]).Is(NodeType.Smi)))
                {
                    result = arguments[0];
                    return true;
                }

                NodeOp op = id switch
                {
                    BuiltinId.Math_Floor => NodeOp.Float64Floor,
                    BuiltinId.Math_Ceil => NodeOp.Float64Ceil,
                    BuiltinId.Math_Trunc => NodeOp.Float64Trunc,
                    BuiltinId.Math_Sqrt => NodeOp.Float64Sqrt,
                    _ => NodeOp.Float64Abs,
                };
                result = _g.Floating(op, 0, ToFloat64Checked(arguments[0]));
                return true;
            case BuiltinId.FunctionPrototype_Call when arguments.Length > 0:
                result = CallExpected(Tagged(receiver), arguments[0], arguments[1..]);
                return true;
            case BuiltinId.FunctionPrototype_Apply:
                return TryReduceApply(receiver, arguments, out result);
            case BuiltinId.Math_Imul when arguments.Length == 2 && IsNumberOrLikely(arguments[0]) && IsNumberOrLikely(arguments[1]):
                result = Pure(NodeOp.Int32Mul, ToInt32Truncated(arguments[0]), ToInt32Truncated(arguments[1]));
                return true;
            case BuiltinId.Math_Max or BuiltinId.Math_Min when arguments.Length == 2 && KindOf(arguments[0]) == ValueKind.Int32 && KindOf(arguments[1]) == ValueKind.Int32:
                NodeId a = arguments[0], b = arguments[1];
                bool isMax = id == BuiltinId.Math_Max;
                result = Diamond(_g.Floating(NodeOp.Int32LessThan, 0, a, b), () => isMax ? b : a, () => isMax ? a : b);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Numbers, and values that the code around treats as numbers: a wrong guess costs one bail-out, and is learned.</summary>
    private bool IsNumberOrLikely(NodeId value) => TypeOf(value).Is(NodeType.Number);
}
