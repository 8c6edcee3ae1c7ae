using System.Numerics;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The young generation: pages in which agents allocate, and those that hold what survived once. A scavenge makes all of
/// them from-space and builds a new set.
/// </summary>
/// <remarks>
/// Pages are linked, not contiguous. Free parts of pages that stay (the rest behind the survivors, the gaps between pinned
/// objects) are handed out as buffers before new pages are taken.
/// </remarks>
internal sealed unsafe class YoungSpace
{
    /// <summary>Smaller free parts are not handed out as buffers.</summary>
    private const ulong SmallestChunk = 2048;

    private readonly HeapReservation _reservation;
    private readonly FillerMaps _fillers;
    private readonly int _minPages;
    private readonly int _maxPages;
    private int _firstPage = -1;
    private int _fromFirst = -1;
    private int _targetPages;
    private int _limitPages;
    private ulong _chunks;
    private long _survivedSinceGrowth;
#if CHECKED
    private NativeList _quarantine;
#endif

    public YoungSpace(HeapReservation reservation, FillerMaps fillers, HeapOptions options)
    {
        _reservation = reservation;
        _fillers = fillers;
        _minPages = Math.Max(2, options.MinSemiSpaceSize >> WriteBarrier.PageSizeLog2);
        _maxPages = Math.Max(_minPages, options.MaxSemiSpaceSize >> WriteBarrier.PageSizeLog2);
        _targetPages = _limitPages = _minPages;
    }

    public int FirstPage => _firstPage;

    public int Pages { get; private set; }

    public int CapacityPages => _targetPages;

    public int FromPages { get; private set; }

    /// <summary>
    /// A buffer of at least the given size: a free part of a page in use, else a page, as long as the semispace has room or
    /// <paramref name="force"/> is set.
    /// </summary>
    public bool TryTakeBuffer(ulong sizeInBytes, bool force, out ulong start, out ulong end)
    {
        ulong previous = 0;
        for (ulong chunk = _chunks; chunk != 0; chunk = *(ulong*)(chunk + FreeSpace.NextOffset))
        {
            ulong size = *(ulong*)(chunk + FreeSpace.SizeInBytesOffset);
            if (size >= sizeInBytes)
            {
                ulong next = *(ulong*)(chunk + FreeSpace.NextOffset);
                if (previous == 0)
                {
                    _chunks = next;
                }
                else
                {
                    *(ulong*)(previous + FreeSpace.NextOffset) = next;
                }

                start = chunk;
                end = chunk + size;
                return true;
            }

            previous = chunk;
        }

        start = end = 0;
        if (Pages >= _limitPages && !force)
        {
            return false;
        }

        int page = TakePage();
        if (page < 0)
        {
            return false;
        }

        start = _reservation.Descriptors[page].Start;
        end = _reservation.Descriptors[page].Limit;
        return true;
    }

    /// <summary>Takes the rest of a buffer back; it is a dead object from now on, and may be handed out again.</summary>
    public void ReturnBuffer(ulong top, ulong limit)
    {
        if (top < limit)
        {
            _fillers.Write(top, limit - top);
            AddChunk(top, limit - top);
        }
    }

    /// <summary>A page for survivors; -1 if none can be had.</summary>
    public int TakePage()
    {
        int page = _reservation.AllocatePages(1, SpaceId.Young, WriteBarrier.YoungFlag);
        if (page >= 0)
        {
            PageDescriptor* descriptor = _reservation.Descriptors + page;
            descriptor->AgeMark = descriptor->Start;
            descriptor->Next = _firstPage;
            _firstPage = page;
            Pages++;
        }

        return page;
    }

    /// <summary>All pages become from-space.</summary>
    /// <param name="tenuresAll">Whether what survives is promoted whatever its age.</param>
    public void Flip(bool tenuresAll)
    {
        for (int page = _firstPage; page >= 0;)
        {
            PageDescriptor* descriptor = _reservation.Descriptors + page;
            _reservation.Kinds[page] = tenuresAll ? PageKind.FromAged
                : descriptor->AgeMark <= descriptor->Start ? PageKind.FromFresh
                : descriptor->AgeMark >= descriptor->Limit ? PageKind.FromAged
                : PageKind.FromMixed;
            page = descriptor->Next;
        }

        _fromFirst = _firstPage;
        FromPages = Pages;
        _firstPage = -1;
        Pages = 0;
        _chunks = 0;
    }

    /// <summary>
    /// From-space is given back, except pages with pinned objects: those stay, with everything else on them turned into free
    /// parts. Nothing on them counts as a survivor: being pinned is no sign of a long life (D5).
    /// </summary>
    /// <param name="trace">Told of the pages.</param>
    /// <param name="pinnedTo">The space that gets the pages with pinned objects; null if they stay young.</param>
    public void ReleaseFromSpace(GcTrace trace, PagedSpace? pinnedTo)
    {
#if CHECKED
        ReleaseQuarantine();
#endif
        for (int page = _fromFirst; page >= 0;)
        {
            PageDescriptor* descriptor = _reservation.Descriptors + page;
            int next = descriptor->Next;
            if (descriptor->PinnedObjects == 0)
            {
                trace.FreedPages++;
#if CHECKED
                Quarantine(page);
#else
                _reservation.ReleasePages(page, 1);
#endif
            }
            else
            {
                trace.PinnedPages++;
                KeepPinned(page, descriptor, pinnedTo);
            }

            page = next;
        }

        _fromFirst = -1;
        for (int page = _firstPage; page >= 0; page = _reservation.Descriptors[page].Next)
        {
            _reservation.Kinds[page] = PageKind.None;
        }
    }

