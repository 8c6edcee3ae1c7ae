using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Base;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The address range of one heap with its side tables (D1). Reserved once, committed in chunks, recycled as a whole between
/// the heaps of the process (D17).
/// </summary>
/// <remarks>
/// All side tables are indexed by the distance from <see cref="Base"/>: mark bits and slot bits have one bit per word of the
/// heap, so a bit is found by arithmetic, in large objects too. They are sparse mappings: untouched parts cost nothing.
/// </remarks>
internal sealed unsafe class HeapReservation
{
    public const int HeaderSize = 64;
    private const ulong LargestReservation = 64UL << 30;
    private const ulong SmallestReservation = 1UL << 30;
    private const int CommitChunkInPages = 16;
    private const int StartsPerPage = 512;

    private ulong _freeHint;
    private ulong* _free;
    private ulong* _touched;
    private ulong* _idle;
    private ulong _tables;
    private ulong _tablesSize;
    private int _committed;
    private int _freeCount;

    private HeapReservation(ulong start, ulong size)
    {
        Base = start;
        SizeInBytes = size;
        PageCount = (int)(size >> WriteBarrier.PageSizeLog2);
    }

    public ulong Base { get; }

    public ulong SizeInBytes { get; }

    public int PageCount { get; }

    /// <summary>Pages below this index have been committed at some time.</summary>
    public int CommittedPages => _committed;

    public int FreePages => _freeCount;

    public PageDescriptor* Descriptors { get; private set; }

    /// <summary>One <see cref="PageKind"/> per page; all <see cref="PageKind.None"/> outside scavenges.</summary>
    public byte* Kinds { get; private set; }

    /// <summary>One byte per page: <see cref="RememberedSet.StrongSlots"/>, <see cref="RememberedSet.WeakSlots"/>.</summary>
    public byte* SlotPages { get; private set; }

    public ulong* MarkBits { get; private set; }

    public ulong* SlotBits { get; private set; }

    public ulong* WeakSlotBits { get; private set; }

    /// <summary>512 entries per page: where the first object of each 512-byte block starts, in words plus one; 0 for none.</summary>
    public ushort* Starts { get; private set; }

    public static HeapReservation Create()
    {
        for (ulong size = LargestReservation; size >= SmallestReservation; size >>= 1)
        {
            ulong start = OsMemory.Reserve(size, (ulong)CommitChunkInPages << WriteBarrier.PageSizeLog2);
            if (start == 0)
            {
                continue;
            }

            var reservation = new HeapReservation(start, size);
            if (reservation.MapTables())
            {
                return reservation;
            }

            OsMemory.Release(start, size);
        }

        throw new OutOfMemoryException("no address space for a heap");
    }

    private bool MapTables()
    {
        ulong pages = (ulong)PageCount;
        ulong bits = SizeInBytes / 64;
        ulong pageBits = (((pages + 63) / 64 * 8) + 4095) & ~4095UL;
        ulong descriptors = pages * (ulong)sizeof(PageDescriptor);
        ulong starts = pages * StartsPerPage * sizeof(ushort);
        _tablesSize = (3 * bits) + (3 * pageBits) + descriptors + starts + (2 * pages);
        _tables = OsMemory.MapSparse(_tablesSize);
        if (_tables == 0)
        {
            return false;
        }

        ulong at = _tables;
        MarkBits = (ulong*)at;
        SlotBits = (ulong*)(at += bits);
        WeakSlotBits = (ulong*)(at += bits);
        Starts = (ushort*)(at += bits);
        Descriptors = (PageDescriptor*)(at += starts);
        _free = (ulong*)(at += descriptors);
        _touched = (ulong*)(at += pageBits);
        _idle = (ulong*)(at += pageBits);
        Kinds = (byte*)(at += pageBits);
        SlotPages = (byte*)(at + pages);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ulong address) => address - Base < SizeInBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PageIndexOf(ulong address) => (int)((address - Base) >> WriteBarrier.PageSizeLog2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AddressOf(int page) => Base + ((ulong)(uint)page << WriteBarrier.PageSizeLog2);

    /// <summary>The descriptor that speaks for an address of the range, in large objects that of the first page.</summary>
    public PageDescriptor* DescriptorOf(ulong address)
    {
        PageDescriptor* own = Descriptors + PageIndexOf(address);
        return own->Space == SpaceId.Free ? own : Descriptors + own->FirstPage;
    }

    public ushort* StartsOf(int page) => Starts + ((long)page * StartsPerPage);

    /// <summary>Takes contiguous pages, lowest first; -1 if the range is exhausted or the system refuses to commit.</summary>
    public int AllocatePages(int count, SpaceId space, ulong flags)
    {
        int page = FindFree(count);
        while (page < 0)
        {
            if (!CommitMore(count))
            {
                return -1;
            }

            page = FindFree(count);
        }

        for (int i = 0; i < count; i++)
        {
            int at = page + i;
            ulong bit = 1UL << (at & 63);
            _free[at >> 6] &= ~bit;
            _idle[at >> 6] &= ~bit;
            _touched[at >> 6] |= bit;
            PageDescriptor* descriptor = Descriptors + at;
            *descriptor = default;
            descriptor->Space = space;
            descriptor->FirstPage = page;
            descriptor->Next = -1;
        }

        _freeCount -= count;
        ulong address = AddressOf(page);
#if CHECKED
        _ = OsMemory.SetAccess(address, (ulong)count << WriteBarrier.PageSizeLog2, MemoryAccess.ReadWrite);
#endif
        PageDescriptor* first = Descriptors + page;
        first->PageCount = count;
        first->Start = address + HeaderSize;
        first->Limit = address + ((ulong)count << WriteBarrier.PageSizeLog2) - 8;
        *(ulong*)(address + WriteBarrier.PageFlagsOffset) = flags;
        return page;
    }

    /// <summary>Gives pages back; they stay resident until <see cref="Trim"/> finds them idle.</summary>
    public void ReleasePages(int page, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int at = page + i;
            _free[at >> 6] |= 1UL << (at & 63);
            Descriptors[at].Space = SpaceId.Free;
            Kinds[at] = PageKind.None;
            ClearSlots(at);
        }

        _freeCount += count;
        _freeHint = Math.Min(_freeHint, (ulong)page >> 6);
    }

