using System.Runtime.CompilerServices;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>
/// Operations on objects (ECMA-262, 7.3) over the essential internal methods (6.1.7.2). This file has the internal methods
/// that read; objects whose methods are not ordinary (proxies, module namespaces, typed arrays) branch off at their starts.
/// </summary>
internal static unsafe partial class ObjectOperations
{
    // 10.1.1 [[GetPrototypeOf]]
    public static Value GetPrototypeOf(Agent agent, JSObject obj) => obj.Map.Prototype;

    // 10.1.3 [[IsExtensible]]
    public static bool IsExtensible(Agent agent, JSObject obj) => obj.Map.IsExtensible();

    // 10.1.5 [[GetOwnProperty]]
    public static bool GetOwnProperty(Agent agent, JSObject obj, PropertyKey key, out PropertyDescriptor descriptor)
    {
        if (!Properties.GetOwn(agent, obj, key, out OwnProperty property))
        {
            descriptor = new PropertyDescriptor();
            return false;
        }

        if (property.IsAccessor)
        {
            AccessorPair pair = AccessorPair.Cast(property.Raw);
            descriptor = PropertyDescriptor.Accessor(pair.Getter, pair.Setter, property.Attributes);
        }
        else
        {
            descriptor = PropertyDescriptor.Data(property.DataValue(agent), property.Attributes);
        }

        return true;
    }

    // 7.3.12 HasOwnProperty
    public static bool HasOwnProperty(Agent agent, JSObject obj, PropertyKey key) => Properties.GetOwn(agent, obj, key, out _);

    /// <summary>Whether an own property exists and is enumerable.</summary>
    public static bool IsOwnEnumerable(Agent agent, JSObject obj, PropertyKey key) =>
        Properties.GetOwn(agent, obj, key, out OwnProperty property) && (property.Attributes & PropertyAttributes.DontEnum) == 0;

    // 10.1.7 [[HasProperty]]
    public static bool HasProperty(Agent agent, JSObject obj, PropertyKey key)
    {
        while (true)
        {
            if (Properties.GetOwn(agent, obj, key, out _))
            {
                return true;
            }

            if (TypedArrays.AnswersFor(obj, key) || !JSObject.TryAs(obj.Map.Prototype, out obj))
            {
                return false;
            }
        }
    }

    // 7.3.2 Get
    public static Value Get(Agent agent, JSObject obj, PropertyKey key) => Get(agent, obj, key, obj);

    // 10.1.8 [[Get]]
    public static Value Get(Agent agent, JSObject obj, PropertyKey key, Value receiver)
    {
        while (true)
        {
            if (Properties.GetOwn(agent, obj, key, out OwnProperty property))
            {
                if (!property.IsAccessor)
                {
                    return property.DataValue(agent);
                }

                Value getter = AccessorPair.Cast(property.Raw).Getter;
                return getter.IsUndefined ? Value.Undefined : Call(agent, getter, receiver);
            }

            if (TypedArrays.AnswersFor(obj, key) || !JSObject.TryAs(obj.Map.Prototype, out obj))
            {
                return Value.Undefined;
            }
        }
    }

    public static Value Get(Agent agent, JSObject obj, JSString internalizedName) => Get(agent, obj, new PropertyKey(internalizedName), obj);

    /// <summary>Get with an index of any size.</summary>
    public static Value Get(Agent agent, JSObject obj, long index) =>
        index <= PropertyKey.MaxIndex ? Get(agent, obj, new PropertyKey((uint)index), obj) : Get(agent, obj, KeyOf(agent, index), obj);

    public static PropertyKey KeyOf(Agent agent, long index) =>
        index <= PropertyKey.MaxIndex ? new((uint)index) : PropertyKey.FromName(agent, agent.NumberToString(index));

    /// <summary>The prototype that the properties of a primitive come from.</summary>
    public static JSObject PrototypeOfPrimitive(Agent agent, Value primitive)
    {
        NativeContext realm = agent.Realm;
        Value prototype = primitive.IsNumber ? realm.NumberPrototype
            : primitive.IsBoolean ? realm.BooleanPrototype
            : primitive.IsString ? realm.StringPrototype
            : primitive.IsSymbol ? realm.SymbolPrototype
            : realm.BigIntPrototype;
        return JSObject.Cast(prototype);
    }

