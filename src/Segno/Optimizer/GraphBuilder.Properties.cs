using Segno.Feedback;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Property accesses, by the maps and handlers that the inline caches found.</summary>
internal sealed partial class GraphBuilder
{
    // ---- maps ------------------------------------------------------------------------------------------------

    /// <summary>Bails out unless the object has one of the maps.</summary>
    private void CheckMaps(NodeId obj, MapSnapshot[] maps)
    {
        MapSnapshot[]? known = Facts.MapsOf(obj);
        if (known is not null && known.All(k => maps.Any(m => m.Address == k.Address)))
        {
            return;
        }

        if (KindOf(obj) != ValueKind.Tagged)
        {
            Deoptimize(DeoptimizeReason.NotAnObject);
            return;
        }

        _c.MapLists.Add(maps);
        NodeId check = Guarded(NodeOp.CheckMaps, DeoptimizeReason.WrongMap, obj);
        _g[check].Immediate = _c.MapLists.Count - 1;
        // Bit 31: the value is known to be a cell.
        _g[check].Extra = TypeOf(obj).Is(NodeType.Cell) ? _feedbackSlot | int.MinValue : _feedbackSlot & int.MaxValue;
        AssumeMaps(obj, maps);
    }

    /// <summary>From here on, the object has one of these maps; for ever, it is of their types.</summary>
    private void AssumeMaps(NodeId obj, MapSnapshot[] maps)
    {
        Facts.SetMaps(obj, maps);
        if (maps.Length == 1)
        {
            Facts.SetField(obj, HeapObject.MapOffset, Constant(maps[0].Number));
        }

        Refine(obj, maps.Select(TypeOfMap).Aggregate(static (a, b) => a | b));
    }

    /// <summary>Branches on whether the map of an object is one of several.</summary>
    /// <param name="obj">A cell.</param>
    /// <param name="maps">Those to look for.</param>
    /// <param name="others">Those that it has otherwise, if that is known.</param>
    /// <param name="then">Builds what happens with one of <paramref name="maps"/>.</param>
    /// <param name="otherwise">Builds what happens with any other.</param>
    /// <returns>The value of the way that was gone.</returns>
    private NodeId IfMaps(NodeId obj, MapSnapshot[] maps, MapSnapshot[]? others, Func<NodeId> then, Func<NodeId> otherwise)
    {
        if (maps.Length == 0)
        {
            return otherwise();
        }

        if (others is { Length: 0 })
        {
            return then();
        }

        // An object that was made here has a map that is known, whatever others its site has seen.
        List<NodeId> conditions = [];
        foreach (MapSnapshot map in maps)
        {
            NodeId condition = TaggedEqual(MapOf(obj), Constant(map.Number));
            if (!TryEvaluate(condition, out bool holds))
            {
                conditions.Add(condition);
            }
            else if (holds)
            {
                AssumeMaps(obj, [map]);
                return then();
            }
        }

        if (conditions.Count == 0)
        {
            return otherwise();
        }

        List<GraphBlockId> found = [];
        foreach (NodeId condition in conditions)
        {
            (GraphBlockId yes, GraphBlockId no) = BranchOn(condition);
            found.Add(yes);
            _c.Block = no;
        }

        GraphBlockId target = found[0];
        GraphBlockId rest = _c.Block;
        if (found.Count > 1)
        {
            target = _g.NewBlock();
            foreach (GraphBlockId yes in found)
            {
                _c.Block = yes;
                Goto(target);
            }
        }

        return Fork(
            target,
            () =>
            {
                AssumeMaps(obj, maps);
                return then();
            },
            rest,
            () =>
            {
                if (others is not null)
                {
                    AssumeMaps(obj, others);
                }

                return otherwise();
            });
    }

    private static NodeType TypeOfMap(MapSnapshot map) =>
        map.IsString ? NodeType.String
        : map.Type >= InstanceType.JSObject ? (map.Flags & MapFlags.Callable) != 0 ? NodeType.Callable : NodeType.Object
        : NodeType.Symbol | NodeType.BigInt;

    /// <summary>The shape of a prototype chain, as the cell tells.</summary>
    private void CheckValidity(int cell)
    {
        if (cell >= 0)
        {
            _c.Dependencies.Add(new Dependency(DependencyKind.ValidityCell, cell));
        }
    }

    // ---- named loads -----------------------------------------------------------------------------------------