    /// <summary>Empties the remembered set of one page.</summary>
    public void ClearSlots(int page)
    {
        byte kinds = SlotPages[page];
        if (kinds == 0)
        {
            return;
        }

        nuint offset = (nuint)page * RememberedSet.WordsPerPage;
        if ((kinds & RememberedSet.StrongSlots) != 0)
        {
            NativeMemory.Clear(SlotBits + offset, RememberedSet.WordsPerPage * 8);
        }

        if ((kinds & RememberedSet.WeakSlots) != 0)
        {
            NativeMemory.Clear(WeakSlotBits + offset, RememberedSet.WordsPerPage * 8);
        }

        SlotPages[page] = 0;
    }

    public void ClearMarks(int page) =>
        NativeMemory.Clear(MarkBits + ((nuint)page * RememberedSet.WordsPerPage), RememberedSet.WordsPerPage * 8);

    /// <summary>Gives back the memory of pages that have been free since the last call.</summary>
    public int Trim()
    {
        int trimmed = 0;
        for (int word = 0; word < (_committed + 63) >> 6; word++)
        {
            ulong cold = _free[word] & _touched[word] & _idle[word];
            _idle[word] = _free[word];
            while (cold != 0)
            {
                int first = BitOperations.TrailingZeroCount(cold);
                int run = BitOperations.TrailingZeroCount(~(cold >> first));
                ulong mask = (run == 64 ? ulong.MaxValue : (1UL << run) - 1) << first;
                ulong start = AddressOf((word << 6) + first);
#if CHECKED
                _ = OsMemory.SetAccess(start, (ulong)run << WriteBarrier.PageSizeLog2, MemoryAccess.ReadWrite);
#endif
                OsMemory.Discard(start, (ulong)run << WriteBarrier.PageSizeLog2);
                _touched[word] &= ~mask;
                cold &= ~mask;
                trimmed += run;
            }
        }

        return trimmed;
    }

    /// <summary>How many more pages can be had at all.</summary>
    public int AvailablePages => _freeCount + (PageCount - _committed);

    public void Release()
    {
        OsMemory.Release(_tables, _tablesSize);
        OsMemory.Release(Base, SizeInBytes);
    }

    private int FindFree(int count)
    {
        if (_freeCount < count)
        {
            return -1;
        }

        int words = (_committed + 63) >> 6;
        if (count == 1)
        {
            for (int word = (int)_freeHint; word < words; word++)
            {
                if (_free[word] != 0)
                {
                    _freeHint = (ulong)word;
                    return (word << 6) + BitOperations.TrailingZeroCount(_free[word]);
                }
            }

            _freeHint = (ulong)words;
            return -1;
        }

        int run = 0;
        for (int page = (int)_freeHint << 6; page < _committed; page++)
        {
            if (_free[page >> 6] == 0)
            {
                run = 0;
                page |= 63;
                continue;
            }

            run = (_free[page >> 6] & (1UL << (page & 63))) != 0 ? run + 1 : 0;
            if (run == count)
            {
                return page - count + 1;
            }
        }

        return -1;
    }

    private bool CommitMore(int count)
    {
        int pages = Math.Min((count + CommitChunkInPages - 1) / CommitChunkInPages * CommitChunkInPages, PageCount - _committed);
        if (pages <= 0 || !OsMemory.Commit(AddressOf(_committed), (ulong)pages << WriteBarrier.PageSizeLog2))
        {
            return false;
        }

        for (int page = _committed; page < _committed + pages; page++)
        {
            _free[page >> 6] |= 1UL << (page & 63);
            Descriptors[page].FirstPage = page;
        }

        _freeHint = Math.Min(_freeHint, (ulong)_committed >> 6);
        _committed += pages;
        _freeCount += pages;
        return true;
    }
}
