using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Copies of elements from one kind to another, for the pairs of kinds where the conversion of .NET is the specification's.</summary>
internal static unsafe class ElementCopies
{
    /// <summary>False from floats, whose NaNs have to become the canonical one, and to halves and BigInts. The ranges do not overlap.</summary>
    public static bool TryCopy(ElementsKind from, byte* source, ElementsKind to, byte* target, int count)
    {
        switch (from)
        {
            case ElementsKind.Int8:
                return FromInteger<sbyte>(source, to, target, count);
            case ElementsKind.Uint8 or ElementsKind.Uint8Clamped:
                return FromInteger<byte>(source, to, target, count);
            case ElementsKind.Int16:
                return FromInteger<short>(source, to, target, count);
            case ElementsKind.Uint16:
                return FromInteger<ushort>(source, to, target, count);
            case ElementsKind.Int32:
                return FromInteger<int>(source, to, target, count);
            case ElementsKind.Uint32:
                return FromInteger<uint>(source, to, target, count);
            default:
                return false;
        }
    }

    /// <summary>Low bits to integers, a clamped byte, the nearest float.</summary>
    private static bool FromInteger<T>(byte* source, ElementsKind to, byte* target, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (to)
        {
            case ElementsKind.Int8 or ElementsKind.Uint8:
                Truncate<T, byte>(source, target, count);
                return true;
            case ElementsKind.Uint8Clamped:
                for (int i = 0; i < count; i++)
                {
                    target[i] = byte.CreateSaturating(Unsafe.ReadUnaligned<T>(source + ((long)i * sizeof(T))));
                }

                return true;
            case ElementsKind.Int16 or ElementsKind.Uint16:
                Truncate<T, ushort>(source, target, count);
                return true;
            case ElementsKind.Int32 or ElementsKind.Uint32:
                Truncate<T, uint>(source, target, count);
                return true;
            case ElementsKind.Float32:
                Truncate<T, float>(source, target, count);
                return true;
            case ElementsKind.Float64:
                Truncate<T, double>(source, target, count);
                return true;
            default:
                return false;
        }
    }

    private static void Truncate<TFrom, TTo>(byte* source, byte* target, int count)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.WriteUnaligned(target + ((long)i * sizeof(TTo)), TTo.CreateTruncating(Unsafe.ReadUnaligned<TFrom>(source + ((long)i * sizeof(TFrom)))));
        }
    }
}
