using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>The hint of ToPrimitive.</summary>
internal enum PreferredType
{
    Default,
    Number,
    String,
}

/// <summary>Type conversion (ECMA-262, 7.1).</summary>
internal static unsafe partial class Conversions
{
    public const double MaxSafeInteger = 9007199254740991;

    // 7.1.1 ToPrimitive
    public static Value ToPrimitive(Agent agent, Value input, PreferredType preferred = PreferredType.Default)
    {
        if (!input.IsReceiver)
        {
            return input;
        }

        Value exotic = ObjectOperations.GetMethod(agent, input, new PropertyKey(Names.SymbolToPrimitive));
        if (!exotic.IsUndefined)
        {
            Value hint = preferred switch
            {
                PreferredType.Number => Names.NumberType,
                PreferredType.String => Names.StringType,
                _ => Names.Default,
            };
            Value result = ObjectOperations.Call(agent, exotic, input, hint);
            return result.IsReceiver ? throw agent.TypeError("Cannot convert object to primitive value") : result;
        }

        return OrdinaryToPrimitive(agent, JSObject.Cast(input), preferred == PreferredType.String);
    }

    // 7.1.1.1 OrdinaryToPrimitive
    public static Value OrdinaryToPrimitive(Agent agent, JSObject obj, bool preferString)
    {
        for (int attempt = 0; attempt < 2; attempt++)
        {
            JSString name = (attempt == 0) == preferString ? Names.ToString : Names.ValueOf;
            Value method = ObjectOperations.Get(agent, obj, new PropertyKey(name));
            if (Functions.IsCallable(method))
            {
                Value result = ObjectOperations.Call(agent, method, obj);
                if (!result.IsReceiver)
                {
                    return result;
                }
            }
        }

        throw agent.TypeError("Cannot convert object to primitive value");
    }

    // 7.1.2 ToBoolean
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ToBoolean(Value value) => value.IsTrue || (!value.IsFalse && ToBooleanSlow(value));

    private static bool ToBooleanSlow(Value value)
    {
        if (value.IsNumber)
        {
            double number = value.AsNumber;
            return number != 0 && !double.IsNaN(number);
        }

        if (!value.IsCell)
        {
            return false;
        }

        return value.InstanceType switch
        {
            < InstanceType.Symbol => new JSString(value.Bits).Length != 0,
            InstanceType.JSBigInt => new JSBigInt(value.Bits).Length != 0,
            _ => true,
        };
    }

    // 7.1.3 ToNumeric
    public static Value ToNumeric(Agent agent, Value value)
    {
        if (value.IsNumber)
        {
            return value;
        }

        Value primitive = ToPrimitive(agent, value, PreferredType.Number);
        return primitive.IsBigInt ? primitive : Value.FromDouble(ToNumber(agent, primitive));
    }

    // 7.1.4 ToNumber
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToNumber(Agent agent, Value value) => value.IsNumber ? value.AsNumber : ToNumberSlow(agent, value);

    private static double ToNumberSlow(Agent agent, Value value)
    {
        if (!value.IsCell)
        {
            return value.IsTrue ? 1 : value.IsUndefined ? double.NaN : 0;
        }

        if (value.IsString)
        {
            return StringToNumber(agent, new JSString(value.Bits));
        }

        if (value.IsSymbol)
        {
            throw agent.TypeError("Cannot convert a Symbol value to a number");
        }

        if (value.IsBigInt)
        {
            throw agent.TypeError("Cannot convert a BigInt value to a number");
        }

        if (!value.IsReceiver)
        {
            throw new InvalidOperationException("HEAP-1: an internal object where a language value must be: " + value.InstanceType);
        }

        return ToNumber(agent, ToPrimitive(agent, value, PreferredType.Number));
    }

    // 7.1.5 ToIntegerOrInfinity
    public static double ToIntegerOrInfinity(Agent agent, Value value) => value.IsSmi ? value.AsInt32 : ToIntegerOrInfinity(ToNumber(agent, value));

