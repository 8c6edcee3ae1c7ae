using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>How far SetIntegrityLevel restricts an object.</summary>
internal enum IntegrityLevel
{
    Sealed,
    Frozen,
}

/// <summary>The internal methods that change objects, and the operations over them.</summary>
internal static unsafe partial class ObjectOperations
{
    // 10.1.2 [[SetPrototypeOf]]
    public static bool SetPrototypeOf(Agent agent, JSObject obj, Value prototype)
    {
        Map map = obj.Map;
        if (map.Prototype == prototype)
        {
            return true;
        }

        if (!map.IsExtensible() || IsImmutablePrototype(agent, obj))
        {
            return false;
        }

        // Step 8: no cycles.
        Value ancestor = prototype;
        while (JSObject.TryAs(ancestor, out JSObject above))
        {
            if (above.Address == obj.Address)
            {
                return false;
            }

            ancestor = above.Map.Prototype;
        }

        if (JSObject.TryAs(prototype, out JSObject parent))
        {
            Prototypes.MakePrototype(agent, parent);
        }

        Prototypes.Invalidate(obj);
        map = obj.Map;
        if (map.IsDictionary() && !map.Has(MapFlags.Prototype))
        {
            // A dictionary map belongs to few objects and has no transitions worth keeping.
            Map copy = Maps.Copy(agent, map);
            copy.SetPrototype(prototype);
            Maps.Change(obj, copy);
            return true;
        }

        Maps.Change(obj, Maps.ForPrototype(agent, map, prototype));
        return true;
    }

    // 10.4.7 Immutable prototype exotic objects
    private static bool IsImmutablePrototype(Agent agent, JSObject obj) => obj.Address == agent.Realm.ObjectPrototype.Bits;

    // 10.1.4 [[PreventExtensions]]
    public static bool PreventExtensions(Agent agent, JSObject obj)
    {
        Map map = obj.Map;
        if (!map.IsExtensible())
        {
            return true;
        }

        if (obj.IsTypedArray() && !new JSTypedArray(obj.Address).IsFixedLength())
        {
            return false; // 10.4.5.1
        }

        Prototypes.Invalidate(obj);
        if (Elements.Kind(obj).IsFast() && !HasNoElements(obj))
        {
            // Emitted code appends to fast elements without asking: what may not grow has a dictionary.
            Elements.ToDictionary(agent, obj);
        }
        else if (Elements.Kind(obj).IsFast())
        {
            obj.SetElements(NumberDictionaries.New(agent, 1));
            Maps.Change(obj, Maps.WithElementsKind(agent, obj.Map, ElementsKind.Dictionary));
        }

        Maps.Change(obj, Maps.WithoutExtension(agent, obj.Map));
        return true;
    }

    // 10.1.6 [[DefineOwnProperty]]; for arrays 10.4.2.1, for typed arrays 10.4.5.3
    public static bool DefineOwnProperty(Agent agent, JSObject obj, PropertyKey key, scoped in PropertyDescriptor descriptor)
    {
        if (TypedArrays.AnswersFor(obj, key))
        {
            return TypedArrayOperations.DefineElement(agent, new JSTypedArray(obj.Address), key, descriptor);
        }

        if (obj.Map.TypeOf() == InstanceType.JSArray && !key.IsIndex && key.Name.Address == Names.Length.Address && !descriptor.Value.IsAbsent)
        {
            // 10.4.2.4 ArraySetLength, steps 3 to 5: both conversions are observable.
            PropertyDescriptor converted = descriptor;
            converted.Value = Value.FromUInt32(ToArrayLength(agent, descriptor.Value));
            return Properties.DefineOwn(agent, obj, key, converted);
        }

        return Properties.DefineOwn(agent, obj, key, descriptor);
    }

    private static uint ToArrayLength(Agent agent, Value value)
    {
        if (value.IsSmi && value.AsInt32 >= 0)
        {
            return (uint)value.AsInt32;
        }

        uint length = Conversions.ToUint32(agent, value);
        double number = Conversions.ToNumber(agent, value);
        return length == number ? length : throw agent.Error(ErrorKind.RangeError, "Invalid array length");
    }

    // 10.1.10 [[Delete]]
    public static bool Delete(Agent agent, JSObject obj, PropertyKey key)
    {
        if (!Properties.GetOwn(agent, obj, key, out OwnProperty property))
        {
            return true;
        }

        if ((property.Attributes & PropertyAttributes.DontDelete) != 0 || property.Location == PropertyLocation.TypedElement)
        {
            return false;
        }

        Properties.Delete(agent, property);
        return true;
    }

