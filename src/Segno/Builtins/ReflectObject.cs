using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The Reflect object (ECMA-262, 28.1).</summary>
internal static unsafe class ReflectObject
{
    private static JSObject Target(Agent agent, Arguments args, string method) => RequireObject(agent, args[0], "Reflect." + method);

    [Builtin("Reflect", "apply", Length = 3)]
    public static Value Apply(Agent agent, Arguments args)
    {
        Value target = RequireCallable(agent, args[0]);
        using var list = new ValueList(agent.Heap);
        ObjectOperations.CreateListFromArrayLike(agent, args[2], list);
        return ObjectOperations.Call(agent, target, args[1], list);
    }

    [Builtin("Reflect", "construct", Length = 2)]
    public static Value Construct(Agent agent, Arguments args)
    {
        Value target = args[0];
        Value newTarget = args.Count > 2 ? args[2] : target;
        if (!Functions.IsConstructor(target))
        {
            throw agent.TypeError(Display.ForMessage(agent, target) + " is not a constructor");
        }

        if (!Functions.IsConstructor(newTarget))
        {
            throw agent.TypeError(Display.ForMessage(agent, newTarget) + " is not a constructor");
        }

        using var list = new ValueList(agent.Heap);
        ObjectOperations.CreateListFromArrayLike(agent, args[1], list);
        return ObjectOperations.Construct(agent, target, list, newTarget);
    }

    [Builtin("Reflect", "defineProperty", Length = 3)]
    public static Value DefineProperty(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "defineProperty");
        PropertyKey key = Conversions.ToPropertyKey(agent, args[1]);
        PropertyDescriptor descriptor = PropertyDescriptors.ToPropertyDescriptor(agent, args[2]);
        return Boolean(ObjectOperations.DefineOwnProperty(agent, target, key, descriptor));
    }

    [Builtin("Reflect", "deleteProperty", Length = 2)]
    public static Value DeleteProperty(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "deleteProperty");
        return Boolean(ObjectOperations.Delete(agent, target, Conversions.ToPropertyKey(agent, args[1])));
    }

    [Builtin("Reflect", "get", Length = 2)]
    public static Value Get(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "get");
        PropertyKey key = Conversions.ToPropertyKey(agent, args[1]);
        return ObjectOperations.Get(agent, target, key, args.Count > 2 ? args[2] : target);
    }

    [Builtin("Reflect", "getOwnPropertyDescriptor", Length = 2)]
    public static Value GetOwnPropertyDescriptor(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "getOwnPropertyDescriptor");
        PropertyKey key = Conversions.ToPropertyKey(agent, args[1]);
        return ObjectOperations.GetOwnProperty(agent, target, key, out PropertyDescriptor descriptor) ? PropertyDescriptors.FromPropertyDescriptor(agent, descriptor) : Value.Undefined;
    }

    [Builtin("Reflect", "getPrototypeOf", Length = 1)]
    public static Value GetPrototypeOf(Agent agent, Arguments args) => ObjectOperations.GetPrototypeOf(agent, Target(agent, args, "getPrototypeOf"));

    [Builtin("Reflect", "has", Length = 2)]
    public static Value Has(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "has");
        return Boolean(ObjectOperations.HasProperty(agent, target, Conversions.ToPropertyKey(agent, args[1])));
    }

    [Builtin("Reflect", "isExtensible", Length = 1)]
    public static Value IsExtensible(Agent agent, Arguments args) => Boolean(ObjectOperations.IsExtensible(agent, Target(agent, args, "isExtensible")));

    [Builtin("Reflect", "ownKeys", Length = 1)]
    public static Value OwnKeys(Agent agent, Arguments args) => agent.NewArray(ObjectOperations.OwnPropertyKeys(agent, Target(agent, args, "ownKeys")));

    [Builtin("Reflect", "preventExtensions", Length = 1)]
    public static Value PreventExtensions(Agent agent, Arguments args) => Boolean(ObjectOperations.PreventExtensions(agent, Target(agent, args, "preventExtensions")));

    [Builtin("Reflect", "set", Length = 3)]
    public static Value Set(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "set");
        PropertyKey key = Conversions.ToPropertyKey(agent, args[1]);
        return Boolean(ObjectOperations.Set(agent, target, key, args[2], args.Count > 3 ? args[3] : target));
    }

    [Builtin("Reflect", "setPrototypeOf", Length = 2)]
    public static Value SetPrototypeOf(Agent agent, Arguments args)
    {
        JSObject target = Target(agent, args, "setPrototypeOf");
        if (!args[1].IsReceiver && !args[1].IsNull)
        {
            throw agent.TypeError("Object prototype may only be an Object or null: " + Display.ForMessage(agent, args[1]));
        }

        return Boolean(ObjectOperations.SetPrototypeOf(agent, target, args[1]));
    }
}