    // 7.3.3 GetV
    public static Value GetV(Agent agent, Value value, PropertyKey key)
    {
        if (JSObject.TryAs(value, out JSObject obj))
        {
            return Get(agent, obj, key, value);
        }

        if (value.IsNullOrUndefined)
        {
            throw agent.TypeError("Cannot read properties of " + (value.IsNull ? "null" : "undefined") + " (reading '" + Display.Key(key) + "')");
        }

        if (value.IsString)
        {
            var text = new JSString(value.Bits);
            if (key.IsIndex)
            {
                if (key.Index < (uint)text.Length)
                {
                    return agent.SingleCharacterString(text.CharAt(agent, (int)key.Index));
                }
            }
            else if (key.Name.Address == Names.Length.Address)
            {
                return Value.FromInt32(text.Length);
            }
        }

        return Get(agent, PrototypeOfPrimitive(agent, value), key, value);
    }

    // 7.3.11 GetMethod
    public static Value GetMethod(Agent agent, Value value, PropertyKey key)
    {
        Value method = GetV(agent, value, key);
        if (method.IsNullOrUndefined)
        {
            return Value.Undefined;
        }

        return Functions.IsCallable(method) ? method : throw agent.TypeError(Display.ForMessage(agent, method) + " is not a function");
    }

    // 7.3.18 LengthOfArrayLike
    public static long LengthOfArrayLike(Agent agent, JSObject obj)
    {
        if (obj.Map.TypeOf() == InstanceType.JSArray)
        {
            return (long)new JSArray(obj.Address).Length.AsNumber;
        }

        return Conversions.ToLength(agent, Get(agent, obj, new PropertyKey(Names.Length)));
    }

    // 7.3.19 CreateListFromArrayLike, appending to the list
    public static void CreateListFromArrayLike(Agent agent, Value value, Heap.ValueList list)
    {
        if (!JSObject.TryAs(value, out JSObject obj))
        {
            throw agent.TypeError("CreateListFromArrayLike called on non-object");
        }

        long length = LengthOfArrayLike(agent, obj);
        if (length > Agent.MaxBackingStoreLength)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid array length");
        }

        for (long i = 0; i < length; i++)
        {
            list.Add(Get(agent, obj, i));
        }
    }

    // 7.3.23 SpeciesConstructor
    public static Value SpeciesConstructor(Agent agent, JSObject obj, Value defaultConstructor)
    {
        Value constructor = Get(agent, obj, new PropertyKey(Names.Constructor));
        if (constructor.IsUndefined)
        {
            return defaultConstructor;
        }

        if (!constructor.IsReceiver)
        {
            throw agent.TypeError("The .constructor property is not an object");
        }

        Value species = Get(agent, JSObject.Cast(constructor), new PropertyKey(Names.SymbolSpecies));
        if (species.IsNullOrUndefined)
        {
            return defaultConstructor;
        }

        return Functions.IsConstructor(species) ? species : throw agent.TypeError("object.constructor[Symbol.species] is not a constructor");
    }

    // 7.2.2 IsArray
    public static bool IsArray(Agent agent, Value value) => JSArray.Is(value);

    // 7.3.20 Invoke
    public static Value Invoke(Agent agent, Value value, PropertyKey key) => Call(agent, Method(agent, value, key), value);

    public static Value Invoke(Agent agent, Value value, PropertyKey key, Value argument) => Call(agent, Method(agent, value, key), value, argument);

    public static Value Invoke(Agent agent, Value value, PropertyKey key, Value first, Value second) => Call(agent, Method(agent, value, key), value, first, second);

    private static Value Method(Agent agent, Value value, PropertyKey key)
    {
        Value method = GetV(agent, value, key);
        return Functions.IsCallable(method) ? method : throw agent.TypeError(Display.ForMessage(agent, value) + "." + Display.Key(key) + " is not a function");
    }
}
