using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The Object constructor (ECMA-262, 20.1.1 and 20.1.2).</summary>
internal static class ObjectConstructor
{
    // 20.1.1.1 Object
    [Builtin("global", "Object", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (args.IsConstruct && args.NewTarget != (Value)args.Function)
        {
            return ObjectOperations.OrdinaryCreateFromConstructor(agent, args.NewTarget, Map.Cast(agent.Realm.ObjectMap));
        }

        Value value = args[0];
        return value.IsNullOrUndefined ? agent.NewPlainObject() : Conversions.ToObject(agent, value);
    }

    // 20.1.2.1 Object.assign
    [Builtin("Object", "assign", Length = 2)]
    public static Value Assign(Agent agent, Arguments args)
    {
        JSObject target = Conversions.ToObject(agent, args[0]);
        for (int i = 1; i < args.Count; i++)
        {
            if (args[i].IsNullOrUndefined)
            {
                continue;
            }

            JSObject source = Conversions.ToObject(agent, args[i]);
            FixedArray keys = ObjectOperations.OwnPropertyKeys(agent, source);
            for (int k = 0; k < keys.Length; k++)
            {
                PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(k).Bits));
                if (ObjectOperations.IsOwnEnumerable(agent, source, key))
                {
                    ObjectOperations.SetOrThrow(agent, target, key, ObjectOperations.Get(agent, source, key));
                }
            }
        }

