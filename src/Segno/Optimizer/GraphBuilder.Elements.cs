using Segno.Feedback;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Keyed accesses: elements by the maps that were seen, generic ones by stub.</summary>
internal sealed partial class GraphBuilder
{
    private bool IsNotIndex(NodeId key) => !TypeOf(key).Maybe(NodeType.Number);

    /// <summary>Those accesses whose maps the object may have.</summary>
    private ElementAccess[] Possible(NodeId receiver, ElementAccess[] accesses)
    {
        MapSnapshot[]? known = Facts.MapsOf(receiver);
        return known is null ? accesses : [.. accesses.Where(a => known.Any(m => m.Address == a.Map.Address))];
    }

    /// <summary>How elements are read and written, packed or not: 0 Smis, 1 doubles, 2 any values.</summary>
    private static int ClassOf(ElementsKind kind) => kind.IsSmi() ? 0 : kind.IsDouble() ? 1 : 2;

    /// <summary>Runs the emitter for each group of accesses that go the same way, behind a look at the map.</summary>
    private NodeId ByElements(NodeId receiver, ElementAccess[] accesses, Func<ElementAccess[], NodeId> emit, Func<ElementAccess, int> group)
    {
        int first = group(accesses[0]);
        ElementAccess[] same = [.. accesses.Where(a => group(a) == first)];
        if (same.Length == accesses.Length)
        {
            CheckMaps(receiver, [.. accesses.Select(static a => a.Map)]);
            return _isReachable ? emit(accesses) : NodeId.None;
        }

        if (!TypeOf(receiver).Is(NodeType.Cell))
        {
            Guard(_g.Floating(NodeOp.IsCell, 0, receiver), DeoptimizeReason.NotAnObject);
            Refine(receiver, NodeType.Cell);
        }

        if (!_isReachable)
        {
            return NodeId.None;
        }

        ElementAccess[] rest = [.. accesses.Where(a => group(a) != first)];
        return IfMaps(receiver, [.. same.Select(static a => a.Map)], null, () => emit(same), () => ByElements(receiver, rest, emit, group));
    }

    // ---- loads -----------------------------------------------------------------------------------------------

    private void KeyedLoad(NodeId receiver, NodeId key, int slot)
    {
        _feedbackSlot = slot;
        receiver = Tagged(receiver);
        SlotFeedback feedback = ElementsOf(receiver, slot);
        if (feedback.State == SlotState.Uninitialized && !TypeOf(receiver).Is(NodeType.String))
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        ElementAccess[] accesses = Possible(receiver, feedback.Elements);
        if (feedback.State != SlotState.Known || accesses.Length == 0 || accesses.Any(static a => a.Map.IsString || !(a.Map.Elements.IsFast() || CanAccessTyped(a.Map.Elements))) || IsNotIndex(key))
        {
            _env.Accumulator = CallStub(StubId.KeyedLoadAny, receiver, key, Constant(_s.Vector), Int32(slot));
            return;
        }

        NodeId index = NodeId.None;
        _env.Accumulator = ByElements(
            receiver,
            accesses,
            group =>
            {
                index = ToInt32Checked(key);
                return _isReachable ? LoadElement(receiver, index, group) : NodeId.None;
            },
            static a => a.Map.Elements.IsTyped() ? TypedGroup(a.Map.Elements) : (ClassOf(a.Map.Elements) == 1 ? 1 : 0) | (a.Map.Type == InstanceType.JSArray ? 2 : 0));
    }