    private void NamedLoad(NodeId receiver, int name, int slot)
    {
        _feedbackSlot = slot;
        receiver = Tagged(receiver);
        SlotFeedback feedback = AccessesOf(receiver, slot);
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if (_s.ConstantFields.TryGetValue(slot, out ConstantField? field) && _g[receiver].Op == NodeOp.HeapConstant && (int)_g[receiver].Immediate == field.Receiver)
        {
            LoadConstantField(receiver, field);
            return;
        }

        if (feedback.State == SlotState.Megamorphic && Facts.MapsOf(receiver) is [{ } map] && _s.LoadsOfNewObjects.TryGetValue((map.Address, slot), out PropertyAccess? access))
        {
            _env.Accumulator = LoadBy(receiver, access);
            return;
        }

        if (feedback.State == SlotState.Megamorphic || feedback.Accesses.Any(static a => !CanLoad(a)))
        {
            LoadGeneric(receiver, name, slot);
            return;
        }

        PropertyAccess[] accesses = Possible(receiver, feedback.Accesses);
        if (accesses.Length == 0)
        {
            Deoptimize(DeoptimizeReason.WrongMap);
            return;
        }

        if (accesses.All(a => SameWay(a, accesses[0])))
        {
            CheckMaps(receiver, [.. accesses.Select(static a => a.Map)]);
            if (_isReachable)
            {
                _env.Accumulator = LoadBy(receiver, accesses[0]);
            }

            return;
        }

        if (!TypeOf(receiver).Is(NodeType.Cell))
        {
            Guard(_g.Floating(NodeOp.IsCell, 0, receiver), DeoptimizeReason.NotAnObject);
            Refine(receiver, NodeType.Cell);
        }

        if (_isReachable)
        {
            _env.Accumulator = PolymorphicLoad(receiver, MapOf(receiver), accesses, 0);
            _methods = accesses.All(static a => a.HolderValue is not null && a.Expected is not null) ? new MethodsByMap(receiver, _env.Accumulator, accesses) : null;
        }
    }

    /// <summary>What a load found in receivers of several maps: a method for each.</summary>
    private sealed record MethodsByMap(NodeId Receiver, NodeId Value, PropertyAccess[] Accesses);

    /// <summary>Of the last load that found one; the call of it comes next, behind its arguments.</summary>
    private MethodsByMap? _methods;

    private void LoadConstantField(NodeId receiver, ConstantField field)
    {
        if (field.ValidityCell >= 0)
        {
            CheckValidity(field.ValidityCell);
        }
        else
        {
            if (field.IsStable)
            {
                _c.Dependencies.Add(new Dependency(DependencyKind.StableMap, field.Map.Number, field.Receiver));
            }
            else
            {
                CheckMaps(receiver, [field.Map]);
            }

            _c.Dependencies.Add(new Dependency(DependencyKind.ConstantField, field.Map.Number, field.Descriptor));
        }

        if (!_isReachable)
        {
            return;
        }

        NodeId value = ConstantOf(field.Value.Bits, field.Value.Number);
        if (field.Expected is not null)
        {
            _c.ExpectedCallees[value] = field.Expected;
        }

        _env.Accumulator = value;
    }

    /// <summary>Those accesses whose maps the object may have.</summary>
    private PropertyAccess[] Possible(NodeId receiver, PropertyAccess[] accesses)
    {
        MapSnapshot[]? known = Facts.MapsOf(receiver);
        return known is null ? accesses : [.. accesses.Where(a => known.Any(m => m.Address == a.Map.Address))];
    }

    private static bool CanLoad(PropertyAccess access) =>
        access.Kind is HandlerKind.InObject or HandlerKind.OutOfObject or HandlerKind.ArrayLength or HandlerKind.NonExistent or HandlerKind.Accessor or HandlerKind.TypedArrayLength ||
        (access.Kind == HandlerKind.StringLength && access.Map.IsString);

    private static bool SameWay(PropertyAccess a, PropertyAccess b) =>
        a.Kind == b.Kind && a.Payload == b.Payload && a.Holder == b.Holder && a.ValidityCell == b.ValidityCell && a.Accessor?.Function == b.Accessor?.Function;

    private NodeId PolymorphicLoad(NodeId receiver, NodeId map, PropertyAccess[] accesses, int index)
    {
        PropertyAccess access = accesses[index];
        if (index == accesses.Length - 1)
        {
            CheckMaps(receiver, [access.Map]);
            return _isReachable ? LoadBy(receiver, access) : NodeId.None;
        }

        return Diamond(
            TaggedEqual(map, Constant(access.Map.Number)),
            () =>
            {
                AssumeMaps(receiver, [access.Map]);
                return LoadBy(receiver, access);
            },
            () => PolymorphicLoad(receiver, map, accesses, index + 1));
    }

