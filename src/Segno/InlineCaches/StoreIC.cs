using Segno.Bytecode;
using Segno.Feedback;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.InlineCaches;

/// <summary>Misses of named stores and of definitions in literals.</summary>
internal static class StoreIC
{
    public static void Miss(Agent agent, Value receiver, Name name, Value value, FeedbackVector vector, int slot)
    {
        bool isStrict = KindOf(vector, slot).IsStrictStore();
        if (!receiver.IsReceiver || TypedArrays.MayHide(new JSObject(receiver.Bits).Map, name))
        {
            ObjectOperations.Put(agent, receiver, new PropertyKey(name), value, isStrict);
            return;
        }

        var obj = new JSObject(receiver.Bits);
        Map before = obj.Map;
        if (AccessorHandlers.FindSetter(vector, slot, before) is { IsNull: false } known)
        {
            ObjectOperations.Call(agent, known, receiver, value);
            return;
        }

        if (FindAccessor(agent, obj, name, out bool isOwn, out OwnProperty accessor))
        {
            CacheSetter(agent, obj, accessor, isOwn, name, vector, slot);
            ObjectOperations.Put(agent, receiver, new PropertyKey(name), value, isStrict);
            return;
        }

        if (Properties.GetOwnNamed(agent, obj, name, out OwnProperty own))
        {
            if (own.Location == PropertyLocation.Field && (own.Attributes & PropertyAttributes.ReadOnly) == 0)
            {
                Properties.WriteData(agent, own, value);
                if (Prototypes.MayCacheStores(before))
                {
                    FeedbackSlots.Update(agent, vector, slot, before, Value.FromInt32(FieldHandler(before, own.Index)), name, isStore: true);
                }

                return;
            }

            FeedbackSlots.ReportUncached(agent, vector, slot, name, before);
            ObjectOperations.Put(agent, receiver, new PropertyKey(name), value, isStrict);
            return;
        }

        bool canAdd = CanAddSimply(agent, obj, name);
        ObjectOperations.Put(agent, receiver, new PropertyKey(name), value, isStrict);
        if (canAdd)
        {
            CacheTransition(agent, obj, before, name, vector, slot);
        }
        else
        {
            FeedbackSlots.ReportUncached(agent, vector, slot, name, before);
        }
    }

    /// <summary>DefineNamedOwnProperty: creates or overwrites an own data property, whatever the prototypes say.</summary>
    public static void DefineOwnMiss(Agent agent, Value receiver, Name name, Value value, FeedbackVector vector, int slot)
    {
        var obj = new JSObject(receiver.Bits);
        Map before = obj.Map;
        if (Properties.TryInitialize(agent, obj, new PropertyKey(name), value))
        {
            Properties.GetOwnNamed(agent, obj, name, out OwnProperty own);
            // Without the name: other stores, for which the field becomes a variable, must not find the handler.
            FeedbackSlots.Update(agent, vector, slot, before, Value.FromInt32(FieldHandler(before, own.Index)), default, isStore: true);
            return;
        }

        ObjectOperations.CreateDataPropertyOrThrow(agent, obj, new PropertyKey(name), value);
    }

    /// <summary>Whether the first property of the name on the chain is an accessor.</summary>
    private static bool FindAccessor(Agent agent, JSObject obj, Name name, out bool isOwn, out OwnProperty property)
    {
        isOwn = true;
        property = default;
        for (JSObject holder = obj; !TypedArrays.MayHide(holder.Map, name); isOwn = false)
        {
            if (Properties.GetOwnNamed(agent, holder, name, out property))
            {
                return property.IsAccessor;
            }

            if (!JSObject.TryAs(holder.Map.Prototype, out holder))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Remembers the setter, where map and chain say that it is the one.</summary>
    private static void CacheSetter(Agent agent, JSObject obj, scoped in OwnProperty property, bool isOwn, Name name, FeedbackVector vector, int slot)
    {
        Map map = obj.Map;
        JSFunction setter = AccessorHandlers.SetterOf(property);
        bool isFixed = isOwn ? property.Location == PropertyLocation.Descriptor : !map.IsDictionary();
        if (setter.IsNull || !isFixed)
        {
            FeedbackSlots.ReportUncached(agent, vector, slot, name, map);
            return;
        }

        StoreHandler handler = agent.NewStoreHandler();
        handler.InitSmiHandler(Value.FromInt32(HandlerEncoding.Make(HandlerKind.Accessor)));
        handler.InitValidityCell(isOwn ? AccessorHandlers.ValidityOfOwn(agent, obj) : Prototypes.ValidityCellFor(agent, map));
        handler.InitNewMap(setter);
        FeedbackSlots.Update(agent, vector, slot, obj.Map, handler, name, isStore: true);
    }

    public static FeedbackSlotKind KindOf(FeedbackVector vector, int slot) =>
        (FeedbackSlotKind)FeedbackKinds(vector, slot);

    private static unsafe byte FeedbackKinds(FeedbackVector vector, int slot) => FeedbackMetadata.Cast(vector.Shared.FeedbackMetadata).Kinds[slot];

    private static int FieldHandler(Map map, int field)
    {
        int capacity = map.InObjectCapacity();
        return field < capacity
            ? HandlerEncoding.InObject((map.InObjectStartInWords + field) * 8)
            : HandlerEncoding.Make(HandlerKind.OutOfObject, field - capacity);
    }

    /// <summary>
    /// The addition of the property depends on nothing but the maps on the chain: none knows the name, or the first that does
    /// has a writable data property, which an own one shadows.
    /// </summary>
    private static bool CanAddSimply(Agent agent, JSObject obj, Name name)
    {
        Map map = obj.Map;
        if (map.IsDictionary() || !map.IsExtensible() || map.Has(MapFlags.Prototype))
        {
            return false;
        }

        for (Value prototype = map.Prototype; JSObject.TryAs(prototype, out JSObject holder); prototype = holder.Map.Prototype)
        {
            if (TypedArrays.MayHide(holder.Map, name))
            {
                return false;
            }

            if (Properties.GetOwnNamed(agent, holder, name, out OwnProperty shadowed))
            {
                return !shadowed.IsAccessor && !shadowed.IsComputed && (shadowed.Attributes & PropertyAttributes.ReadOnly) == 0;
            }
        }

        return true;
    }

    private static void CacheTransition(Agent agent, JSObject obj, Map before, Name name, FeedbackVector vector, int slot)
    {
        Map after = obj.Map;
        if (after.IsDictionary() || after.FieldCount != before.FieldCount + 1 || after.Has(MapFlags.Prototype) || before.IsDictionary())
        {
            return;
        }

        int handler = FieldHandler(after, after.FieldCount - 1);
        Value cell = Prototypes.ValidityCellFor(agent, before);
        if (cell.IsUndefined)
        {
            if (!before.Prototype.IsNull)
            {
                return;
            }

            cell = agent.NewCell(Value.True);
        }

        StoreHandler transition = agent.NewStoreHandler();
        transition.InitSmiHandler(Value.FromInt32(handler));
        transition.InitValidityCell(cell);
        transition.InitNewMap(after);
        FeedbackSlots.Update(agent, vector, slot, before, transition, name, isStore: true);
    }
}