    // 10.1.9 [[Set]]; for typed arrays on the chain 10.4.5.6
    public static bool Set(Agent agent, JSObject obj, PropertyKey key, Value value, Value receiver)
    {
        JSObject holder = obj;
        while (true)
        {
            if (TypedArrays.AnswersFor(holder, key))
            {
                var typed = new JSTypedArray(holder.Address);
                if (receiver.Bits == holder.Address)
                {
                    TypedArrayOperations.SetElement(agent, typed, key, value);
                    return true;
                }

                if (!TypedArrayOperations.IsValidIntegerIndex(typed, key))
                {
                    return true;
                }

                break;
            }

            if (Properties.GetOwn(agent, holder, key, out OwnProperty property))
            {
                if (property.IsAccessor)
                {
                    Value setter = AccessorPair.Cast(property.Raw).Setter;
                    if (setter.IsUndefined)
                    {
                        return false;
                    }

                    Call(agent, setter, receiver, value);
                    return true;
                }

                if ((property.Attributes & PropertyAttributes.ReadOnly) != 0)
                {
                    return false;
                }

                if (receiver.Bits == holder.Address)
                {
                    return Write(agent, holder, key, property, value);
                }

                break;
            }

            if (!JSObject.TryAs(holder.Map.Prototype, out holder))
            {
                break;
            }
        }

        if (!JSObject.TryAs(receiver, out JSObject target))
        {
            return false;
        }

        if (TypedArrays.AnswersFor(target, key))
        {
            // The receiver's [[DefineOwnProperty]], with the value alone or all attributes: they make no difference here.
            return TypedArrayOperations.DefineElement(agent, new JSTypedArray(target.Address), key, new PropertyDescriptor { Value = value });
        }

        if (Properties.GetOwn(agent, target, key, out OwnProperty existing))
        {
            return !existing.IsAccessor && (existing.Attributes & PropertyAttributes.ReadOnly) == 0 && Write(agent, target, key, existing, value);
        }

        return AddOwn(agent, target, key, value);
    }

    public static bool Set(Agent agent, JSObject obj, PropertyKey key, Value value) => Set(agent, obj, key, value, obj);

    private static bool Write(Agent agent, JSObject obj, PropertyKey key, in OwnProperty property, Value value)
    {
        if (property.IsComputed && obj.Map.TypeOf() == InstanceType.JSArray && (AccessorInfoId)new AccessorInfo(property.Raw.Bits).Id == AccessorInfoId.ArrayLength)
        {
            return DefineOwnProperty(agent, obj, key, new PropertyDescriptor { Value = value });
        }

        Properties.WriteData(agent, property, value);
        return true;
    }

    /// <summary>CreateDataProperty of a property that the object does not have.</summary>
    private static bool AddOwn(Agent agent, JSObject obj, PropertyKey key, Value value)
    {
        Map map = obj.Map;
        if (!map.IsExtensible() || (key.IsIndex && map.TypeOf() == InstanceType.JSArray && !Elements.CanGrowTo(agent, new JSArray(obj.Address), key.Index)))
        {
            return false;
        }

        Properties.Add(agent, obj, key, value);
        return true;
    }

    // 7.3.4 Set with the throw flag, on any value: 13.15 and 6.2.5.6 PutValue
    public static void Put(Agent agent, Value target, PropertyKey key, Value value, bool strict)
    {
        if (JSObject.TryAs(target, out JSObject obj))
        {
            if (!Set(agent, obj, key, value, target) && strict)
            {
                throw agent.TypeError(WhyNotSet(agent, obj, key, target));
            }

            return;
        }

        if (target.IsNullOrUndefined)
        {
            throw agent.TypeError("Cannot set properties of " + (target.IsNull ? "null" : "undefined") + " (setting '" + Display.Key(key) + "')");
        }

        bool ownOfString = target.IsString && (key.IsIndex ? key.Index < (uint)new JSString(target.Bits).Length : key.Name.Address == Names.Length.Address);
        if ((ownOfString || !Set(agent, PrototypeOfPrimitive(agent, target), key, value, target)) && strict)
        {
            string type = Operators.TypeOf(agent, target).ToClrString();
            string shown = Display.ForMessage(agent, target);
            throw agent.TypeError(ownOfString
                ? "Cannot assign to read only property '" + Display.Key(key) + "' of " + type + " '" + shown + "'"
                : "Cannot create property '" + Display.Key(key) + "' on " + type + " '" + shown + "'");
        }
    }

    /// <summary>7.3.4 Set ( O, P, V, true ).</summary>
    public static void SetOrThrow(Agent agent, JSObject obj, PropertyKey key, Value value)
    {
        if (!Set(agent, obj, key, value, obj))
        {
            throw agent.TypeError(WhyNotSet(agent, obj, key, obj));
        }
    }

    public static void SetOrThrow(Agent agent, JSObject obj, long index, Value value) => SetOrThrow(agent, obj, KeyOf(agent, index), value);

    public static void SetLengthOrThrow(Agent agent, JSObject obj, long length) => SetOrThrow(agent, obj, new PropertyKey(Names.Length), Value.FromInt64(length));