    /// <summary>Adapts the semispace to what survived, and sets how far allocation may go.</summary>
    public void Resize(long survivedBytes)
    {
        _survivedSinceGrowth += survivedBytes;
        if (_survivedSinceGrowth > (long)_targetPages << WriteBarrier.PageSizeLog2 && _targetPages < _maxPages)
        {
            _targetPages = Math.Min(_maxPages, _targetPages * 2);
            _survivedSinceGrowth = 0;
        }

        _limitPages = Math.Max(_targetPages, Pages + Math.Max(1, _targetPages / 2));
    }

    /// <summary>After a full collection that found little young life.</summary>
    public void Shrink()
    {
        _targetPages = Math.Max(_minPages, _targetPages / 2);
        _limitPages = Math.Max(_targetPages, Pages + 1);
    }

    /// <summary>After marking: dead young objects become fillers, because their maps may be gone (HEAP-8).</summary>
    public void Sweep()
    {
        for (int page = _firstPage; page >= 0; page = _reservation.Descriptors[page].Next)
        {
            PageDescriptor* descriptor = _reservation.Descriptors + page;
            for (ulong at = descriptor->Start; at < descriptor->Limit;)
            {
                ulong map = *(ulong*)at;
                int size = HeapLayouts.SizeOf(at, map);
                // Free parts keep their identity: they are linked as chunks.
                if (!Marker.IsMarked(_reservation, at) && !FillerMaps.IsFiller(map))
                {
                    _fillers.Write(at, (ulong)size);
                }

                at += (ulong)size;
            }

            _reservation.ClearMarks(page);
        }
    }

    /// <summary>Bytes of objects on young pages, the dead included.</summary>
    public long CountUsedBytes()
    {
        long used = 0;
        for (int page = _firstPage; page >= 0; page = _reservation.Descriptors[page].Next)
        {
            used += (long)(_reservation.Descriptors[page].Limit - _reservation.Descriptors[page].Start);
        }

        for (ulong chunk = _chunks; chunk != 0; chunk = *(ulong*)(chunk + FreeSpace.NextOffset))
        {
            used -= *(long*)(chunk + FreeSpace.SizeInBytesOffset);
        }

        return used;
    }

    public void ReleaseAll()
    {
#if CHECKED
        ReleaseQuarantine();
        _quarantine.Free();
#endif
        for (int page = _firstPage; page >= 0;)
        {
            int next = _reservation.Descriptors[page].Next;
            _reservation.ReleasePages(page, 1);
            page = next;
        }

        _firstPage = -1;
        Pages = 0;
        _chunks = 0;
    }

    private void KeepPinned(int page, PageDescriptor* descriptor, PagedSpace? space)
    {
        space?.Adopt(page);
        ulong pageStart = _reservation.AddressOf(page);
        ulong* pins = _reservation.SlotBits + ((nuint)page * RememberedSet.WordsPerPage);
        ulong gap = descriptor->Start;
        for (int word = 0; word < RememberedSet.WordsPerPage; word++)
        {
            ulong bits = pins[word];
            pins[word] = 0;
            while (bits != 0)
            {
                ulong at = pageStart + ((ulong)((word << 6) + BitOperations.TrailingZeroCount(bits)) << 3);
                bits &= bits - 1;
                FreePart(gap, at, space);
                gap = at + (ulong)HeapLayouts.SizeOf(at, *(ulong*)at);
            }
        }

        FreePart(gap, descriptor->Limit, space);
        descriptor->PinnedObjects = 0;
        _reservation.Kinds[page] = PageKind.None;
        if (space is null)
        {
            descriptor->AgeMark = descriptor->Start;
            descriptor->Next = _firstPage;
            _firstPage = page;
            Pages++;
        }
    }

    private void FreePart(ulong start, ulong end, PagedSpace? space)
    {
        if (space is not null)
        {
            space.ReturnBuffer(start, end);
        }
        else if (start < end)
        {
            _fillers.Write(start, end - start);
            AddChunk(start, end - start);
        }
    }

    private void AddChunk(ulong start, ulong sizeInBytes)
    {
        if (sizeInBytes >= SmallestChunk)
        {
            *(ulong*)(start + FreeSpace.NextOffset) = _chunks;
            _chunks = start;
        }
    }

#if CHECKED
    /// <summary>A stale pointer into from-space faults at once until the next scavenge.</summary>
    private void Quarantine(int page)
    {
        ulong address = _reservation.AddressOf(page);
        new Span<ulong>((void*)address, (int)(WriteBarrier.PageSize / 8)).Fill(0xDBDB_DBDB_DBDB_DBD9);
        _ = Base.OsMemory.SetAccess(address, WriteBarrier.PageSize, Base.MemoryAccess.None);
        _reservation.Kinds[page] = PageKind.None;
        _reservation.Descriptors[page].Space = SpaceId.Free;
        _quarantine.Add((ulong)page);
    }

    private void ReleaseQuarantine()
    {
        while (_quarantine.TryPop(out ulong page))
        {
            _reservation.ReleasePages((int)page, 1);
        }
    }
#endif
}