    /// <summary>
    /// The key of an access that reads and then writes. Where the load (it has the same slot) bets on an integer, the bet is made here, in front of
    /// the conversion that it rules out; only a key that may be an object is asked.
    /// </summary>
    private void ToReferencedName(NodeId receiver, int slot)
    {
        NodeId key = _env.Accumulator;
        if (!TypeOf(key).Maybe(NodeType.Receiver))
        {
            return;
        }

        _feedbackSlot = slot;
        SlotFeedback feedback = ElementsOf(receiver, slot);
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
        }
        else if (feedback.State == SlotState.Known)
        {
            ToInt32Checked(key);
        }
        else
        {
            _env.Accumulator = Diamond(
                IsReceiver(key),
                () =>
                {
                    NodeId name = CallRuntime(RuntimeId.ToReferencedName, receiver, key);
                    _g[name].Type = NodeType.Number | NodeType.String | NodeType.Symbol;
                    return name;
                },
                () =>
                {
                    Refine(key, ~NodeType.Receiver & NodeType.Any);
                    return key;
                });
        }
    }

    private NodeId LoadElement(NodeId receiver, NodeId index, ElementAccess[] group)
    {
        if (group[0].Map.Elements.IsTyped())
        {
            return LoadTypedElement(receiver, index, group[0].Map.Elements);
        }

        bool isArray = group[0].Map.Type == InstanceType.JSArray;
        bool isHoley = !isArray || group.Any(static a => a.Map.Elements.IsHoley());
        NodeId elements = Load(receiver, JSObject.ElementsOffset, NodeType.Internal);
        NodeId length = isArray ? ArrayLength(receiver) : ElementsLength(elements);
        Guard(_g.Floating(NodeOp.Uint32LessThan, 0, index, length), DeoptimizeReason.OutOfBounds);
        if (!_isReachable)
        {
            return NodeId.None;
        }

        if (group[0].Map.Elements.IsDouble())
        {
            NodeId number = Guarded(NodeOp.LoadDoubleElement, DeoptimizeReason.Hole, elements, index);
            _g[number].Immediate = isHoley ? 1 : 0;
            return number;
        }

        bool isSmi = group.All(static a => a.Map.Elements.IsSmi());
        NodeType type = isSmi ? NodeType.Smi : NodeType.Any & ~(NodeType.Internal | NodeType.Hole);
        NodeId element = ElementAt(elements, index, isHoley ? type | NodeType.Hole : type);
        if (isHoley && TypeOf(element).Maybe(NodeType.Hole))
        {
            element = Guarded(NodeOp.CheckNotHole, DeoptimizeReason.Hole, element);
            _g[element].Type = type;
        }

        return element;
    }

    /// <summary>
    /// A word of elements that are not doubles. Of new ones at a known index it is what was stored there; at any other it is another name for
    /// one of the objects that they hold (OPT-6).
    /// </summary>
    private NodeId ElementAt(NodeId elements, NodeId index, NodeType type)
    {
        if (_g[index].Op == NodeOp.Int32Constant && Facts.IsUnescaped(elements) && Facts.TryGetField(elements, FixedArray.ElementsOffset + ((int)_g[index].Immediate * 8), out NodeId known))
        {
            return known;
        }

        NodeId element = _g.Append(_c.Block, NodeOp.LoadElement, 0, elements, index);
        Facts.EscapeContents(elements);
        _g[element].Type = type;
        return element;
    }

    /// <summary>The length of an array with fast elements: no more than the elements have.</summary>
    private NodeId ArrayLength(NodeId array)
    {
        NodeId length = ToInt32Checked(Load(array, JSArray.LengthOffset, NodeType.Smi));
        return Bounded(length, 0, Agent.MaxBackingStoreLength);
    }

    private NodeId ElementsLength(NodeId elements) => elements == Constant(_s.Realm.EmptyFixedArray) ? Int32(0) : LoadRaw(NodeOp.LoadInt32Field, elements, FixedArray.LengthOffset, 0, Agent.MaxBackingStoreLength);

    // ---- stores ----------------------------------------------------------------------------------------------

    private void KeyedStore(NodeId receiver, NodeId key, int slot)
    {
        _feedbackSlot = slot;
        receiver = Tagged(receiver);
        SlotFeedback feedback = ElementsOf(receiver, slot);
        NodeId value = _env.Accumulator;
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        ElementAccess[] accesses = Possible(receiver, feedback.Elements);
        bool isKnown = feedback.State == SlotState.Known && accesses.Length > 0 && accesses.All(static a => HandlerOf(a) <= ElementHandler.Smi || (HandlerOf(a) == ElementHandler.Typed && CanAccessTyped(a.Map.Elements))) && !IsNotIndex(key);
        if (!isKnown || (accesses.Any(MayAdd) && !DependOnNoElements()))
        {
            CallStub(StubId.KeyedStoreAny, receiver, key, Constant(_s.Vector), Int32(slot), value);
            return;
        }

        ByElements(
            receiver,
            accesses,
            group =>
            {
                NodeId index = ToInt32Checked(key);
                if (_isReachable)
                {
                    StoreElement(receiver, key, index, value, group[0], slot);
                }

                return Undefined;
            },
            static a => a.Map.Elements.IsTyped() ? TypedGroup(a.Map.Elements) : (int)HandlerOf(a) | (a.Map.Type == InstanceType.JSArray ? 8 : 0) | (Grows(a) ? 16 : 0));
    }

    private static ElementHandler HandlerOf(ElementAccess access) => (ElementHandler)(access.Handler & (int)ElementHandler.Kinds);

    private static bool Grows(ElementAccess access) => (access.Handler & (int)ElementHandler.GrowFlag) != 0;

    /// <summary>Objects that are no arrays may have holes between and behind their elements.</summary>
    private static bool MayAdd(ElementAccess access) => !access.Map.Elements.IsTyped() && (Grows(access) || access.Map.Elements.IsHoley() || access.Map.Type != InstanceType.JSArray);

    private void StoreElement(NodeId receiver, NodeId key, NodeId index, NodeId value, ElementAccess access, int slot)
    {
        if (access.Map.Elements.IsTyped())
        {
            StoreTypedElement(receiver, index, value, access.Map.Elements);
            return;
        }

        NodeId stored = HandlerOf(access) switch
        {
            ElementHandler.Double => ToFloat64Checked(value),
            ElementHandler.Smi => Tagged(ToInt32Checked(value)),
            _ => Tagged(value),
        };
        if (!_isReachable)
        {
            return;
        }

        bool isArray = access.Map.Type == InstanceType.JSArray;
        NodeId elements = Load(receiver, JSObject.ElementsOffset, NodeType.Internal);
        NodeId length = isArray ? ArrayLength(receiver) : ElementsLength(elements);
        NodeId inside = _g.Floating(NodeOp.Uint32LessThan, 0, index, length);
        if (!Grows(access) || !isArray)
        {
            Guard(inside, DeoptimizeReason.OutOfBounds);
            if (_isReachable)
            {
                StoreElement(elements, index, stored, HandlerOf(access));
            }

            return;
        }

        Diamond(
            inside,
            () => StoreInto(elements),
            () => Diamond(
                _g.Floating(NodeOp.Int32Equal, 0, index, length),
                () =>
                {
                    // At the end: the array grows by one. Beyond it, C# does.
                    NodeId larger = ElementsWithRoom(receiver, index, HandlerOf(access));
                    if (!_isReachable)
                    {
                        return NodeId.None;
                    }

                    Store(receiver, JSArray.LengthOffset, Bounded(Pure(NodeOp.Int32Add, index, Int32(1)), 1, Agent.MaxBackingStoreLength));
                    return StoreInto(larger);
                },
                () =>
                {
                    CallStub(StubId.KeyedStoreAny, receiver, key, Constant(_s.Vector), Int32(slot), value);
                    return Undefined;
                }));

        NodeId StoreInto(NodeId store)
        {
            StoreElement(store, index, stored, HandlerOf(access));
            return Undefined;
        }
    }

    private void StoreElement(NodeId elements, NodeId index, NodeId value, ElementHandler handler)
    {
        if (_g[index].Op == NodeOp.Int32Constant && handler != ElementHandler.Double && Facts.IsUnescaped(elements))
        {
            Store(elements, FixedArray.ElementsOffset + ((int)_g[index].Immediate * 8), value);
            return;
        }

        // At an index that is not known here: the contents of new elements are no longer what they were made with.
        Escape(elements);
        if (handler == ElementHandler.Double)
        {
            _g.Append(_c.Block, NodeOp.StoreDoubleElement, 0, elements, index, value);
            return;
        }

        NodeId store = _g.Append(_c.Block, NodeOp.StoreElement, 0, elements, index, value);
        _g[store].Extra = (int)FlagsOf(value);
        Escape(value);
    }
}