    private static string WhyNotSet(Agent agent, JSObject obj, PropertyKey key, Value receiver)
    {
        JSObject holder = obj;
        string name = Display.Key(key);
        while (true)
        {
            if (Properties.GetOwn(agent, holder, key, out OwnProperty property))
            {
                if (property.IsAccessor)
                {
                    return "Cannot set property " + name + " of " + Display.ForMessage(agent, receiver) + " which has only a getter";
                }

                if ((property.Attributes & PropertyAttributes.ReadOnly) != 0)
                {
                    return "Cannot assign to read only property '" + name + "' of object '" + Display.ForMessage(agent, receiver) + "'";
                }
            }

            if (!JSObject.TryAs(holder.Map.Prototype, out holder))
            {
                return "Cannot add property " + name + ", object is not extensible";
            }
        }
    }

    // 7.3.5 CreateDataProperty
    public static bool CreateDataProperty(Agent agent, JSObject obj, PropertyKey key, Value value)
    {
        if (TypedArrays.AnswersFor(obj, key))
        {
            return TypedArrayOperations.DefineElement(agent, new JSTypedArray(obj.Address), key, new PropertyDescriptor { Value = value });
        }

        if (!Properties.GetOwn(agent, obj, key, out OwnProperty property))
        {
            return AddOwn(agent, obj, key, value);
        }

        if (!property.IsAccessor && property.Attributes == PropertyAttributes.None && !property.IsComputed)
        {
            Properties.WriteData(agent, property, value);
            return true;
        }

        return DefineOwnProperty(agent, obj, key, PropertyDescriptor.Data(value, PropertyAttributes.None));
    }

    // 7.3.7 CreateDataPropertyOrThrow
    public static void CreateDataPropertyOrThrow(Agent agent, JSObject obj, PropertyKey key, Value value)
    {
        if (!CreateDataProperty(agent, obj, key, value))
        {
            throw agent.TypeError(HasOwnProperty(agent, obj, key) ? "Cannot redefine property: " + Display.Key(key) : "Cannot add property " + Display.Key(key) + ", object is not extensible");
        }
    }

    public static void CreateDataPropertyOrThrow(Agent agent, JSObject obj, long index, Value value) => CreateDataPropertyOrThrow(agent, obj, KeyOf(agent, index), value);

    // 7.3.8 DefinePropertyOrThrow
    public static void DefinePropertyOrThrow(Agent agent, JSObject obj, PropertyKey key, scoped in PropertyDescriptor descriptor)
    {
        if (!DefineOwnProperty(agent, obj, key, descriptor))
        {
            throw agent.TypeError(HasOwnProperty(agent, obj, key) ? "Cannot redefine property: " + Display.Key(key) : "Cannot define property " + Display.Key(key) + ", object is not extensible");
        }
    }

    // 7.3.9 DeletePropertyOrThrow
    public static void DeletePropertyOrThrow(Agent agent, JSObject obj, PropertyKey key)
    {
        if (!Delete(agent, obj, key))
        {
            throw agent.TypeError("Cannot delete property '" + Display.Key(key) + "' of " + Display.ForMessage(agent, obj));
        }
    }

    // 7.3.14 SetIntegrityLevel
    public static bool SetIntegrityLevel(Agent agent, JSObject obj, IntegrityLevel level)
    {
        if (!PreventExtensions(agent, obj))
        {
            return false;
        }

        FixedArray keys = OwnPropertyKeys(agent, obj);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits));
            if (!Properties.GetOwn(agent, obj, key, out OwnProperty property))
            {
                continue;
            }

            var descriptor = new PropertyDescriptor { Configurable = false };
            if (level == IntegrityLevel.Frozen && !property.IsAccessor)
            {
                descriptor.Writable = false;
            }

            DefinePropertyOrThrow(agent, obj, key, descriptor);
        }

        return true;
    }

    // 7.3.15 TestIntegrityLevel
    public static bool TestIntegrityLevel(Agent agent, JSObject obj, IntegrityLevel level)
    {
        if (IsExtensible(agent, obj))
        {
            return false;
        }

        FixedArray keys = OwnPropertyKeys(agent, obj);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits));
            if (Properties.GetOwn(agent, obj, key, out OwnProperty property)
                && ((property.Attributes & PropertyAttributes.DontDelete) == 0 || (level == IntegrityLevel.Frozen && !property.IsAccessor && (property.Attributes & PropertyAttributes.ReadOnly) == 0)))
            {
                return false;
            }
        }

        return true;
    }

    // 10.2.9 SetFunctionName
    public static void SetFunctionName(Agent agent, JSObject function, Value name, string prefix = "")
    {
        JSString text = Symbol.TryAs(name, out Symbol symbol)
            ? JSString.TryAs(symbol.Description, out JSString description)
                ? Strings.Concat(agent, Strings.Concat(agent, agent.NewString("["), description), agent.NewString("]"))
                : ReadOnlyRoots.EmptyString
            : Conversions.ToString(agent, name);
        if (prefix.Length > 0)
        {
            text = Strings.Concat(agent, agent.NewString(prefix + " "), text);
        }

        DefinePropertyOrThrow(agent, function, new PropertyKey(Names.Name), PropertyDescriptor.Data(text, PropertyAttributes.ReadOnly | PropertyAttributes.DontEnum));
    }
}