    public static double ToIntegerOrInfinity(double number) => double.IsNaN(number) ? 0 : Math.Truncate(number) + 0.0;

    // 7.1.6 ToInt32
    public static int ToInt32(Agent agent, Value value) => value.IsSmi ? value.AsInt32 : ToInt32(ToNumber(agent, value));

    public static int ToInt32(double number)
    {
        int integer = (int)number;
        return integer == number ? integer : ToInt32Slow(number);
    }

    private static int ToInt32Slow(double number)
    {
        if (!double.IsFinite(number))
        {
            return 0;
        }

        if (Math.Abs(number) < 9.2e18)
        {
            return (int)(long)number;
        }

        // number = mantissa * 2^exponent with a positive exponent: only the low 32 bits of the shifted mantissa count.
        ulong bits = BitConverter.DoubleToUInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        if (exponent >= 32)
        {
            return 0;
        }

        ulong mantissa = (bits & ((1UL << 52) - 1)) | (1UL << 52);
        int low = (int)(uint)(mantissa << exponent);
        return number < 0 ? unchecked(-low) : low;
    }

    // 7.1.7 ToUint32
    public static uint ToUint32(Agent agent, Value value) => (uint)ToInt32(agent, value);

    public static uint ToUint32(double number) => (uint)ToInt32(number);

    // 7.1.8 ToInt16 to 7.1.11 ToUint8
    public static short ToInt16(Agent agent, Value value) => (short)ToInt32(agent, value);

    public static ushort ToUint16(Agent agent, Value value) => (ushort)ToInt32(agent, value);

    public static sbyte ToInt8(Agent agent, Value value) => (sbyte)ToInt32(agent, value);

    public static byte ToUint8(Agent agent, Value value) => (byte)ToInt32(agent, value);

    // 7.1.12 ToUint8Clamp
    public static byte ToUint8Clamp(double number) =>
        !(number > 0) ? (byte)0 : number >= 255 ? (byte)255 : (byte)Math.Round(number, MidpointRounding.ToEven);

    // 7.1.13 ToBigInt
    public static JSBigInt ToBigInt(Agent agent, Value value)
    {
        Value primitive = ToPrimitive(agent, value, PreferredType.Number);
        if (primitive.IsBigInt)
        {
            return new(primitive.Bits);
        }

        if (primitive.IsBoolean)
        {
            return agent.NewBigInt(primitive.IsTrue ? BigInteger.One : BigInteger.Zero);
        }

        if (primitive.IsString)
        {
            string text = new JSString(primitive.Bits).ToClrString();
            return NumberParsing.TryParseBigInt(text, out BigInteger result)
                ? agent.NewBigInt(result)
                : throw agent.Error(ErrorKind.SyntaxError, "Cannot convert " + text + " to a BigInt");
        }

        throw agent.TypeError("Cannot convert " + Display.ForMessage(agent, primitive) + " to a BigInt");
    }

    public static BigInteger ToBigInteger(Agent agent, Value value) => BigInts.ToBigInteger(ToBigInt(agent, value));

    // 7.1.17 ToString
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JSString ToString(Agent agent, Value value) => value.IsString ? new JSString(value.Bits) : ToStringSlow(agent, value);

