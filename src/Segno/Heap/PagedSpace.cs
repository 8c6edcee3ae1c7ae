using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// A space of ordinary pages in which nothing moves: the old generation and the bytecode space. Memory is handed out as
/// buffers: gaps that a sweep found, or whole pages.
/// </summary>
/// <remarks>
/// Sweeping rebuilds the free list of the whole space; an evacuation of fragmented pages would pick its candidates from the
/// live bytes that the sweep of each page counts.
/// </remarks>
internal sealed unsafe class PagedSpace(HeapReservation reservation, FillerMaps fillers, SpaceId id)
{
    private FreeList _free;
    private int _firstPage = -1;

    public int FirstPage => _firstPage;

    public int Pages { get; private set; }

    /// <summary>Bytes handed out and not known to be dead; the rests of buffers in use count.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>A buffer of at least the given size; false if no page can be had.</summary>
    public bool TryTakeBuffer(ulong sizeInBytes, out ulong start, out ulong end)
    {
        if (_free.TryTake(sizeInBytes, out start, out ulong gap))
        {
            end = start + gap;
        }
        else
        {
            int page = reservation.AllocatePages(1, id, 0);
            if (page < 0)
            {
                end = 0;
                return false;
            }

            PageDescriptor* descriptor = reservation.Descriptors + page;
            descriptor->Next = _firstPage;
            _firstPage = page;
            Pages++;
            start = descriptor->Start;
            end = descriptor->Limit;
        }

        UsedBytes += (long)(end - start);
        return true;
    }

    /// <summary>Takes over a page of the young generation as it is. The caller returns its free parts, as if they were rests of buffers.</summary>
    public void Adopt(int page)
    {
        PageDescriptor* descriptor = reservation.Descriptors + page;
        descriptor->Space = id;
        descriptor->Next = _firstPage;
        *(ulong*)(reservation.AddressOf(page) + WriteBarrier.PageFlagsOffset) = 0;
        _firstPage = page;
        Pages++;
        UsedBytes += (long)(descriptor->Limit - descriptor->Start);
    }

    /// <summary>Takes the rest of a buffer back, as free space, so that its page can be walked (HEAP-8).</summary>
    public void ReturnBuffer(ulong top, ulong limit)
    {
        if (top < limit)
        {
            fillers.Write(top, limit - top);
            _ = _free.Add(top, limit - top);
            UsedBytes -= (long)(limit - top);
        }
    }

    /// <summary>
    /// Frees what is not marked: gaps become free-space objects, empty pages go back, mark bits are cleared. Returns the bytes
    /// freed.
    /// </summary>
    public long Sweep(ref int freedPages)
    {
        long before = UsedBytes;
        _free.Clear();
        UsedBytes = 0;
        int previous = -1;
        int page = _firstPage;
        while (page >= 0)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            int next = descriptor->Next;
            if (SweepPage(page, descriptor))
            {
                previous = page;
            }
            else
            {
                if (previous < 0)
                {
                    _firstPage = next;
                }
                else
                {
                    reservation.Descriptors[previous].Next = next;
                }

                reservation.ReleasePages(page, 1);
                Pages--;
                freedPages++;
            }

            page = next;
        }

        return before - UsedBytes;
    }

    /// <summary>Sweeps one page; false if nothing on it is live (its gaps are then not in the free list).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool SweepPage(int page, PageDescriptor* descriptor)
    {
        ulong pageStart = reservation.AddressOf(page);
        ulong* marks = reservation.MarkBits + ((nuint)page * RememberedSet.WordsPerPage);
        bool hasSlots = reservation.SlotPages[page] != 0;
        ulong gapStart = descriptor->Start;
        long live = 0;
        for (int word = 0; word < RememberedSet.WordsPerPage; word++)
        {
            ulong bits = marks[word];
            if (bits == 0)
            {
                continue;
            }

            marks[word] = 0;
            while (bits != 0)
            {
                ulong at = pageStart + ((ulong)((word << 6) + BitOperations.TrailingZeroCount(bits)) << 3);
                bits &= bits - 1;
                if (at > gapStart)
                {
                    Free(gapStart, at, hasSlots);
                }

                int size = HeapLayouts.SizeOf(at, *(ulong*)at);
                live += size;
                gapStart = at + (ulong)size;
            }
        }

        if (live == 0)
        {
            return false;
        }

        UsedBytes += live;
        if (gapStart < descriptor->Limit)
        {
            Free(gapStart, descriptor->Limit, hasSlots);
        }

        return true;
    }

    private void Free(ulong start, ulong end, bool hasSlots)
    {
        if (hasSlots)
        {
            RememberedSet.Remove(reservation, start, end);
        }

        fillers.Write(start, end - start);
        _ = _free.Add(start, end - start);
    }

    public void ReleaseAll()
    {
        for (int page = _firstPage; page >= 0;)
        {
            int next = reservation.Descriptors[page].Next;
            reservation.ReleasePages(page, 1);
            page = next;
        }

        _firstPage = -1;
        Pages = 0;
        UsedBytes = 0;
        _free.Clear();
    }
}
