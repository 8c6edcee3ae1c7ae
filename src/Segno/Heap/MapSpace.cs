using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Cells for maps, on pages of their own where nothing moves: guards embed their addresses (D9). A cell is reused only after
/// a full marking has not reached it.
/// </summary>
internal sealed unsafe class MapSpace(HeapReservation reservation, FillerMaps fillers)
{
    private const ulong CellSize = Map.HeaderSize;

    /// <summary>A page becomes cells in portions, so that a small heap does not touch all of it.</summary>
    private const ulong CellsPerPortion = 64;

    private ulong _freeCells;

    /// <summary>The page that is not all cells yet (its limit says how far), or -1.</summary>
    private int _growingPage = -1;
    private int _firstPage = -1;

    public int FirstPage => _firstPage;

    public int Pages { get; private set; }

    public long UsedBytes { get; private set; }

    /// <summary>A cell, 0 if no page can be had.</summary>
    public ulong Allocate()
    {
        if (_freeCells == 0 && !AddPortion() && !TakePage())
        {
            return 0;
        }

        ulong cell = _freeCells;
        _freeCells = *(ulong*)(cell + FreeSpace.NextOffset);
        UsedBytes += (long)CellSize;
        return cell;
    }

    /// <summary>Adjacent cells at the start of a new page, which goes on growing behind them; 0 if no page can be had.</summary>
    public ulong AllocateRun(int count)
    {
        // What the page before has left becomes cells at once: only one page grows.
        while (AddPortion())
        {
        }

        int page = LinkPage();
        if (page < 0)
        {
            return 0;
        }

        PageDescriptor* descriptor = reservation.Descriptors + page;
        descriptor->Limit = descriptor->Start + ((ulong)count * CellSize);
        UsedBytes += count * (long)CellSize;
        return descriptor->Start;
    }

    /// <summary>The cell that an address points into, or 0 if it is none or free.</summary>
    public static ulong Find(PageDescriptor* page, ulong address)
    {
        if (address < page->Start || address >= page->Limit)
        {
            return 0;
        }

        ulong cell = page->Start + ((address - page->Start) / CellSize * CellSize);
        return cell + CellSize <= page->Limit && !FillerMaps.IsFiller(*(ulong*)cell) ? cell : 0;
    }

    public long Sweep(ref int freedPages)
    {
        long before = UsedBytes;
        _freeCells = 0;
        UsedBytes = 0;
        int previous = -1;
        for (int page = _firstPage; page >= 0;)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            int next = descriptor->Next;
            ulong savedFree = _freeCells;
            long live = SweepPage(descriptor);
            reservation.ClearMarks(page);
            if (live == 0)
            {
                _freeCells = savedFree;
                _growingPage = _growingPage == page ? -1 : _growingPage;
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
            else
            {
                UsedBytes += live;
                previous = page;
            }

            page = next;
        }

        return before - UsedBytes;
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
        _growingPage = -1;
        Pages = 0;
        UsedBytes = 0;
        _freeCells = 0;
    }

    private bool TakePage() => LinkPage() >= 0 && AddPortion();

    /// <summary>A new page without a cell, which is the growing one; -1 if none can be had.</summary>
    private int LinkPage()
    {
        int page = reservation.AllocatePages(1, SpaceId.Map, 0);
        if (page >= 0)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            descriptor->Next = _firstPage;
            _firstPage = page;
            Pages++;
            descriptor->Limit = descriptor->Start;
            _growingPage = page;
        }

        return page;
    }

    private bool AddPortion()
    {
        if (_growingPage < 0)
        {
            return false;
        }

        PageDescriptor* descriptor = reservation.Descriptors + _growingPage;
        ulong end = reservation.AddressOf(_growingPage) + WriteBarrier.PageSize;
        ulong cells = Math.Min((end - descriptor->Limit) / CellSize, CellsPerPortion);
        if (cells == 0)
        {
            _growingPage = -1;
            return false;
        }

        for (ulong i = cells; i-- > 0;)
        {
            AddFree(descriptor->Limit + (i * CellSize));
        }

        descriptor->Limit += cells * CellSize;
        return true;
    }

    private long SweepPage(PageDescriptor* descriptor)
    {
        long live = 0;
        for (ulong cell = descriptor->Start; cell + CellSize <= descriptor->Limit; cell += CellSize)
        {
            if (Marker.IsMarked(reservation, cell))
            {
                live += (long)CellSize;
                continue;
            }

            RememberedSet.Remove(reservation, cell, cell + CellSize);
            AddFree(cell);
        }

        return live;
    }

    private void AddFree(ulong cell)
    {
        fillers.Write(cell, CellSize);
        *(ulong*)(cell + FreeSpace.NextOffset) = _freeCells;
        _freeCells = cell;
    }
}
