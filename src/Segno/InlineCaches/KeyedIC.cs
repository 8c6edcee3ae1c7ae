using Segno.Feedback;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.InlineCaches;

/// <summary>Misses of keyed accesses.</summary>
internal static class KeyedIC
{
    public static Value LoadMiss(Agent agent, Value receiver, Value key, FeedbackVector vector, int slot)
    {
        if (receiver.IsNullOrUndefined)
        {
            throw NoProperties(agent, receiver, key);
        }

        if (JSString.TryAs(receiver, out JSString text) && TryIndex(key, out uint character) && character < (uint)text.Length)
        {
            return agent.SingleCharacterString(text.CharAt(agent, (int)character));
        }

        if (receiver.IsReceiver)
        {
            var obj = new JSObject(receiver.Bits);
            Map map = obj.Map;
            if (TryIndex(key, out uint index))
            {
                if (JSTypedArray.TryAs(receiver, out JSTypedArray typed))
                {
                    if (index < (uint)typed.CurrentLength())
                    {
                        FeedbackSlots.Update(agent, vector, slot, map, Value.FromInt32((int)ElementHandler.Typed), default, isStore: false);
                        return TypedArrays.Get(agent, typed, (int)index);
                    }

                    return Value.Undefined;
                }

                if (map.Kind().IsFast() && !map.Has(MapFlags.Exotic))
                {
                    FeedbackSlots.Update(agent, vector, slot, map, Value.Zero, default, isStore: false);
                    Value fast = Elements.GetFast(obj, map.Kind(), index);
                    if (!fast.IsHole)
                    {
                        return fast;
                    }
                }
            }
            else if (key.IsName && vector.GetSlots(slot).Bits != FeedbackSentinels.Megamorphic)
            {
                // Names as keys go through the stub cache.
                FeedbackSlots.SetMegamorphic(agent, vector, slot);
            }
        }

        if (!PropertyKey.TryFrom(agent, key, out PropertyKey property))
        {
            property = Conversions.ToPropertyKey(agent, key);
        }

        return ObjectOperations.GetV(agent, receiver, property);
    }

    /// <summary>The key of a reference that is read and then written: converted once, and not before the object turns out to have properties (13.15.2, 6.2.5.5).</summary>
    public static Value ToReferencedName(Agent agent, Value receiver, Value key)
    {
        if (receiver.IsNullOrUndefined)
        {
            throw NoProperties(agent, receiver, key);
        }

        PropertyKey property = Conversions.ToPropertyKey(agent, key);
        return property.IsIndex ? Value.FromUInt32(property.Index) : property.Name;
    }

    private static Exception NoProperties(Agent agent, Value receiver, Value key)
    {
        string reading = PropertyKey.TryFrom(agent, key, out PropertyKey named) ? $" (reading '{named.ToDebugString()}')" : "";
        return agent.TypeError($"Cannot read properties of {(receiver.IsNull ? "null" : "undefined")}{reading}");
    }

    private static bool TryIndex(Value key, out uint index)
    {
        if (key.IsSmi)
        {
            index = (uint)key.AsInt32;
            return key.AsInt32 >= 0;
        }

        if (key.IsNumber)
        {
            double number = key.AsNumber;
            index = (uint)number;
            return index == number && index <= PropertyKey.MaxIndex;
        }

        index = 0;
        return false;
    }

    public static void StoreMiss(Agent agent, Value receiver, Value key, Value value, FeedbackVector vector, int slot)
    {
        bool isStrict = Bytecode.FeedbackSlotKinds.IsStrictStore(StoreIC.KindOf(vector, slot));
        if (receiver.IsReceiver && TryIndex(key, out uint index))
        {
            var obj = new JSObject(receiver.Bits);
            Map before = obj.Map;
            if (JSTypedArray.TryAs(receiver, out JSTypedArray typed))
            {
                StoreTyped(agent, typed, index, value, vector, slot);
                return;
            }

            bool grows = JSArray.TryAs(receiver, out JSArray array) && index >= array.Length.AsNumber;
            StoreElement(agent, obj, index, value, isStrict);
            if (obj.Map != (Value)before)
            {
                // Such objects come here, too: who knows only what they become takes each for a surprise.
                Remember(agent, vector, slot, before, grows);
            }

            Remember(agent, vector, slot, obj.Map, grows);
            return;
        }

        PropertyKey property = PropertyKey.TryFrom(agent, key, out PropertyKey simple) && !receiver.IsNullOrUndefined ? simple : Conversions.ToPropertyKey(agent, key);
        ObjectOperations.Put(agent, receiver, property, value, isStrict);
    }