    private NodeId LoadBy(NodeId receiver, PropertyAccess access)
    {
        CheckValidity(access.ValidityCell);
        if (!_isReachable)
        {
            return NodeId.None;
        }

        if (access.HolderValue is { } constant)
        {
            return Expect(access, ConstantOf(constant.Bits, constant.Number));
        }

        NodeId holder = access.Holder >= 0 ? Constant(access.Holder) : receiver;
        const NodeType Property = NodeType.Any & ~(NodeType.Internal | NodeType.Hole);
        switch (access.Kind)
        {
            case HandlerKind.InObject:
                return Expect(access, Load(holder, access.Payload, Property));
            case HandlerKind.OutOfObject:
                NodeId properties = Load(holder, JSObject.PropertiesOffset, NodeType.Internal);
                return Expect(access, Load(properties, PropertyArray.SlotsOffset + (access.Payload * 8), Property));
            case HandlerKind.Accessor:
                return CallAccessor(access.Accessor!, receiver, [], mayInline: true);
            case HandlerKind.ArrayLength:
                return Facts.MapsOf(holder) is { } maps && maps.All(static m => m.Elements.IsFast()) ? ArrayLength(holder) : Load(holder, JSArray.LengthOffset, NodeType.Number);
            case HandlerKind.TypedArrayLength:
                return TypedArrayLength(receiver);
            case HandlerKind.StringLength:
                return LoadRaw(NodeOp.LoadInt32Field, holder, Name.LengthOffset, 0, Strings.MaxLength);
            default:
                return Undefined;
        }
    }

    /// <summary>A getter or setter, which the map and the chain's validity tell.</summary>
    private NodeId CallAccessor(CalleeSnapshot accessor, NodeId receiver, ReadOnlySpan<NodeId> arguments, bool mayInline)
    {
        if (mayInline && !accessor.IsClassConstructor && CanInline(accessor))
        {
            return Inline(accessor, receiver, arguments, Undefined);
        }

        return MakeCall(NodeOp.CallFunction, 0, [Constant(accessor.Function), Undefined, receiver, .. arguments]);
    }

    private NodeId Expect(PropertyAccess access, NodeId value)
    {
        if (access.Expected is not null)
        {
            _c.ExpectedCallees[value] = access.Expected;
        }

        return value;
    }

    private void LoadGeneric(NodeId receiver, int name, int slot)
    {
        if (TypeOf(receiver).Is(NodeType.Cell))
        {
            _env.Accumulator = CallStub(StubId.LoadICSlow, receiver, PoolConstant(name), Constant(_s.Vector), Int32(slot));
        }
        else
        {
            _env.Accumulator = CallStub(StubId.LoadICAny, receiver, PoolConstant(name), Constant(_s.Vector), Int32(slot));
        }
    }

    // ---- named stores ----------------------------------------------------------------------------------------

    private void NamedStore(NodeId receiver, int name, int slot, bool isDefinition)
    {
        _feedbackSlot = slot;
        SlotFeedback feedback = _s.Slots[slot];
        NodeId value = _env.Accumulator;
        receiver = Tagged(receiver);
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        PropertyAccess[] accesses = Possible(receiver, feedback.Accesses);
        if (feedback.State == SlotState.Megamorphic || accesses.Length == 0 || accesses.Any(static a => !CanStore(a)))
        {
            StubId stub = isDefinition ? StubId.DefineNamedOwnAny : StubId.StoreICAny;
            CallStub(stub, receiver, PoolConstant(name), Constant(_s.Vector), Int32(slot), value);
            return;
        }

        if (accesses.Length == 1)
        {
            CheckMaps(receiver, [accesses[0].Map]);
            if (_isReachable)
            {
                StoreBy(receiver, accesses[0], value);
            }

            return;
        }

        if (accesses.All(a => a.NewMap is null && SameWay(a, accesses[0])))
        {
            CheckMaps(receiver, [.. accesses.Select(static a => a.Map)]);
            if (_isReachable)
            {
                StoreBy(receiver, accesses[0], value);
            }

            return;
        }

        if (!TypeOf(receiver).Is(NodeType.Cell))
        {
            Guard(_g.Floating(NodeOp.IsCell, 0, receiver), DeoptimizeReason.NotAnObject);
            Refine(receiver, NodeType.Cell);
        }

        if (_isReachable)
        {
            PolymorphicStore(receiver, MapOf(receiver), accesses, 0, value);
        }
    }

    private static bool CanStore(PropertyAccess access) =>
        access.Kind is HandlerKind.InObject or HandlerKind.Accessor || (access.Kind == HandlerKind.OutOfObject && access.NewMap is null);

