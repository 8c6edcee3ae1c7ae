using System.Numerics;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>Free memory of a space by size class (powers of two), linked through the free-space objects themselves.</summary>
internal unsafe struct FreeList
{
    private const int Classes = 20;

    /// <summary>Smaller gaps are not worth a buffer; they wait for a neighbour to die.</summary>
    public const ulong SmallestUsefulGap = 48;

    private fixed ulong _heads[Classes];
    private uint _nonEmpty;

    public void Clear()
    {
        for (int i = 0; i < Classes; i++)
        {
            _heads[i] = 0;
        }

        _nonEmpty = 0;
    }

    /// <summary>Adds a gap that already is a free-space object. Returns false if it is too small to be used.</summary>
    public bool Add(ulong start, ulong sizeInBytes)
    {
        if (sizeInBytes < SmallestUsefulGap)
        {
            return false;
        }

        int sizeClass = BitOperations.Log2(sizeInBytes);
        *(ulong*)(start + FreeSpace.NextOffset) = _heads[sizeClass];
        _heads[sizeClass] = start;
        _nonEmpty |= 1u << sizeClass;
        return true;
    }

    /// <summary>Takes a gap of at least the given size, from the largest class: few long buffers beat many short ones.</summary>
    public bool TryTake(ulong sizeInBytes, out ulong start, out ulong gapSizeInBytes)
    {
        if (_nonEmpty != 0)
        {
            int largest = BitOperations.Log2(_nonEmpty);
            int fitting = BitOperations.Log2(sizeInBytes);
            if (1UL << largest >= sizeInBytes)
            {
                start = _heads[largest];
                Unlink(largest, start, 0);
                gapSizeInBytes = SizeOf(start);
                return true;
            }

            if (largest == fitting)
            {
                ulong previous = 0;
                // A look at a few gaps only: a long list of gaps that are just too small must not make every request linear.
                int looks = 8;
                for (ulong at = _heads[largest]; at != 0 && looks-- > 0; at = *(ulong*)(at + FreeSpace.NextOffset))
                {
                    if (SizeOf(at) >= sizeInBytes)
                    {
                        Unlink(largest, at, previous);
                        start = at;
                        gapSizeInBytes = SizeOf(at);
                        return true;
                    }

                    previous = at;
                }
            }
        }

        start = gapSizeInBytes = 0;
        return false;
    }

    private static ulong SizeOf(ulong gap) => *(ulong*)(gap + FreeSpace.SizeInBytesOffset);

    private void Unlink(int sizeClass, ulong gap, ulong previous)
    {
        ulong next = *(ulong*)(gap + FreeSpace.NextOffset);
        if (previous != 0)
        {
            *(ulong*)(previous + FreeSpace.NextOffset) = next;
            return;
        }

        _heads[sizeClass] = next;
        if (next == 0)
        {
            _nonEmpty &= ~(1u << sizeClass);
        }
    }
}
