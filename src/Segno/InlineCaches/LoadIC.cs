using Segno.Bytecode;
using Segno.Feedback;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.InlineCaches;

/// <summary>
/// Misses of named loads: finds the property, remembers how in the slot, answers the value. What cannot be cached gets no
/// handler and is looked up each time.
/// </summary>
internal static class LoadIC
{
    public static Value Miss(Agent agent, Value receiver, Name name, FeedbackVector vector, int slot)
    {
        if (receiver.IsNullOrUndefined)
        {
            throw agent.TypeError($"Cannot read properties of {(receiver.IsNull ? "null" : "undefined")} (reading '{new PropertyKey(name).ToDebugString()}')");
        }

        if (receiver.IsCell)
        {
            Map map = new JSObject(receiver.Bits).Map;
            if (AccessorHandlers.FindGetter(vector, slot, map) is { IsNull: false } getter)
            {
                return ObjectOperations.Call(agent, getter, receiver);
            }

            Value handler = ComputeHandler(agent, map, receiver, name);
            if (!handler.IsAbsent)
            {
                FeedbackSlots.Update(agent, vector, slot, map, handler, name, isStore: false);
            }
            else
            {
                FeedbackSlots.ReportUncached(agent, vector, slot, name, map);
            }
        }

        return ObjectOperations.GetV(agent, receiver, new PropertyKey(name));
    }

    /// <summary>The handler for a property of objects with this map, or absent (IC-1: what it assumes follows from the map and the validity cell).</summary>
    private static Value ComputeHandler(Agent agent, Map map, Value receiver, Name name)
    {
        if (receiver.IsString)
        {
            return name.Address == Names.Length.Address ? Value.FromInt32(HandlerEncoding.Make(HandlerKind.StringLength)) : StringMethod(agent, map, name);
        }

        if (!receiver.IsReceiver)
        {
            return Value.Absent;
        }

        var holder = new JSObject(receiver.Bits);
        bool isOwn = true;
        while (true)
        {
            Map holderMap = holder.Map;
            if (TypedArrays.MayHide(holderMap, name))
            {
                return Value.Absent;
            }

            if (Properties.GetOwnNamed(agent, holder, name, out OwnProperty property))
            {
                if (isOwn)
                {
                    return property.IsAccessor ? OwnAccessor(agent, holder, property) : OwnHandler(property, holderMap);
                }

                return HolderHandler(agent, map, holder, property);
            }

            if (holderMap.IsDictionary() && isOwn)
            {
                return Value.Absent; // the map does not say what a dictionary lacks
            }

            if (!JSObject.TryAs(holderMap.Prototype, out JSObject next))
            {
                return NonExistent(agent, map);
            }

            holder = next;
            isOwn = false;
        }
    }

    /// <summary>Strings find their methods on String.prototype, under its validity.</summary>
    private static Value StringMethod(Agent agent, Map map, Name name)
    {
        if (!JSObject.TryAs(agent.Realm.StringPrototype, out JSObject prototype) || prototype.Map.IsDictionary() || !Properties.GetOwnNamed(agent, prototype, name, out OwnProperty property) || property.Location != PropertyLocation.Field)
        {
            return Value.Absent;
        }

        return MakeHandler(agent, FieldHandler(property, prototype.Map), Prototypes.ValidityCellOf(agent, prototype), prototype);
    }

    /// <summary>The encoding of a field of objects with a map.</summary>
    public static int FieldHandler(in OwnProperty property, Map map)
    {
        int capacity = map.InObjectCapacity();
        return property.Index < capacity
            ? HandlerEncoding.InObject((map.InObjectStartInWords + property.Index) * 8)
            : HandlerEncoding.Make(HandlerKind.OutOfObject, property.Index - capacity);
    }

    private static Value OwnHandler(scoped in OwnProperty property, Map map)
    {
        switch (property.Location)
        {
            case PropertyLocation.Field:
                return Value.FromInt32(FieldHandler(property, map));
            case PropertyLocation.Descriptor when property.IsComputed && (AccessorInfoId)new AccessorInfo(property.Raw.Bits).Id == AccessorInfoId.ArrayLength:
                return Value.FromInt32(HandlerEncoding.Make(HandlerKind.ArrayLength));
            case PropertyLocation.Descriptor when property.IsComputed && (AccessorInfoId)new AccessorInfo(property.Raw.Bits).Id == AccessorInfoId.FunctionPrototype:
                return Value.FromInt32(HandlerEncoding.Make(HandlerKind.FunctionPrototype));
            default:
                return Value.Absent;
        }
    }

    /// <summary>The map says which accessor an object has, unless it is a dictionary.</summary>
    private static Value OwnAccessor(Agent agent, JSObject obj, scoped in OwnProperty property) =>
        property.Location == PropertyLocation.Descriptor && AccessorHandlers.GetterOf(property) is { IsNull: false } getter
            ? MakeHandler(agent, HandlerEncoding.Make(HandlerKind.Accessor), AccessorHandlers.ValidityOfOwn(agent, obj), getter)
            : Value.Absent;

    private static Value HolderHandler(Agent agent, Map map, JSObject holder, scoped in OwnProperty property)
    {
        if (property.IsAccessor)
        {
            if (map.TypeOf() == InstanceType.JSTypedArray && AccessorHandlers.GetterOf(property) is { IsNull: false } own && own.Address == agent.Realm.TypedArrayLengthGetter.Bits)
            {
                return Prototypes.ValidityCellFor(agent, map) is { IsUndefined: false } cellOfLength
                    ? MakeHandler(agent, HandlerEncoding.Make(HandlerKind.TypedArrayLength), cellOfLength, Value.Undefined)
                    : Value.Absent;
            }

            return AccessorHandlers.GetterOf(property) is { IsNull: false } getter && Prototypes.ValidityCellFor(agent, map) is { IsUndefined: false } validity
                ? MakeHandler(agent, HandlerEncoding.Make(HandlerKind.Accessor), validity, getter)
                : Value.Absent;
        }

        if (property.Location != PropertyLocation.Field)
        {
            return Value.Absent;
        }

        int field = FieldHandler(property, holder.Map);
        Value cell = Prototypes.ValidityCellFor(agent, map);
        return cell.IsUndefined ? Value.Absent : MakeHandler(agent, field, cell, holder);
    }

    private static Value NonExistent(Agent agent, Map map)
    {
        Value cell = Prototypes.ValidityCellFor(agent, map);
        return cell.IsUndefined ? Value.Absent : MakeHandler(agent, HandlerEncoding.Make(HandlerKind.NonExistent), cell, Value.Undefined);
    }

    private static Value MakeHandler(Agent agent, int smiHandler, Value validityCell, Value holder)
    {
        LoadHandler handler = agent.NewLoadHandler();
        handler.InitSmiHandler(Value.FromInt32(smiHandler));
        handler.InitValidityCell(validityCell);
        handler.InitHolder(holder);
        return handler;
    }
}
