using System.Numerics;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>Looking for a value among the elements of a typed array, which are compared as they lie in memory.</summary>
internal static class TypedSearch
{
    /// <summary>
    /// The index of the first or last element from start to end (which lie below the current length) that is the value by SameValueZero;
    /// -1 if there is none.
    /// </summary>
    public static int Find(JSTypedArray array, int start, int end, Value wanted, bool last)
    {
        ElementsKind kind = array.Kind();
        if (start >= end || (kind.IsBigInt() ? !wanted.IsBigInt : !wanted.IsNumber))
        {
            return -1;
        }

        Span<byte> bytes = array.Span()[(start << kind.ElementShift())..(end << kind.ElementShift())];
        int found = kind switch
        {
            ElementsKind.Int8 => OfNumber<sbyte>(bytes, wanted, last),
            ElementsKind.Uint8 or ElementsKind.Uint8Clamped => OfNumber<byte>(bytes, wanted, last),
            ElementsKind.Int16 => OfNumber<short>(bytes, wanted, last),
            ElementsKind.Uint16 => OfNumber<ushort>(bytes, wanted, last),
            ElementsKind.Int32 => OfNumber<int>(bytes, wanted, last),
            ElementsKind.Uint32 => OfNumber<uint>(bytes, wanted, last),
            ElementsKind.Float16 => OfNumber<Half>(bytes, wanted, last),
            ElementsKind.Float32 => OfNumber<float>(bytes, wanted, last),
            ElementsKind.Float64 => OfNumber<double>(bytes, wanted, last),
            ElementsKind.BigInt64 => OfBigInt<long>(bytes, wanted, last),
            _ => OfBigInt<ulong>(bytes, wanted, last),
        };
        return found < 0 ? -1 : start + found;
    }

    private static int OfNumber<T>(Span<byte> bytes, Value wanted, bool last)
        where T : unmanaged, INumber<T>
    {
        double number = wanted.AsNumber;
        T element = T.CreateSaturating(number);
        // What the type cannot hold is not there. Equals, other than ==, has NaN equal to itself, as SameValueZero has.
        return double.CreateSaturating(element).Equals(number) ? IndexOf(bytes, element, last) : -1;
    }

    private static int OfBigInt<T>(Span<byte> bytes, Value wanted, bool last)
        where T : unmanaged, INumber<T>
    {
        BigInteger integer = BigInts.ToBigInteger(new JSBigInt(wanted.Bits));
        T element = T.CreateSaturating(integer);
        return BigInteger.CreateSaturating(element) == integer ? IndexOf(bytes, element, last) : -1;
    }

    private static int IndexOf<T>(Span<byte> bytes, T element, bool last)
        where T : unmanaged, IEquatable<T>
    {
        Span<T> elements = TypedRanges.Of<T>(bytes);
        return last ? elements.LastIndexOf(element) : elements.IndexOf(element);
    }
}