    private NodeId PolymorphicStore(NodeId receiver, NodeId map, PropertyAccess[] accesses, int index, NodeId value)
    {
        PropertyAccess access = accesses[index];
        if (index == accesses.Length - 1)
        {
            CheckMaps(receiver, [access.Map]);
            if (_isReachable)
            {
                StoreBy(receiver, access, value);
            }

            return Undefined;
        }

        return Diamond(
            TaggedEqual(map, Constant(access.Map.Number)),
            () =>
            {
                AssumeMaps(receiver, [access.Map]);
                StoreBy(receiver, access, value);
                return Undefined;
            },
            () => PolymorphicStore(receiver, map, accesses, index + 1, value));
    }

    private void StoreBy(NodeId receiver, PropertyAccess access, NodeId value)
    {
        CheckValidity(access.ValidityCell);
        if (!_isReachable)
        {
            return;
        }

        if (access.Kind == HandlerKind.Accessor)
        {
            // A frame that goes on behind the store gets what the setter returns for its accumulator: only where nobody reads that.
            CallAccessor(access.Accessor!, receiver, [value], mayInline: !_s.Liveness.Out(_offset).HasAccumulator);
            return;
        }

        if (access.Kind == HandlerKind.OutOfObject)
        {
            NodeId properties = Load(receiver, JSObject.PropertiesOffset, NodeType.Internal);
            Store(properties, PropertyArray.SlotsOffset + (access.Payload * 8), value);
            return;
        }

        if (access.NewMap is { } newMap)
        {
            // The value lies in its field before the map says so: no bail-out is possible in between.
            Store(receiver, access.Payload, value);
            StoreMap(receiver, newMap);
            return;
        }

        Store(receiver, access.Payload, value);
    }

    private void StoreMap(NodeId receiver, MapSnapshot newMap)
    {
        NodeId map = Constant(newMap.Number);
        _g.Append(_c.Block, NodeOp.StoreField, HeapObject.MapOffset, receiver, map);
        if (!Facts.IsUnescaped(receiver))
        {
            Facts.ClearMaps();
        }

        Facts.StoreField(receiver, HeapObject.MapOffset, map);
        Facts.SetMaps(receiver, [newMap]);
    }

    // ---- globals ---------------------------------------------------------------------------------------------

    private void GlobalLoad(int name, int slot, bool insideTypeof)
    {
        _feedbackSlot = slot;
        SlotFeedback feedback = _s.Slots[slot];
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if (feedback.State == SlotState.Megamorphic)
        {
            RuntimeId id = insideTypeof ? RuntimeId.LoadGlobalInsideTypeofICMiss : RuntimeId.LoadGlobalICMiss;
            _env.Accumulator = CallRuntime(id, PoolConstant(name), Constant(_s.Vector), Int32(slot));
            return;
        }

        if (feedback.ConstantValue is { } constant)
        {
            _c.Dependencies.Add(new Dependency(DependencyKind.GlobalConstant, feedback.Constant));
            _env.Accumulator = ConstantOf(constant.Bits, constant.Number);
            return;
        }

        NodeId cell = Constant(feedback.Constant);
        NodeId value = Load(cell, feedback.Offset);
        if (KindOf(value) == ValueKind.Tagged && TypeOf(value).Maybe(NodeType.Hole))
        {
            Guard(Not(TaggedEqual(value, Immediate(Value.HoleBits))), DeoptimizeReason.Hole);
            Refine(value, NodeType.Any & ~(NodeType.Hole | NodeType.Internal));
        }

        _env.Accumulator = value;
    }

    private void GlobalStore(int name, int slot)
    {
        _feedbackSlot = slot;
        SlotFeedback feedback = _s.Slots[slot];
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if (feedback.State == SlotState.Megamorphic)
        {
            CallRuntime(RuntimeId.StoreGlobalICMiss, PoolConstant(name), _env.Accumulator, Constant(_s.Vector), Int32(slot));
            return;
        }

        NodeId cell = Constant(feedback.Constant);
        NodeId old = Load(cell, feedback.Offset);
        if (KindOf(old) == ValueKind.Tagged && TypeOf(old).Maybe(NodeType.Hole))
        {
            Guard(Not(TaggedEqual(old, Immediate(Value.HoleBits))), DeoptimizeReason.Hole);
            Refine(old, NodeType.Any & ~NodeType.Hole);
        }

        if (_isReachable)
        {
            Store(cell, feedback.Offset, _env.Accumulator);
        }
    }
}