        return target;
    }

    // 20.1.2.2 Object.create
    [Builtin("Object", "create", Length = 2)]
    public static Value Create(Agent agent, Arguments args)
    {
        Value prototype = args[0];
        if (!prototype.IsReceiver && !prototype.IsNull)
        {
            throw agent.TypeError("Object prototype may only be an Object or null: " + Display.ForMessage(agent, prototype));
        }

        JSObject obj = ObjectOperations.OrdinaryObjectCreate(agent, prototype);
        if (!args[1].IsUndefined)
        {
            DefineAll(agent, obj, args[1]);
        }

        return obj;
    }

    // 20.1.2.3 Object.defineProperties
    [Builtin("Object", "defineProperties", Length = 2)]
    public static Value DefineProperties(Agent agent, Arguments args)
    {
        JSObject obj = RequireObject(agent, args[0], "Object.defineProperties");
        DefineAll(agent, obj, args[1]);
        return obj;
    }

    // 20.1.2.3.1 ObjectDefineProperties
    private static void DefineAll(Agent agent, JSObject obj, Value properties)
    {
        JSObject source = Conversions.ToObject(agent, properties);
        FixedArray keys = ObjectOperations.OwnPropertyKeys(agent, source);
        // All descriptors are read before the first is applied; each is kept as a completed descriptor object.
        using var descriptors = new ValueList(agent.Heap);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits));
            if (ObjectOperations.IsOwnEnumerable(agent, source, key))
            {
                PropertyDescriptor descriptor = PropertyDescriptors.ToPropertyDescriptor(agent, ObjectOperations.Get(agent, source, key));
                descriptors.Add(keys.GetElements(i));
                descriptors.Add(PropertyDescriptors.FromPropertyDescriptor(agent, descriptor));
            }
        }

        for (int i = 0; i < descriptors.Count; i += 2)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(descriptors[i].Bits));
            ObjectOperations.DefinePropertyOrThrow(agent, obj, key, PropertyDescriptors.ReadBack(agent, JSObject.Cast(descriptors[i + 1])));
        }
    }

    // 20.1.2.4 Object.defineProperty
    [Builtin("Object", "defineProperty", Length = 3)]
    public static Value DefineProperty(Agent agent, Arguments args)
    {
        JSObject obj = RequireObject(agent, args[0], "Object.defineProperty");
        PropertyKey key = Conversions.ToPropertyKey(agent, args[1]);
        PropertyDescriptor descriptor = PropertyDescriptors.ToPropertyDescriptor(agent, args[2]);
        ObjectOperations.DefinePropertyOrThrow(agent, obj, key, descriptor);
        return obj;
    }

    // 20.1.2.5 Object.entries
    [Builtin("Object", "entries", Length = 1)]
    public static Value Entries(Agent agent, Arguments args) =>
        ObjectOperations.EnumerableOwnProperties(agent, Conversions.ToObject(agent, args[0]), ObjectOperations.EnumerationKind.Entries);

    // 20.1.2.6 Object.freeze
    [Builtin("Object", "freeze", Length = 1)]
    public static Value Freeze(Agent agent, Arguments args)
    {
        if (JSObject.TryAs(args[0], out JSObject obj) && !ObjectOperations.SetIntegrityLevel(agent, obj, IntegrityLevel.Frozen))
        {
            throw agent.TypeError("Cannot freeze");
        }

        return args[0];
    }

    // 20.1.2.7 Object.fromEntries
    [Builtin("Object", "fromEntries", Length = 1)]
    public static Value FromEntries(Agent agent, Arguments args)
    {
        if (args[0].IsNullOrUndefined)
        {
            throw agent.TypeError(Display.ForMessage(agent, args[0]) + " is not iterable");
        }

        JSObject obj = agent.NewPlainObject();
        IteratorRecord record = Iterators.GetIterator(agent, args[0]);
        JSException? failure = null;
        try
        {
            while (Iterators.StepValue(agent, ref record, out Value item))
            {
                JSObject entry = JSObject.TryAs(item, out JSObject pair) ? pair : throw agent.TypeError("Iterator value " + Display.ForMessage(agent, item) + " is not an entry object");
                Value key = ObjectOperations.Get(agent, entry, 0);
                Value value = ObjectOperations.Get(agent, entry, 1);
                ObjectOperations.CreateDataPropertyOrThrow(agent, obj, Conversions.ToPropertyKey(agent, key), value);
            }
        }
        catch (JSException exception)
        {
            failure = exception;
        }

        if (failure != null)
        {
            Iterators.CloseSilently(agent, record);
            throw failure;
        }

        return obj;
    }

    // 20.1.2.8 Object.getOwnPropertyDescriptor
    [Builtin("Object", "getOwnPropertyDescriptor", Length = 2)]
    public static Value GetOwnPropertyDescriptor(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args[0]);
        PropertyKey key = Conversions.ToPropertyKey(agent, args[1]);
        return ObjectOperations.GetOwnProperty(agent, obj, key, out PropertyDescriptor descriptor) ? PropertyDescriptors.FromPropertyDescriptor(agent, descriptor) : Value.Undefined;
    }

    // 20.1.2.9 Object.getOwnPropertyDescriptors
    [Builtin("Object", "getOwnPropertyDescriptors", Length = 1)]
    public static Value GetOwnPropertyDescriptors(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args[0]);
        JSObject result = agent.NewPlainObject();
        FixedArray keys = ObjectOperations.OwnPropertyKeys(agent, obj);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits));
            if (ObjectOperations.GetOwnProperty(agent, obj, key, out PropertyDescriptor descriptor))
            {
                ObjectOperations.CreateDataPropertyOrThrow(agent, result, key, PropertyDescriptors.FromPropertyDescriptor(agent, descriptor));
            }
        }

        return result;
    }

    // 20.1.2.10 Object.getOwnPropertyNames
    [Builtin("Object", "getOwnPropertyNames", Length = 1)]
    public static Value GetOwnPropertyNames(Agent agent, Arguments args) =>
        agent.NewArray(ObjectOperations.OwnPropertyKeys(agent, Conversions.ToObject(agent, args[0]), KeyFilter.Strings));

    // 20.1.2.11 Object.getOwnPropertySymbols
    [Builtin("Object", "getOwnPropertySymbols", Length = 1)]
    public static Value GetOwnPropertySymbols(Agent agent, Arguments args) =>
        agent.NewArray(ObjectOperations.OwnPropertyKeys(agent, Conversions.ToObject(agent, args[0]), KeyFilter.Symbols));

    // 20.1.2.12 Object.getPrototypeOf
    [Builtin("Object", "getPrototypeOf", Length = 1)]
    public static Value GetPrototypeOf(Agent agent, Arguments args) => ObjectOperations.GetPrototypeOf(agent, Conversions.ToObject(agent, args[0]));

    // 20.1.2.13 Object.groupBy
    [Builtin("Object", "groupBy", Length = 2)]
    public static Value GroupBy(Agent agent, Arguments args)
    {
        using var groups = new ValueList(agent.Heap);
        Grouping.GroupBy(agent, args[0], args[1], true, groups);
        JSObject result = ObjectOperations.OrdinaryObjectCreate(agent, Value.Null);
        for (int i = 0; i < groups.Count; i += 2)
        {
            ObjectOperations.CreateDataPropertyOrThrow(agent, result, Conversions.ToPropertyKey(agent, groups[i]), groups[i + 1]);
        }

        return result;
    }

    // 20.1.2.14 Object.hasOwn
    [Builtin("Object", "hasOwn", Length = 2)]
    public static Value HasOwn(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args[0]);
        return Boolean(ObjectOperations.HasOwnProperty(agent, obj, Conversions.ToPropertyKey(agent, args[1])));
    }

    // 20.1.2.15 Object.is
    [Builtin("Object", "is", Length = 2)]
    public static Value Is(Agent agent, Arguments args) => Boolean(Properties.SameValue(agent, args[0], args[1]));

    // 20.1.2.16 Object.isExtensible
    [Builtin("Object", "isExtensible", Length = 1)]
    public static Value IsExtensible(Agent agent, Arguments args) => Boolean(JSObject.TryAs(args[0], out JSObject obj) && ObjectOperations.IsExtensible(agent, obj));

    // 20.1.2.17 Object.isFrozen
    [Builtin("Object", "isFrozen", Length = 1)]
    public static Value IsFrozen(Agent agent, Arguments args) => Boolean(!JSObject.TryAs(args[0], out JSObject obj) || ObjectOperations.TestIntegrityLevel(agent, obj, IntegrityLevel.Frozen));

    // 20.1.2.18 Object.isSealed
    [Builtin("Object", "isSealed", Length = 1)]
    public static Value IsSealed(Agent agent, Arguments args) => Boolean(!JSObject.TryAs(args[0], out JSObject obj) || ObjectOperations.TestIntegrityLevel(agent, obj, IntegrityLevel.Sealed));

    // 20.1.2.19 Object.keys
    [Builtin("Object", "keys", Length = 1)]
    public static Value Keys(Agent agent, Arguments args) =>
        ObjectOperations.EnumerableOwnProperties(agent, Conversions.ToObject(agent, args[0]), ObjectOperations.EnumerationKind.Keys);

    // 20.1.2.20 Object.preventExtensions
    [Builtin("Object", "preventExtensions", Length = 1)]
    public static Value PreventExtensions(Agent agent, Arguments args)
    {
        if (JSObject.TryAs(args[0], out JSObject obj) && !ObjectOperations.PreventExtensions(agent, obj))
        {
            throw agent.TypeError("Cannot prevent extensions");
        }

        return args[0];
    }

    // 20.1.2.22 Object.seal
    [Builtin("Object", "seal", Length = 1)]
    public static Value Seal(Agent agent, Arguments args)
    {
        if (JSObject.TryAs(args[0], out JSObject obj) && !ObjectOperations.SetIntegrityLevel(agent, obj, IntegrityLevel.Sealed))
        {
            throw agent.TypeError("Cannot seal");
        }

        return args[0];
    }

    // 20.1.2.23 Object.setPrototypeOf
    [Builtin("Object", "setPrototypeOf", Length = 2)]
    public static Value SetPrototypeOf(Agent agent, Arguments args)
    {
        if (args[0].IsNullOrUndefined)
        {
            throw agent.TypeError("Object.setPrototypeOf called on null or undefined");
        }

        if (!args[1].IsReceiver && !args[1].IsNull)
        {
            throw agent.TypeError("Object prototype may only be an Object or null: " + Display.ForMessage(agent, args[1]));
        }

        if (JSObject.TryAs(args[0], out JSObject obj))
        {
            ChangePrototype(agent, obj, args[1]);
        }

        return args[0];
    }

    /// <summary>[[SetPrototypeOf]] with V8's errors.</summary>
    public static void ChangePrototype(Agent agent, JSObject obj, Value prototype)
    {
        if (ObjectOperations.SetPrototypeOf(agent, obj, prototype))
        {
            return;
        }

        string shown = Display.ForMessage(agent, obj);
        throw agent.TypeError(!ObjectOperations.IsExtensible(agent, obj) ? shown + " is not extensible"
            : obj.Address == agent.Realm.ObjectPrototype.Bits ? "Immutable prototype object 'Object.prototype' cannot have their prototype set"
            : "Cyclic __proto__ value");
    }

    // 20.1.2.24 Object.values
    [Builtin("Object", "values", Length = 1)]
    public static Value Values(Agent agent, Arguments args) =>
        ObjectOperations.EnumerableOwnProperties(agent, Conversions.ToObject(agent, args[0]), ObjectOperations.EnumerationKind.Values);
}