    private static JSString ToStringSlow(Agent agent, Value value)
    {
        if (value.IsNumber)
        {
            return agent.NumberToString(value.AsNumber);
        }

        if (!value.IsCell)
        {
            return value.IsUndefined ? Names.Undefined : value.IsNull ? Names.Null : value.IsTrue ? Names.True : Names.False;
        }

        if (value.IsSymbol)
        {
            throw agent.TypeError("Cannot convert a Symbol value to a string");
        }

        if (value.IsBigInt)
        {
            return agent.NewString(BigInts.ToBigInteger(new JSBigInt(value.Bits)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return ToString(agent, ToPrimitive(agent, value, PreferredType.String));
    }

    // 7.1.18 ToObject
    public static JSObject ToObject(Agent agent, Value value)
    {
        if (value.IsReceiver)
        {
            return new(value.Bits);
        }

        NativeContext realm = agent.Realm;
        if (value.IsNumber)
        {
            return agent.NewPrimitiveWrapper(Map.Cast(realm.NumberWrapperMap), value);
        }

        if (value.IsBoolean)
        {
            return agent.NewPrimitiveWrapper(Map.Cast(realm.BooleanWrapperMap), value);
        }

        if (!value.IsCell)
        {
            throw agent.TypeError("Cannot convert undefined or null to object");
        }

        Value map = value.IsString ? realm.StringWrapperMap : value.IsSymbol ? realm.SymbolWrapperMap : realm.BigIntWrapperMap;
        return agent.NewPrimitiveWrapper(Map.Cast(map), value);
    }

    // 7.1.19 ToPropertyKey
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PropertyKey ToPropertyKey(Agent agent, Value value) => PropertyKey.TryFrom(agent, value, out PropertyKey key) ? key : ToPropertyKeySlow(agent, value);

    private static PropertyKey ToPropertyKeySlow(Agent agent, Value value)
    {
        Value primitive = ToPrimitive(agent, value, PreferredType.String);
        return PropertyKey.TryFrom(agent, primitive, out PropertyKey key) ? key : PropertyKey.FromName(agent, ToString(agent, primitive));
    }

    // 7.1.20 ToLength
    public static long ToLength(Agent agent, Value value) => value.IsSmi ? Math.Max(0, value.AsInt32) : ToLength(ToIntegerOrInfinity(agent, value));

    public static long ToLength(double integer) => integer <= 0 ? 0 : integer >= MaxSafeInteger ? (long)MaxSafeInteger : (long)integer;

    // 7.1.21 CanonicalNumericIndexString
    public static bool CanonicalNumericIndexString(JSString text, out double number)
    {
        string chars = text.ToClrString();
        if (chars == "-0")
        {
            number = -0.0;
            return true;
        }

        number = NumberParsing.StringToNumber(chars);
        return Base.NumberText.ToText(number) == chars;
    }

    // 7.1.22 ToIndex
    public static long ToIndex(Agent agent, Value value, string message = "Invalid index")
    {
        double integer = ToIntegerOrInfinity(agent, value);
        return integer is >= 0 and <= MaxSafeInteger ? (long)integer : throw agent.Error(ErrorKind.RangeError, message);
    }

    // 7.2.1 RequireObjectCoercible
    public static void RequireObjectCoercible(Agent agent, Value value, string method)
    {
        if (value.IsNullOrUndefined)
        {
            throw agent.TypeError(method + " called on null or undefined");
        }
    }

    // 7.1.4.1.1 StringToNumber
    public static double StringToNumber(Agent agent, JSString text)
    {
        FlatString flat = text.Flatten(agent);
        // Short integers, by far the most frequent.
        if (flat.Length is > 0 and <= 9)
        {
            int value = 0;
            int i = 0;
            for (; i < flat.Length; i++)
            {
                uint digit = (uint)(flat[i] - '0');
                if (digit > 9)
                {
                    break;
                }

                value = (value * 10) + (int)digit;
            }

            if (i == flat.Length)
            {
                return value;
            }
        }

        if (flat.Length <= 256)
        {
            Span<char> chars = stackalloc char[flat.Length];
            flat.CopyTo(chars);
            return NumberParsing.StringToNumber(chars);
        }

        return NumberParsing.StringToNumber(flat.ToClrString());
    }

    /// <summary>A relative index of the array and string methods (slice, at, ...) as an absolute one within 0 to length.</summary>
    public static long ToRelativeIndex(Agent agent, Value value, long length, long ifUndefined)
    {
        if (value.IsUndefined)
        {
            return ifUndefined;
        }

        double relative = ToIntegerOrInfinity(agent, value);
        return relative < 0 ? (long)Math.Max(length + relative, 0) : (long)Math.Min(relative, length);
    }
}
