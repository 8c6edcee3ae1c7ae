using System.Numerics;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>Sorting the elements of a typed array in place (ECMA-262, 23.2.3.29 and 23.2.4.7).</summary>
internal static class TypedSorting
{
    /// <summary>Sorts by the comparator, or by value if it is undefined.</summary>
    public static void Sort(Agent agent, JSTypedArray array, Value comparator)
    {
        if (comparator.IsUndefined)
        {
            SortByValue(array.Kind(), array.Span());
            return;
        }

        int length = array.CurrentLength();
        using var items = new ValueList(agent.Heap, length);
        for (int i = 0; i < length; i++)
        {
            items.Add(TypedArrays.Get(agent, array, i));
        }

        Sorting.Sort(agent, items, comparator);
        // The comparator may have shortened the array: what has no place any more is dropped.
        length = Math.Min(length, array.CurrentLength());
        for (int i = 0; i < length; i++)
        {
            TypedArrays.Set(array, i, items[i]);
        }
    }

    private static void SortByValue(ElementsKind kind, Span<byte> bytes)
    {
        switch (kind)
        {
            case ElementsKind.Int8:
                TypedRanges.Of<sbyte>(bytes).Sort();
                break;
            case ElementsKind.Uint8 or ElementsKind.Uint8Clamped:
                bytes.Sort();
                break;
            case ElementsKind.Int16:
                TypedRanges.Of<short>(bytes).Sort();
                break;
            case ElementsKind.Uint16:
                TypedRanges.Of<ushort>(bytes).Sort();
                break;
            case ElementsKind.Int32:
                TypedRanges.Of<int>(bytes).Sort();
                break;
            case ElementsKind.Uint32:
                TypedRanges.Of<uint>(bytes).Sort();
                break;
            case ElementsKind.BigInt64:
                TypedRanges.Of<long>(bytes).Sort();
                break;
            case ElementsKind.BigUint64:
                TypedRanges.Of<ulong>(bytes).Sort();
                break;
            case ElementsKind.Float16:
                SortFloats(TypedRanges.Of<short>(bytes), BitConverter.HalfToInt16Bits(Half.PositiveInfinity));
                break;
            case ElementsKind.Float32:
                SortFloats(TypedRanges.Of<int>(bytes), BitConverter.SingleToInt32Bits(float.PositiveInfinity));
                break;
            case ElementsKind.Float64:
                SortFloats(TypedRanges.Of<long>(bytes), BitConverter.DoubleToInt64Bits(double.PositiveInfinity));
                break;
        }
    }

    /// <summary>
    /// Floating-point numbers as integers in the order that 23.2.4.7 asks for: -0 before +0, NaN last. The bits of the negative ones count
    /// backwards; a NaN loses its sign, so that it lies above infinity.
    /// </summary>
    private static void SortFloats<T>(Span<T> items, T infinity)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        foreach (ref T item in items)
        {
            T magnitude = item & T.MaxValue;
            item = magnitude > infinity ? magnitude : T.IsNegative(item) ? item ^ T.MaxValue : item;
        }

        items.Sort();
        foreach (ref T item in items)
        {
            item = T.IsNegative(item) ? item ^ T.MaxValue : item;
        }
    }
}
