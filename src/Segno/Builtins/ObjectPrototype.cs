using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Properties of the Object prototype (ECMA-262, 20.1.3 and B.2.2).</summary>
internal static class ObjectPrototype
{
    // 20.1.3.2 Object.prototype.hasOwnProperty
    [Builtin("Object.prototype", "hasOwnProperty", Length = 1)]
    public static Value HasOwnProperty(Agent agent, Arguments args)
    {
        PropertyKey key = Conversions.ToPropertyKey(agent, args[0]);
        return Boolean(ObjectOperations.HasOwnProperty(agent, Conversions.ToObject(agent, args.This), key));
    }

    // 20.1.3.3 Object.prototype.isPrototypeOf
    [Builtin("Object.prototype", "isPrototypeOf", Length = 1)]
    public static Value IsPrototypeOf(Agent agent, Arguments args)
    {
        if (!args[0].IsReceiver)
        {
            return Value.False;
        }

        JSObject self = Conversions.ToObject(agent, args.This);
        Value ancestor = args[0];
        while (JSObject.TryAs(ancestor, out JSObject obj))
        {
            ancestor = ObjectOperations.GetPrototypeOf(agent, obj);
            if (ancestor == (Value)self)
            {
                return Value.True;
            }
        }

        return Value.False;
    }

    // 20.1.3.4 Object.prototype.propertyIsEnumerable
    [Builtin("Object.prototype", "propertyIsEnumerable", Length = 1)]
    public static Value PropertyIsEnumerable(Agent agent, Arguments args)
    {
        PropertyKey key = Conversions.ToPropertyKey(agent, args[0]);
        return Boolean(ObjectOperations.IsOwnEnumerable(agent, Conversions.ToObject(agent, args.This), key));
    }

    // 20.1.3.5 Object.prototype.toLocaleString
    [Builtin("Object.prototype", "toLocaleString")]
    public static Value ToLocaleString(Agent agent, Arguments args) => ObjectOperations.Invoke(agent, args.This, Key(Names.ToString));

    // 20.1.3.6 Object.prototype.toString
    [Builtin("Object.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args)
    {
        if (args.This.IsNullOrUndefined)
        {
            return agent.NewString(args.This.IsNull ? "[object Null]" : "[object Undefined]");
        }

        JSObject obj = Conversions.ToObject(agent, args.This);
        Value tag = ObjectOperations.Get(agent, obj, new PropertyKey(Names.SymbolToStringTag));
        return tag.IsString
            ? Strings.Concat(agent, Strings.Concat(agent, agent.NewString("[object "), new JSString(tag.Bits)), agent.NewString("]"))
            : BuiltinTag(obj) is { Length: > 0 } builtin ? agent.NewString("[object " + builtin + "]") : Names.ObjectTag;
    }

    private static string BuiltinTag(JSObject obj)
    {
        switch (obj.Map.TypeOf())
        {
            case InstanceType.JSArray:
                return "Array";
            case InstanceType.JSArguments:
                return "Arguments";
            case InstanceType.JSError:
                return "Error";
            case InstanceType.JSDate:
                return "Date";
            case InstanceType.JSRegExp:
                return "RegExp";
            case InstanceType.JSPrimitiveWrapper:
                Value primitive = new JSPrimitiveWrapper(obj.Address).Value;
                return primitive.IsString ? "String" : primitive.IsNumber ? "Number" : primitive.IsBoolean ? "Boolean" : "";
            default:
                return obj.Map.Has(MapFlags.Callable) ? "Function" : "";
        }
    }

    // 20.1.3.7 Object.prototype.valueOf
    [Builtin("Object.prototype", "valueOf")]
    public static Value ValueOf(Agent agent, Arguments args) => Conversions.ToObject(agent, args.This);

    // 20.1.3.8.1 get Object.prototype.__proto__
    [Builtin("Object.prototype", "__proto__", Kind = BuiltinKind.Getter)]
    public static Value GetProto(Agent agent, Arguments args) => ObjectOperations.GetPrototypeOf(agent, Conversions.ToObject(agent, args.This));

    // 20.1.3.8.2 set Object.prototype.__proto__
    [Builtin("Object.prototype", "__proto__", Length = 1, Kind = BuiltinKind.Setter)]
    public static Value SetProto(Agent agent, Arguments args)
    {
        Conversions.RequireObjectCoercible(agent, args.This, "Object.prototype.__proto__");
        if ((args[0].IsReceiver || args[0].IsNull) && JSObject.TryAs(args.This, out JSObject obj))
        {
            ObjectConstructor.ChangePrototype(agent, obj, args[0]);
        }

        return Value.Undefined;
    }

    // 20.1.3.9.1 Object.prototype.__defineGetter__
    [Builtin("Object.prototype", "__defineGetter__", Length = 2)]
    public static Value DefineGetter(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        if (!Functions.IsCallable(args[1]))
        {
            throw agent.TypeError("Object.prototype.__defineGetter__: Expecting function");
        }

        PropertyKey key = Conversions.ToPropertyKey(agent, args[0]);
        ObjectOperations.DefinePropertyOrThrow(agent, obj, key, new PropertyDescriptor { Getter = args[1], Enumerable = true, Configurable = true });
        return Value.Undefined;
    }

    // 20.1.3.9.2 Object.prototype.__defineSetter__
    [Builtin("Object.prototype", "__defineSetter__", Length = 2)]
    public static Value DefineSetter(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        if (!Functions.IsCallable(args[1]))
        {
            throw agent.TypeError("Object.prototype.__defineSetter__: Expecting function");
        }

        PropertyKey key = Conversions.ToPropertyKey(agent, args[0]);
        ObjectOperations.DefinePropertyOrThrow(agent, obj, key, new PropertyDescriptor { Setter = args[1], Enumerable = true, Configurable = true });
        return Value.Undefined;
    }

    // 20.1.3.9.3 Object.prototype.__lookupGetter__
    [Builtin("Object.prototype", "__lookupGetter__", Length = 1)]
    public static Value LookupGetter(Agent agent, Arguments args) => LookupAccessor(agent, args, true);

    // 20.1.3.9.4 Object.prototype.__lookupSetter__
    [Builtin("Object.prototype", "__lookupSetter__", Length = 1)]
    public static Value LookupSetter(Agent agent, Arguments args) => LookupAccessor(agent, args, false);

    private static Value LookupAccessor(Agent agent, Arguments args, bool getter)
    {
        Value at = Conversions.ToObject(agent, args.This);
        PropertyKey key = Conversions.ToPropertyKey(agent, args[0]);
        while (JSObject.TryAs(at, out JSObject obj))
        {
            if (ObjectOperations.GetOwnProperty(agent, obj, key, out PropertyDescriptor descriptor))
            {
                return !descriptor.IsAccessor ? Value.Undefined : getter ? descriptor.Getter : descriptor.Setter;
            }

            at = ObjectOperations.GetPrototypeOf(agent, obj);
        }

        return Value.Undefined;
    }
}
