using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Objects too large to copy, each on pages of its own. A young one becomes old by a change of its page's flag.
/// </summary>
internal sealed unsafe class LargeObjectSpace(HeapReservation reservation)
{
    private int _firstOld = -1;
    private int _firstYoung = -1;

    public long OldBytes { get; private set; }

    public long YoungBytes { get; private set; }

    public int Pages { get; private set; }

    public int FirstOld => _firstOld;

    public int FirstYoung => _firstYoung;

    public static int PagesFor(ulong sizeInBytes) =>
        (int)((sizeInBytes + HeapReservation.HeaderSize + 8 + WriteBarrier.PageSize - 1) >> WriteBarrier.PageSizeLog2);

    /// <summary>The object's address, 0 if no pages can be had.</summary>
    public ulong Allocate(ulong sizeInBytes, bool young)
    {
        int count = PagesFor(sizeInBytes);
        int page = reservation.AllocatePages(count, SpaceId.Large, young ? WriteBarrier.YoungFlag : 0);
        if (page < 0)
        {
            return 0;
        }

        PageDescriptor* descriptor = reservation.Descriptors + page;
        descriptor->ObjectSize = (long)sizeInBytes;
        Pages += count;
        if (young)
        {
            descriptor->Next = _firstYoung;
            _firstYoung = page;
            YoungBytes += (long)sizeInBytes;
        }
        else
        {
            descriptor->Next = _firstOld;
            _firstOld = page;
            OldBytes += (long)sizeInBytes;
        }

        return descriptor->Start;
    }

    /// <summary>At the start of a scavenge: every young large object waits to be reached.</summary>
    public void FlipYoung()
    {
        for (int page = _firstYoung; page >= 0; page = reservation.Descriptors[page].Next)
        {
            new Span<byte>(reservation.Kinds + page, reservation.Descriptors[page].PageCount).Fill(PageKind.FromLarge);
        }
    }

    /// <summary>A young object was reached: from now on its pages count as old, where they are.</summary>
    public PageDescriptor* Promote(ulong address)
    {
        PageDescriptor* descriptor = reservation.DescriptorOf(address);
        int page = descriptor->FirstPage;
        new Span<byte>(reservation.Kinds + page, descriptor->PageCount).Clear();
        *(ulong*)(reservation.AddressOf(page) + WriteBarrier.PageFlagsOffset) &= ~WriteBarrier.YoungFlag;
        return descriptor;
    }

    /// <summary>At the end of a scavenge: promoted objects join the old ones, the rest is freed.</summary>
    public void FinishScavenge(GcTrace trace)
    {
        for (int page = _firstYoung; page >= 0;)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            int next = descriptor->Next;
            if (reservation.Kinds[page] == PageKind.None)
            {
                descriptor->Next = _firstOld;
                _firstOld = page;
                OldBytes += descriptor->ObjectSize;
                trace.PromotedBytes += descriptor->ObjectSize;
                trace.PromotedObjects++;
            }
            else
            {
                Free(page, descriptor);
            }

            page = next;
        }

        _firstYoung = -1;
        YoungBytes = 0;
    }

    /// <summary>Frees unmarked objects and clears the marks of the others. There are no young ones after a scavenge.</summary>
    public long Sweep(ref int freedPages)
    {
        long before = OldBytes;
        int previous = -1;
        for (int page = _firstOld; page >= 0;)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            int next = descriptor->Next;
            if (Marker.IsMarked(reservation, descriptor->Start))
            {
                reservation.ClearMarks(page);
                previous = page;
            }
            else
            {
                if (previous < 0)
                {
                    _firstOld = next;
                }
                else
                {
                    reservation.Descriptors[previous].Next = next;
                }

                OldBytes -= descriptor->ObjectSize;
                freedPages += descriptor->PageCount;
                Free(page, descriptor);
            }

            page = next;
        }

        return before - OldBytes;
    }

    /// <summary>The object has become shorter in place; its pages stay until it dies.</summary>
    public void Trim(ulong address, ulong newSizeInBytes)
    {
        PageDescriptor* descriptor = reservation.DescriptorOf(address);
        long freed = descriptor->ObjectSize - (long)newSizeInBytes;
        descriptor->ObjectSize = (long)newSizeInBytes;
        if ((*(ulong*)(reservation.AddressOf(descriptor->FirstPage) + WriteBarrier.PageFlagsOffset) & WriteBarrier.YoungFlag) != 0)
        {
            YoungBytes -= freed;
        }
        else
        {
            OldBytes -= freed;
        }
    }

    public void ReleaseAll()
    {
        ReleaseList(_firstOld);
        ReleaseList(_firstYoung);
        _firstOld = _firstYoung = -1;
        OldBytes = YoungBytes = 0;
        Pages = 0;
    }

    private void ReleaseList(int page)
    {
        while (page >= 0)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            int next = descriptor->Next;
            reservation.ReleasePages(page, descriptor->PageCount);
            page = next;
        }
    }

    private void Free(int page, PageDescriptor* descriptor)
    {
        int count = descriptor->PageCount;
        Pages -= count;
        reservation.ReleasePages(page, count);
    }
}