    /// <summary>What emitted code cannot store, or lies outside, is no reason to remember the map.</summary>
    private static void StoreTyped(Agent agent, JSTypedArray array, uint index, Value value, FeedbackVector vector, int slot)
    {
        if (value.IsNumber && index < (uint)array.CurrentLength() && vector.GetSlots(slot).Bits != FeedbackSentinels.Megamorphic)
        {
            FeedbackSlots.Update(agent, vector, slot, ((JSObject)array).Map, Value.FromInt32((int)ElementHandler.Typed), default, isStore: true);
        }

        TypedArrayOperations.SetElement(agent, array, index, value);
    }

    private static void Remember(Agent agent, FeedbackVector vector, int slot, Map map, bool grows)
    {
        ElementHandler handler = HandlerFor(agent, map);
        if ((handler & ElementHandler.ArrayFlag) != 0 && (grows || HasGrown(vector, slot, map)))
        {
            handler |= ElementHandler.GrowFlag;
        }

        if (handler != ElementHandler.Slow && vector.GetSlots(slot).Bits != FeedbackSentinels.Megamorphic)
        {
            FeedbackSlots.Update(agent, vector, slot, map, Value.FromInt32((int)handler), default, isStore: true);
        }
    }

    /// <summary>Whether the slot has seen an array of the map grow.</summary>
    private static bool HasGrown(FeedbackVector vector, int slot, Map map)
    {
        Value first = vector.GetSlots(slot);
        if (first == (Value)map)
        {
            return Grows(vector.GetSlots(slot + 1));
        }

        if (FixedArray.TryAs(first, out FixedArray pairs))
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                if (pairs.GetElements(i) == (Value)map)
                {
                    return Grows(pairs.GetElements(i + 1));
                }
            }
        }

        return false;
    }

    private static bool Grows(Value handler) => handler.IsSmi && (handler.AsInt32 & (int)ElementHandler.GrowFlag) != 0;

    private static void StoreElement(Agent agent, JSObject obj, uint index, Value value, bool isStrict)
    {
        // An own writable element, or an addition that no prototype can see.
        if (!obj.Map.Has(MapFlags.Exotic) && obj.Map.Kind().IsFast())
        {
            if (Elements.GetOwn(agent, obj, index, out OwnProperty own))
            {
                Elements.Write(agent, own, value);
                return;
            }

            bool isArray = obj.Map.TypeOf() == InstanceType.JSArray;
            if (obj.Map.IsExtensible() && !obj.Map.Has(MapFlags.Prototype) && NoElementsOnPrototypes(agent, obj) && (!isArray || Elements.CanGrowTo(agent, new JSArray(obj.Address), index)) && index <= PropertyKey.MaxIndex)
            {
                Elements.Add(agent, obj, index, value, PropertyAttributes.None);
                return;
            }
        }

        ObjectOperations.Put(agent, obj, new PropertyKey(index), value, isStrict);
    }

    /// <summary>Nothing on the chain has elements, so that a missing one is simply added.</summary>
    private static bool NoElementsOnPrototypes(Agent agent, JSObject obj)
    {
        for (Value prototype = obj.Map.Prototype; JSObject.TryAs(prototype, out JSObject holder); prototype = holder.Map.Prototype)
        {
            if (holder.Map.Has(MapFlags.Exotic) || holder.Elements != ReadOnlyRoots.Get(RootId.EmptyFixedArray))
            {
                return false;
            }
        }

        return true;
    }

    private static ElementHandler HandlerFor(Agent agent, Map map)
    {
        if (map.Has(MapFlags.Exotic) || map.Has(MapFlags.Prototype) || !map.Kind().IsFast() || !map.IsExtensible())
        {
            return ElementHandler.Slow;
        }

        // Holes are filled inline only while no prototype has elements: checked by maps of arrays and plain objects alone.
        bool isArray = map.TypeOf() == InstanceType.JSArray;
        for (Value prototype = map.Prototype; JSObject.TryAs(prototype, out JSObject holder); prototype = holder.Map.Prototype)
        {
            if (holder.Map.Has(MapFlags.Exotic) || holder.Elements != ReadOnlyRoots.Get(RootId.EmptyFixedArray))
            {
                return ElementHandler.Slow;
            }
        }

        if (isArray && !LengthIsPlain(agent, map))
        {
            return ElementHandler.Slow;
        }

        ElementHandler kind = map.Kind().IsDouble() ? ElementHandler.Double : map.Kind().IsSmi() ? ElementHandler.Smi : ElementHandler.Tagged;
        return isArray ? kind | ElementHandler.ArrayFlag : kind;
    }

    private static bool LengthIsPlain(Agent agent, Map map)
    {
        int index = Descriptors.Search(agent, map, Names.Length);
        return index >= 0 && !map.Descriptors.Details(index).IsReadOnly;
    }
}
