using Segno.Layouts;

namespace Segno.Objects;

/// <summary>OrdinaryDefineOwnProperty and its array form.</summary>
internal static unsafe partial class Properties
{
    /// <summary>
    /// ValidateAndApplyPropertyDescriptor (ECMA-262, 10.1.6.3) and, for arrays, ArrayDefineOwnProperty (10.4.2.1): false where the
    /// definition is refused. The value of an array's length must be an array length already converted (ArraySetLength, steps 3 to 5).
    /// </summary>
    public static bool DefineOwn(Agent agent, JSObject obj, PropertyKey key, in PropertyDescriptor descriptor)
    {
        bool isArray = obj.Map.TypeOf() == InstanceType.JSArray;
        if (isArray && key.IsIndex && !Elements.CanGrowTo(agent, new JSArray(obj.Address), key.Index))
        {
            return false;
        }

        if (!GetOwn(agent, obj, key, out OwnProperty current))
        {
            if (!obj.Map.IsExtensible())
            {
                return false;
            }

            PropertyAttributes attributes = descriptor.AttributesOver(PropertyAttributes.All);
            if (descriptor.IsAccessor)
            {
                AddAccessor(agent, obj, key, OrUndefined(descriptor.Getter), OrUndefined(descriptor.Setter), attributes & ~PropertyAttributes.ReadOnly);
            }
            else
            {
                Add(agent, obj, key, OrUndefined(descriptor.Value), attributes);
            }

            return true;
        }

        if (isArray && current.IsComputed && ((AccessorInfoId)new AccessorInfo(current.Raw.Bits).Id) == AccessorInfoId.ArrayLength)
        {
            return DefineLength(agent, new JSArray(obj.Address), descriptor, current);
        }

        PropertyAttributes old = current.Attributes;
        if ((old & PropertyAttributes.DontDelete) != 0 && !IsCompatible(agent, descriptor, current))
        {
            return false;
        }

        PropertyAttributes updated = descriptor.AttributesOver(old);
        if (descriptor.IsAccessor)
        {
            Value getter = Value.Undefined;
            Value setter = Value.Undefined;
            if (current.IsAccessor)
            {
                AccessorPair pair = AccessorPair.Cast(current.Raw);
                getter = pair.Getter;
                setter = pair.Setter;
            }

            getter = descriptor.Getter.IsAbsent ? getter : descriptor.Getter;
            setter = descriptor.Setter.IsAbsent ? setter : descriptor.Setter;
            AccessorPair result = agent.NewAccessorPair(getter, setter);
            Reconfigure(agent, current, result, true, updated & ~PropertyAttributes.ReadOnly);
            return true;
        }

        if (current.IsAccessor && descriptor.IsData)
        {
            // From accessor to data: absent fields take their defaults.
            updated = (updated & ~PropertyAttributes.ReadOnly) | (descriptor.Writable == true ? PropertyAttributes.None : PropertyAttributes.ReadOnly);
            Reconfigure(agent, current, OrUndefined(descriptor.Value), false, updated);
            return true;
        }

        if (updated != old)
        {
            bool mappedStaysMapped = current.Location == PropertyLocation.MappedArgument;
            Value raw = !descriptor.Value.IsAbsent ? descriptor.Value : mappedStaysMapped ? current.Raw : current.IsAccessor ? current.Raw : current.DataValue(agent);
            if (mappedStaysMapped && !descriptor.Value.IsAbsent)
            {
                Elements.Write(agent, current, descriptor.Value);
            }

            Reconfigure(agent, current, raw, current.IsAccessor, updated);
            return true;
        }

        if (!descriptor.Value.IsAbsent)
        {
            if ((old & PropertyAttributes.ReadOnly) != 0)
            {
                Reconfigure(agent, current, descriptor.Value, false, updated);
            }
            else
            {
                WriteData(agent, current, descriptor.Value);
            }
        }

        return true;
    }

    private static Value OrUndefined(Value value) => value.IsAbsent ? Value.Undefined : value;

    /// <summary>Steps 4 and 5 of ValidateAndApplyPropertyDescriptor: what a non-configurable property still allows.</summary>
    private static bool IsCompatible(Agent agent, in PropertyDescriptor descriptor, in OwnProperty current)
    {
        if (descriptor.Configurable == true)
        {
            return false;
        }

        bool enumerable = (current.Attributes & PropertyAttributes.DontEnum) == 0;
        if (descriptor.Enumerable.HasValue && descriptor.Enumerable != enumerable)
        {
            return false;
        }

        if (!descriptor.IsAccessor && !descriptor.IsData)
        {
            return true;
        }

        if (descriptor.IsAccessor != current.IsAccessor)
        {
            return false;
        }

        if (current.IsAccessor)
        {
            AccessorPair pair = AccessorPair.Cast(current.Raw);
            return (descriptor.Getter.IsAbsent || descriptor.Getter == pair.Getter) && (descriptor.Setter.IsAbsent || descriptor.Setter == pair.Setter);
        }

        if ((current.Attributes & PropertyAttributes.ReadOnly) != 0)
        {
            return descriptor.Writable != true && (descriptor.Value.IsAbsent || SameValue(agent, descriptor.Value, current.DataValue(agent)));
        }

        return true;
    }

    /// <summary>ArraySetLength (10.4.2.4) from step 6 on.</summary>
    private static bool DefineLength(Agent agent, JSArray array, in PropertyDescriptor descriptor, in OwnProperty current)
    {
        bool writable = (current.Attributes & PropertyAttributes.ReadOnly) == 0;
        if (descriptor.Configurable == true || descriptor.Enumerable == true || descriptor.IsAccessor || (!writable && descriptor.Writable == true))
        {
            return false;
        }

        bool complete = true;
        if (!descriptor.Value.IsAbsent)
        {
            uint length = (uint)descriptor.Value.AsNumber;
            uint old = (uint)array.Length.AsNumber;
            if (!writable && length != old)
            {
                return false;
            }

            complete = length == old || Elements.SetLength(agent, array, length);
        }

        if (writable && descriptor.Writable == false)
        {
            Reconfigure(agent, current, current.Raw, false, current.Attributes | PropertyAttributes.ReadOnly);
        }

        return complete;
    }

    /// <summary>SameValue (7.2.10).</summary>
    public static bool SameValue(Agent agent, Value a, Value b)
    {
        if (a == b)
        {
            return true;
        }

        if (a.IsNumber && b.IsNumber)
        {
            double x = a.AsNumber;
            double y = b.AsNumber;
            return x == y ? x != 0 || double.IsNegative(x) == double.IsNegative(y) : double.IsNaN(x) && double.IsNaN(y);
        }

        if (!a.IsCell || !b.IsCell)
        {
            return false;
        }

        return a.IsString && b.IsString
            ? Strings.Equals(agent, new JSString(a.Bits), new JSString(b.Bits))
            : a.IsBigInt && b.IsBigInt && BigInts.ToBigInteger(new JSBigInt(a.Bits)) == BigInts.ToBigInteger(new JSBigInt(b.Bits));
    }

    /// <summary>SameValueZero (7.2.11).</summary>
    public static bool SameValueZero(Agent agent, Value a, Value b) =>
        a.IsNumber && b.IsNumber ? a.AsNumber == b.AsNumber || (double.IsNaN(a.AsNumber) && double.IsNaN(b.AsNumber)) : SameValue(agent, a, b);

    /// <summary>IsStrictlyEqual (7.2.15).</summary>
    public static bool StrictEquals(Agent agent, Value a, Value b) =>
        a.IsNumber && b.IsNumber ? a.AsNumber == b.AsNumber : SameValue(agent, a, b);
}
