using System.Globalization;
using System.Numerics;

namespace Segno;

/// <summary>Values between .NET and JavaScript: primitives both ways, without reflection.</summary>
internal static class HostConversions
{
    public static JsValue[] ToValues(Engine engine, object?[] arguments)
    {
        var values = new JsValue[arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ToJsValue(engine, arguments[i]);
        }

        return values;
    }

    public static JsValue ToJsValue(Engine engine, object? value) => value switch
    {
        null => JsValue.Null,
        JsValue js => js,
        string text => text,
        bool boolean => boolean,
        int number => number,
        double number => number,
        float number => (double)number,
        byte number => (int)number,
        sbyte number => (int)number,
        short number => (int)number,
        ushort number => (int)number,
        uint number => (double)number,
        long number when Math.Abs((double)number) <= MaxSafeInteger => (double)number,
        ulong number when number <= MaxSafeInteger => (double)number,
        long number => engine.NewBigInt(number),
        ulong number => engine.NewBigInt(number),
        decimal number => (double)number,
        BigInteger number => engine.NewBigInt(number),
        char unit => unit.ToString(),
        JsCallback callback => engine.CreateFunction("", callback),
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A {value.GetType()} cannot be passed to JavaScript."), nameof(value)),
    };

    private const double MaxSafeInteger = 9007199254740991;

    public static T To<T>(JsValue value)
    {
        object? result = Convert(value, typeof(T), default(T) is null);
        return result is null ? default! : (T)result;
    }

    private static object? Convert(JsValue value, Type type, bool nullable)
    {
        if (type == typeof(JsValue))
        {
            return value;
        }

        if (type == typeof(object))
        {
            return ToObject(value);
        }

        if (nullable && value.IsNullOrUndefined)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        return value.Kind switch
        {
            JsValueKind.String when type == typeof(string) => value.AsString(),
            JsValueKind.String when type == typeof(char) && value.AsString() is [var unit] => unit,
            JsValueKind.Boolean when type == typeof(bool) => value.AsBoolean(),
            JsValueKind.Number => FromNumber(value.AsNumber(), type),
            JsValueKind.BigInt => FromBigInteger(BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture), type),
            _ => throw Fail(value.Kind.ToString(), type),
        };
    }

    private static object? ToObject(JsValue value) => value.Kind switch
    {
        JsValueKind.Undefined or JsValueKind.Null => null,
        JsValueKind.Boolean => value.AsBoolean(),
        JsValueKind.Number => value.AsNumber(),
        JsValueKind.String => value.AsString(),
        JsValueKind.BigInt => BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture),
        _ => value,
    };

    private static object FromNumber(double number, Type type)
    {
        if (type == typeof(double))
        {
            return number;
        }

        if (type == typeof(float))
        {
            return (float)number;
        }

        if (type == typeof(decimal) && Math.Abs(number) < 7.9e28)
        {
            return (decimal)number;
        }

        return double.IsInteger(number) ? FromBigInteger(new BigInteger(number), type) : throw Fail(number.ToString(CultureInfo.InvariantCulture), type);
    }

    private static object FromBigInteger(BigInteger number, Type type)
    {
        try
        {
            return Type.GetTypeCode(type) switch
            {
                TypeCode.Int32 => (object)(int)number,
                TypeCode.UInt32 => (object)(uint)number,
                TypeCode.Int64 => (object)(long)number,
                TypeCode.UInt64 => (object)(ulong)number,
                TypeCode.Int16 => (object)(short)number,
                TypeCode.UInt16 => (object)(ushort)number,
                TypeCode.Byte => (object)(byte)number,
                TypeCode.SByte => (object)(sbyte)number,
                _ when type == typeof(BigInteger) => number,
                _ => throw Fail(number.ToString(CultureInfo.InvariantCulture), type),
            };
        }
        catch (OverflowException)
        {
            throw Fail(number.ToString(CultureInfo.InvariantCulture), type);
        }
    }

    private static InvalidCastException Fail(string what, Type type) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The JavaScript value {what} does not convert to {type}."));
}
