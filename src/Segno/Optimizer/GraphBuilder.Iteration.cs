using Segno.Feedback;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>
/// Array methods with callbacks: a body in the language itself in place of the builtin, and in it the callback. The body's accesses are
/// those that the site knows of.
/// </summary>
internal sealed partial class GraphBuilder
{
    private IterationContext? _iteration;

    private NodeId IteratedArray => _env.Parameters[0];

    private NodeId IterationResult => _env.Parameters[2];

    private bool TryReduceIteration(CalleeSnapshot target, NodeId receiver, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        result = NodeId.None;
        if (target.Iterations.Length == 0 || arguments.Length == 0 || Facts.MapsOf(receiver) is not { } maps || CallbackOf(arguments[0]) is not { } callback)
        {
            return false;
        }

        IterationSnapshot iteration = target.Iterations[arguments.Length == 1 ? ^1 : 0];
        bool isReduction = iteration.Body is IterationBody.Reduce or IterationBody.ReduceFirst;
        bool needsAll = iteration.Body is IterationBody.Find or IterationBody.FindIndex or IterationBody.ReduceFirst;
        if (arguments.Length > (isReduction ? 2 : 1) || !maps.All(m => CanIterate(m, needsAll)) || !CanInline(iteration.Function) || !CanInline(callback))
        {
            return false;
        }

        NodeId callbackNode = Tagged(arguments[0]);
        List<NodeId> passed = [callbackNode, .. arguments[1..]];
        if (iteration.Body == IterationBody.ReduceFirst)
        {
            // Of an empty array there is an exception, which the builtin makes.
            Guard(_g.Floating(NodeOp.Int32LessThan, 0, Int32(0), ArrayLength(receiver)), DeoptimizeReason.OutOfBounds);
        }
        else if (iteration.Body is IterationBody.Map or IterationBody.Filter)
        {
            // Nobody can tell when it is made twice: the call is executed again by whoever leaves here.
            NodeId made = CallRuntime(RuntimeId.NewIterationResult, receiver);
            _g[made].FrameState = BeforeState();
            _g[made].Type = NodeType.Object | NodeType.Undefined;
            Guard(Not(TaggedEqual(made, Undefined)), DeoptimizeReason.WrongValue);
            passed.Add(made);
        }

        if (!_isReachable)
        {
            return true;
        }

        ElementAccess[] arrays = [.. maps.Select(static m => new ElementAccess(m, (int)(m.Elements.IsDouble() ? ElementHandler.Double : ElementHandler.Tagged)))];
        var context = new IterationContext(arrays, new ElementAccess(_s.Realm.ArrayMap(ElementsKind.Holey), (int)ElementHandler.Tagged), callbackNode, callback);
        NodeId function = Constant(iteration.Function.Function);
        result = Inline(iteration.Function.Body!, function, Constant(iteration.Function.Context), receiver, [.. passed], Undefined, context);
        return true;
    }

    private static bool CanIterate(MapSnapshot map, bool needsAll) =>
        map.Type == InstanceType.JSArray && map.Elements.IsFast() && (map.Flags & (MapFlags.Prototype | MapFlags.Exotic)) == 0 && !(needsAll && map.Elements.IsHoley());

    /// <summary>The function that a value is, if it may be inlined.</summary>
    private CalleeSnapshot? CallbackOf(NodeId value)
    {
        if (_c.Callbacks.TryGetValue(value, out CalleeSnapshot? known))
        {
            return known;
        }

        return _g[value].Op == NodeOp.HeapConstant && _s.Callbacks.TryGetValue((int)_g[value].Immediate, out known) ? known : null;
    }

    /// <summary>The call of the callback in a body.</summary>
    private NodeId CallCallback(ReadOnlySpan<NodeId> arguments)
    {
        NodeId function = _iteration!.CallbackNode;
        CalleeSnapshot callback = _iteration.Callback;
        if (callback.IsClassConstructor || !CanInline(callback))
        {
            return MakeCall(NodeOp.CallFunction, 0, [function, Undefined, Undefined, .. arguments]);
        }

        return InlineKnown(function, callback, Undefined, arguments);
    }

    /// <summary>A function that is known by its closure alone, or as a constant.</summary>
    private NodeId InlineKnown(NodeId function, CalleeSnapshot known, NodeId receiver, ReadOnlySpan<NodeId> arguments)
    {
        NodeId context = known.Context >= 0 ? Constant(known.Context) : Load(function, JSFunction.ContextOffset, NodeType.Internal);
        return Inline(known.Body!, function, context, receiver, arguments, Undefined);
    }

    /// <summary>
    /// Whether the array has an element now. Beyond its end a prototype may have one: the interpreter looks, and so it does where an array of
    /// doubles has a hole.
    /// </summary>
    private NodeId HasElement(NodeId key)
    {
        NodeId array = IteratedArray;
        CheckMaps(array, [.. _iteration!.Arrays.Select(static a => a.Map)]);
        NodeId index = _isReachable ? ToInt32Checked(key) : NodeId.None;
        if (!_isReachable)
        {
            return NodeId.None;
        }

        Guard(_g.Floating(NodeOp.Uint32LessThan, 0, index, ArrayLength(array)), DeoptimizeReason.OutOfBounds);
        if (!_isReachable || !_iteration.Arrays.Any(static a => a.Map.Elements.IsHoley()))
        {
            return BitConstant(true);
        }

        bool isDouble = _iteration.Arrays[0].Map.Elements.IsDouble();
        if (_iteration.Arrays.Any(a => a.Map.Elements.IsDouble() != isDouble))
        {
            NodeId found = CallRuntime(RuntimeId.HasProperty, key, array);
            _g[found].Type = NodeType.Boolean;
            return found;
        }

        NodeId elements = Load(array, JSObject.ElementsOffset, NodeType.Internal);
        if (isDouble)
        {
            NodeId number = Guarded(NodeOp.LoadDoubleElement, DeoptimizeReason.Hole, elements, index);
            _g[number].Immediate = 1;
            return BitConstant(true);
        }

        NodeId element = _g.Append(_c.Block, NodeOp.LoadElement, 0, elements, index);
        return Diamond(
            TaggedEqual(element, Immediate(Value.HoleBits)),
            () =>
            {
                NodeId found = CallRuntime(RuntimeId.HasProperty, key, array);
                _g[found].Type = NodeType.Boolean;
                return found;
            },
            () => True);
    }

    /// <summary>What the site knows takes the place of what the body's slots have seen.</summary>
    private SlotFeedback ElementsOf(NodeId receiver, int slot)
    {
        if (_iteration is not null && receiver == IteratedArray)
        {
            return new SlotFeedback { State = SlotState.Known, Elements = _iteration.Arrays };
        }

        return _iteration is not null && _env.Parameters.Length > 2 && receiver == IterationResult ? new SlotFeedback { State = SlotState.Known, Elements = [_iteration.Result] } : _s.Slots[slot];
    }

    private SlotFeedback AccessesOf(NodeId receiver, int slot)
    {
        if (_iteration is null || receiver != IteratedArray)
        {
            return _s.Slots[slot];
        }

        // The only name that bodies ask the array for is its length.
        PropertyAccess[] accesses = [.. _iteration.Arrays.Select(static a => new PropertyAccess { Map = a.Map, Kind = HandlerKind.ArrayLength })];
        return new SlotFeedback { State = SlotState.Known, Accesses = accesses };
    }
}
