using Segno.Builtins;
using Segno.Feedback;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Arrays: literals, construction, and the builtins that add and remove elements at their end.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>Longer backing stores are made by C#.</summary>
    public const int MaxInlineElements = 32;

    private NodeId AllocateDoubles(SnapshotValue[] values)
    {
        NodeId elements = Allocate(FixedDoubleArray.ElementsOffset + (values.Length * 8), _s.Realm.FixedDoubleArrayMap, NodeType.Internal);
        InitializeRaw(elements, FixedDoubleArray.LengthOffset, values.Length);
        InitializeRaw(elements, FixedDoubleArray.SpareOffset, 0);
        for (int i = 0; i < values.Length; i++)
        {
            StoreElement(elements, Int32(i), Float64(new Value(values[i].Bits).AsNumber), ElementHandler.Double);
        }

        return elements;
    }

    private NodeId AllocateArray(MapSnapshot map, NodeId elements, int length)
    {
        NodeId array = Allocate(JSArray.HeaderSize, map.Number, NodeType.Object);
        InitializeField(array, JSObject.PropertiesOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(array, JSObject.ElementsOffset, elements);
        InitializeField(array, JSArray.LengthOffset, Int32(length));
        Facts.SetMaps(array, [map]);
        return array;
    }

    private NodeId AllocateEmptyArray() => AllocateArray(_s.Realm.ArrayMap(ElementsKind.PackedSmi), Constant(_s.Realm.EmptyFixedArray), 0);

    private void CreateArrayLiteral(int description, int slot)
    {
        if (_s.Slots[slot].Boilerplate is not { } boilerplate)
        {
            _env.Accumulator = CallRuntime(RuntimeId.CreateArrayLiteral, PoolConstant(description), Constant(_s.Vector), Int32(slot));
            _g[_env.Accumulator].Type = NodeType.Object;
            return;
        }

        SnapshotValue[] values = boilerplate.Elements;
        NodeId elements = boilerplate.Map.Elements.IsDouble()
            ? AllocateDoubles(values)
            : NewList([.. values.Select(v => ConstantOf(v.Bits, v.Number))]);
        _env.Accumulator = AllocateArray(boilerplate.Map, elements, values.Length);
    }

    /// <summary>A computed element: the boilerplate has room for it, and elements of any kind, unless there are spreads in front.</summary>
    private void StoreInArrayLiteral(NodeId array, NodeId index)
    {
        NodeId value = _env.Accumulator;
        if (Facts.MapsOf(array) is [{ } map] && ClassOf(map.Elements) == 2 && map.Elements.IsFast()
            && _g[index].Op == NodeOp.Int32Constant && _g[ArrayLength(array)] is { Op: NodeOp.Int32Constant } length && _g[index].Immediate < length.Immediate)
        {
            StoreElement(Load(array, JSObject.ElementsOffset, NodeType.Internal), index, Tagged(value), ElementHandler.Tagged);
        }
        else
        {
            CallRuntime(RuntimeId.StoreInArrayLiteral, array, index, value);
        }
    }

    /// <summary>new Array(), or with a small constant length (ECMA-262, 23.1.1.1).</summary>
    private bool TryConstructArray(ReadOnlySpan<NodeId> arguments, out NodeId array)
    {
        array = NodeId.None;
        if (arguments.Length == 0)
        {
            array = AllocateEmptyArray();
            return true;
        }

        if (arguments.Length > 1 || _g[arguments[0]].Op != NodeOp.Int32Constant || _g[arguments[0]].Immediate is < 0 or > MaxInlineElements)
        {
            return false;
        }

        int length = (int)_g[arguments[0]].Immediate;
        NodeId elements = NewList([.. Enumerable.Repeat(Immediate(Value.HoleBits), length)]);
        array = length == 0 ? AllocateEmptyArray() : AllocateArray(_s.Realm.ArrayMap(ElementsKind.HoleySmi), elements, length);
        return true;
    }

    // ---- push and pop ----------------------------------------------------------------------------------------

    /// <summary>
    /// The maps of a receiver whose elements can be added and removed at the end by writing words: initial maps, which say that the array
    /// is extensible and its length writable, while no prototype has elements.
    /// </summary>
    private bool HasFastArrayMaps(NodeId receiver, out MapSnapshot[] maps)
    {
        maps = Facts.MapsOf(receiver) ?? [];
        return maps.Length > 0 && maps.All(_s.Realm.IsInitialArrayMap) && DependOnNoElements();
    }

    /// <summary>Relies on prototypes without elements, if there are none.</summary>
    private bool DependOnNoElements()
    {
        if (_s.Realm.HolesAreAbsent)
        {
            _c.Dependencies.Add(new Dependency(DependencyKind.ValidityCell, _s.Realm.NoElementsProtector));
        }

        return _s.Realm.HolesAreAbsent;
    }

    /// <summary>Array.prototype.push with one argument (23.1.3.23).</summary>
    private bool TryReducePush(NodeId push, NodeId receiver, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        if (arguments.Length != 1 || !HasFastArrayMaps(receiver, out MapSnapshot[] maps))
        {
            result = NodeId.None;
            return false;
        }

        NodeId value = arguments[0];
        MapSnapshot[] doubles = [.. maps.Where(static m => m.Elements.IsDouble())];
        MapSnapshot[] words = [.. maps.Except(doubles)];
        MapSnapshot[] smis = [.. words.Where(static m => m.Elements.IsSmi())];
        MapSnapshot[] general = [.. words.Except(smis)];
        bool isSmi = KindOf(value) == ValueKind.Int32 || TypeOf(value).Is(NodeType.Smi);
        result = IfMaps(
            receiver,
            doubles,
            words,
            () => Append(ToFloat64Checked(value), ElementHandler.Double),
            () => isSmi ? Append(Tagged(value), ElementHandler.Tagged)
                : TypeOf(value).Is(NodeType.Number) ? IfMaps(receiver, smis, general, Slow, () => Append(Tagged(value), ElementHandler.Tagged))
                : AppendAny());
        return true;

        // Elements that are Smis get general by the first that is none. Where that may be a number, it is taken to be a Smi.
        NodeId AppendAny()
        {
            NodeId isCell = _g.Floating(NodeOp.IsCell, 0, Tagged(value));
            bool mustBeCell = TypeOf(value).Is(NodeType.Cell);
            NodeId stored = mustBeCell || smis.Length == 0
                ? Tagged(value)
                : Diamond(
                    isCell,
                    () => Tagged(value),
                    () => IfMaps(receiver, smis, general, () => Tagged(ToInt32Checked(value)), () => Tagged(value)));
            return Append(stored, ElementHandler.Tagged, () => mustBeCell ? MakeGeneral() : Diamond(isCell, MakeGeneral, () => Undefined));
        }

        NodeId MakeGeneral()
        {
            foreach (MapSnapshot smi in smis)
            {
                MapSnapshot newMap = _s.Realm.ArrayMap(smi.Elements.IsHoley() ? ElementsKind.Holey : ElementsKind.Packed);
                MapSnapshot[] others = [.. Facts.MapsOf(receiver)!.Where(m => m != smi)];
                IfMaps(
                    receiver,
                    [smi],
                    others,
                    () =>
                    {
                        StoreMap(receiver, newMap);
                        return Undefined;
                    },
                    () => Undefined);
            }

            return Undefined;
        }

        NodeId Append(NodeId stored, ElementHandler handler, Func<NodeId>? changeKind = null)
        {
            if (!_isReachable)
            {
                return NodeId.None;
            }

            NodeId index = ArrayLength(receiver);
            NodeId elements = ElementsWithRoom(receiver, index, handler);
            if (!_isReachable)
            {
                return NodeId.None;
            }

            changeKind?.Invoke();
            StoreElement(elements, index, stored, handler);
            TryInt32Exactly(NodeOp.Float64Add, index, Int32(1), needsZeroSign: true, out NodeId length);
            Store(receiver, JSArray.LengthOffset, length);
            return Tagged(length);
        }

        NodeId Slow() => MakeCall(NodeOp.CallFunction, 0, [push, Undefined, receiver, value]);
    }

    /// <summary>The elements of an array, larger ones if they have no room at an index that is its length.</summary>
    private NodeId ElementsWithRoom(NodeId array, NodeId index, ElementHandler handler)
    {
        NodeId elements = Load(array, JSObject.ElementsOffset, NodeType.Internal);
        if (handler != ElementHandler.Double && elements == Constant(_s.Realm.EmptyFixedArray) && _g[index] is { Op: NodeOp.Int32Constant, Immediate: 0 })
        {
            NodeId first = NewList([.. Enumerable.Repeat(Immediate(Value.HoleBits), Elements.FirstCapacity)]);
            Store(array, JSObject.ElementsOffset, first);
            return first;
        }

        NodeId result = Diamond(LessThanUnsigned(index, ElementsLength(elements)), () => elements, Grow, isSeldomFalse: true);
        if (_isReachable)
        {
            Facts.SetField(array, JSObject.ElementsOffset, result);
        }

        return result;

        NodeId Grow()
        {
            // The stub has no frame state to throw from: an array as long as can be is the builtin's.
            Guard(LessThanUnsigned(index, Int32(Agent.MaxBackingStoreLength - 1)), DeoptimizeReason.OutOfBounds);
            if (!_isReachable)
            {
                return NodeId.None;
            }

            // It calls back nobody, and no frame is left at it: the array and its new store do not change each other's meaning.
            Escape(array);
            NodeId grown = _g.Append(_c.Block, NodeOp.CallStub, (long)StubId.GrowElements, array);
            _g[grown].Type = NodeType.Internal;
            Facts.StoreField(array, JSObject.ElementsOffset, grown);
            return grown;
        }
    }

    /// <summary>Array.prototype.pop (23.1.3.22) of elements that are not doubles.</summary>
    private bool TryReducePop(NodeId receiver, out NodeId result)
    {
        result = NodeId.None;
        if (!HasFastArrayMaps(receiver, out MapSnapshot[] maps) || maps.Any(static m => m.Elements.IsDouble()))
        {
            return false;
        }

        NodeId length = ArrayLength(receiver);
        result = Diamond(
            CompareInt32(Bytecode.Opcode.TestEqual, length, Int32(0)),
            () => Undefined,
            () =>
            {
                NodeId index = Bounded(Pure(NodeOp.Int32Sub, length, Int32(1)), 0, Agent.MaxBackingStoreLength);
                NodeId elements = Load(receiver, JSObject.ElementsOffset, NodeType.Internal);
                NodeType type = maps.All(static m => m.Elements.IsSmi()) ? NodeType.Smi : NodeType.Any & ~(NodeType.Internal | NodeType.Hole);
                bool isHoley = maps.Any(static m => m.Elements.IsHoley());
                NodeId element = ElementAt(elements, index, isHoley ? type | NodeType.Hole : type);

                // Behind its length a store holds holes.
                StoreElement(elements, index, Immediate(Value.HoleBits), ElementHandler.Tagged);
                Store(receiver, JSArray.LengthOffset, index);
                return isHoley ? HoleToUndefined(element, type) : element;
            });
        return true;
    }

    private NodeId HoleToUndefined(NodeId element, NodeType type)
    {
        NodeId value = Diamond(TaggedEqual(element, Immediate(Value.HoleBits)), () => Undefined, () => element);
        Refine(value, type | NodeType.Undefined);
        return value;
    }

    private NodeId LessThanUnsigned(NodeId left, NodeId right) =>
        _g[left].Op == NodeOp.Int32Constant && _g[right].Op == NodeOp.Int32Constant
            ? BitConstant((uint)_g[left].Immediate < (uint)_g[right].Immediate)
            : _g.Floating(NodeOp.Uint32LessThan, 0, left, right);
}
