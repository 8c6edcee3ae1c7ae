using System.Numerics;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>Sorting the elements of a typed array in place (ECMA-262, 23.2.3.29 and 23.2.4.7).</summary>
internal static class TypedSorting
{
    /// <summary>Elements that are sorted without a look at interrupts.</summary>
    private const int LongestUninterrupted = 1 << 20;

    /// <summary>Sorts by the comparator, or by value if it is undefined.</summary>
    public static void Sort(Agent agent, JSTypedArray array, Value comparator)
    {
        if (comparator.IsUndefined)
        {
            SortByValue(agent, array);
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

    private static void SortByValue(Agent agent, JSTypedArray array)
    {
        switch (array.Kind())
        {
            case ElementsKind.Int8:
                SortIntegers<sbyte>(agent, array);
                break;
            case ElementsKind.Uint8 or ElementsKind.Uint8Clamped:
                SortIntegers<byte>(agent, array);
                break;
            case ElementsKind.Int16:
                SortIntegers<short>(agent, array);
                break;
            case ElementsKind.Uint16:
                SortIntegers<ushort>(agent, array);
                break;
            case ElementsKind.Int32:
                SortIntegers<int>(agent, array);
                break;
            case ElementsKind.Uint32:
                SortIntegers<uint>(agent, array);
                break;
            case ElementsKind.BigInt64:
                SortIntegers<long>(agent, array);
                break;
            case ElementsKind.BigUint64:
                SortIntegers<ulong>(agent, array);
                break;
            case ElementsKind.Float16:
                SortFloats(agent, array, BitConverter.HalfToInt16Bits(Half.PositiveInfinity));
                break;
            case ElementsKind.Float32:
                SortFloats(agent, array, BitConverter.SingleToInt32Bits(float.PositiveInfinity));
                break;
            case ElementsKind.Float64:
                SortFloats(agent, array, BitConverter.DoubleToInt64Bits(double.PositiveInfinity));
                break;
        }
    }

    /// <summary>
    /// Floating-point numbers as integers in the order that 23.2.4.7 asks for: -0 before +0, NaN last. The bits of the negative ones count
    /// backwards; a NaN loses its sign, so that it lies above infinity.
    /// </summary>
    private static void SortFloats<T>(Agent agent, JSTypedArray array, T infinity)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        foreach (ref T item in TypedRanges.Of<T>(array.Span()))
        {
            T magnitude = item & T.MaxValue;
            item = magnitude > infinity ? magnitude : T.IsNegative(item) ? item ^ T.MaxValue : item;
        }

        try
        {
            SortIntegers<T>(agent, array);
        }
        finally
        {
            // Also where an interrupt ends the sort: what is not sorted yet must be the numbers that it was.
            foreach (ref T item in TypedRanges.Of<T>(array.Span()))
            {
                item = T.IsNegative(item) ? item ^ T.MaxValue : item;
            }
        }
    }

    private static void SortIntegers<T>(Agent agent, JSTypedArray array)
        where T : unmanaged, IBinaryInteger<T>
    {
        int length = array.CurrentLength();
        SortRange<T>(agent, array, 0, length, 2 * BitOperations.Log2((uint)length));
    }

    /// <summary>
    /// Quicksort as long as there is much to sort, so that interrupts are served in between; after as many partitions as a good
    /// sort makes at the most, the rest is not worth more of them.
    /// </summary>
    private static void SortRange<T>(Agent agent, JSTypedArray array, int start, int end, int partitions)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (end - start > LongestUninterrupted && partitions-- > 0)
        {
            // The bytes may move meanwhile.
            agent.PollInterrupts();
            int middle = start + Partition(TypedRanges.Of<T>(array.Span())[start..end]);
            if (middle - start < end - middle)
            {
                SortRange<T>(agent, array, start, middle, partitions);
                start = middle;
            }
            else
            {
                SortRange<T>(agent, array, middle, end, partitions);
                end = middle;
            }
        }

        TypedRanges.Of<T>(array.Span())[start..end].Sort();
    }

    /// <summary>Hoare's partition about the median of three: no item before the returned index is greater than one from there on; both sides have items.</summary>
    private static int Partition<T>(Span<T> items)
        where T : unmanaged, IBinaryInteger<T>
    {
        int center = items.Length / 2;
        int last = items.Length - 1;
        bool centerIsMedian = items[center] > items[0] == items[center] < items[last];
        int median = centerIsMedian ? center : items[last] > items[0] == items[last] < items[center] ? last : 0;
        (items[0], items[median]) = (items[median], items[0]);
        T pivot = items[0];
        int left = -1;
        int right = items.Length;
        while (true)
        {
            do
            {
                left++;
            }
            while (items[left] < pivot);

            do
            {
                right--;
            }
            while (items[right] > pivot);

            if (left >= right)
            {
                return right + 1;
            }

            (items[left], items[right]) = (items[right], items[left]);
        }
    }
}
