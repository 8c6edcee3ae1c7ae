using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Numbers as bytes (ECMA-262, 25.1.3.14 RawBytesToNumeric and 25.1.3.17 NumericToRawBytes).</summary>
internal static unsafe class TypedElements
{
    /// <summary>The value of an element; doubles from outside get the canonical NaN on their way into a value (D2).</summary>
    public static Value Load(Agent agent, ElementsKind kind, byte* address) => FromRaw(agent, kind, LoadRaw(kind, address));

    /// <summary>Writes a number, or a BigInt of the kinds that hold those.</summary>
    public static void Store(ElementsKind kind, byte* address, Value value) => StoreRaw(kind, address, ToRaw(kind, value));

    /// <summary>The bytes of an element as the low bits of a word.</summary>
    public static ulong LoadRaw(ElementsKind kind, byte* address) => kind.ElementShift() switch
    {
        0 => *address,
        1 => Unsafe.ReadUnaligned<ushort>(address),
        2 => Unsafe.ReadUnaligned<uint>(address),
        _ => Unsafe.ReadUnaligned<ulong>(address),
    };

    public static void StoreRaw(ElementsKind kind, byte* address, ulong raw)
    {
        switch (kind.ElementShift())
        {
            case 0:
                *address = (byte)raw;
                break;
            case 1:
                Unsafe.WriteUnaligned(address, (ushort)raw);
                break;
            case 2:
                Unsafe.WriteUnaligned(address, (uint)raw);
                break;
            default:
                Unsafe.WriteUnaligned(address, raw);
                break;
        }
    }

    public static Value FromRaw(Agent agent, ElementsKind kind, ulong raw) => kind switch
    {
        ElementsKind.Int8 => Value.FromInt32((sbyte)raw),
        ElementsKind.Uint8 or ElementsKind.Uint8Clamped => Value.FromInt32((byte)raw),
        ElementsKind.Int16 => Value.FromInt32((short)raw),
        ElementsKind.Uint16 => Value.FromInt32((ushort)raw),
        ElementsKind.Int32 => Value.FromInt32((int)raw),
        ElementsKind.Uint32 => Value.FromUInt32((uint)raw),
        ElementsKind.Float16 => Value.FromDouble((double)BitConverter.UInt16BitsToHalf((ushort)raw)),
        ElementsKind.Float32 => Value.FromDouble(BitConverter.UInt32BitsToSingle((uint)raw)),
        ElementsKind.Float64 => Value.FromDouble(BitConverter.UInt64BitsToDouble(raw)),
        ElementsKind.BigInt64 => agent.NewBigInt((long)raw),
        _ => agent.NewBigInt(raw),
    };

    /// <summary>The bytes for a number, or for a BigInt of the kinds that hold those.</summary>
    public static ulong ToRaw(ElementsKind kind, Value value)
    {
        if (kind.IsBigInt())
        {
            return ToRaw(new JSBigInt(value.Bits));
        }

        if (value.IsSmi && kind < ElementsKind.Float16)
        {
            int integer = value.AsInt32;
            return (ulong)(kind == ElementsKind.Uint8Clamped ? Math.Clamp(integer, 0, 255) : integer);
        }

        double number = CanonicalizeNaN(value.AsNumber);
        return kind switch
        {
            ElementsKind.Uint8Clamped => Clamp(number),
            ElementsKind.Float16 => BitConverter.HalfToUInt16Bits(ToHalf(number)),
            ElementsKind.Float32 => BitConverter.SingleToUInt32Bits((float)number),
            ElementsKind.Float64 => BitConverter.DoubleToUInt64Bits(number),
            _ => ToInteger(number),
        };
    }

    /// <summary>Any NaN is the same one in the bytes, however it was made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double CanonicalizeNaN(double number) => double.IsNaN(number) ? BitConverter.UInt64BitsToDouble(Value.CanonicalNaN) : number;

    /// <summary>ToBigUint64 (7.1.16): the low word in two's complement.</summary>
    private static ulong ToRaw(JSBigInt value)
    {
        ulong magnitude = value.Length == 0 ? 0 : value.Digits[0];
        return value.Sign != 0 ? 0 - magnitude : magnitude;
    }

    /// <summary>ToUint8Clamp (7.1.12).</summary>
    public static byte Clamp(double number) =>
        !(number > 0) ? (byte)0 : number >= 255 ? (byte)255 : (byte)Math.Round(number, MidpointRounding.ToEven);

    /// <summary>Rounded once, from the double itself: by way of a float some ties would come out wrong.</summary>
    public static Half ToHalf(double number) => (Half)number;

    /// <summary>The number modulo 2^32 (7.1.6): narrower kinds take its low bits.</summary>
    public static ulong ToInteger(double number)
    {
        if (number is > -9e18 and < 9e18)
        {
            return (ulong)(long)number;
        }

        if (!double.IsFinite(number))
        {
            return 0;
        }

        BigInteger integer = new(number);
        return (ulong)(integer & uint.MaxValue);
    }
}
