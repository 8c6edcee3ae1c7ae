using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Finds the object that a word points into (D5). The table of a page is built by one walk when the first word asks for the
/// page, and holds for one stage of a collection.
/// </summary>
internal static unsafe class ObjectStarts
{
    private const int BlockSizeLog2 = 9;

    /// <summary>The start of the live-or-dead object that contains the address; 0 if it lies in free memory or in no object.</summary>
    public static ulong Find(HeapReservation reservation, PageDescriptor* page, ulong address, int epoch)
    {
        if (address < page->Start || address >= page->Limit)
        {
            return 0;
        }

        if (page->Space == SpaceId.Large)
        {
            return address < page->Start + (ulong)page->ObjectSize ? page->Start : 0;
        }

        int index = (int)(page - reservation.Descriptors);
        ulong pageStart = reservation.AddressOf(index);
        ushort* starts = reservation.StartsOf(index);
        if (page->StartsEpoch != epoch)
        {
            Build(page, pageStart, starts);
            page->StartsEpoch = epoch;
        }

        ulong distance = address - pageStart;
        int block = (int)(distance >> BlockSizeLog2);
        while (starts[block] == 0 || (ulong)(starts[block] - 1) << 3 > distance)
        {
            block--;
        }

        ulong at = pageStart + ((ulong)(starts[block] - 1) << 3);
        while (true)
        {
            ulong map = *(ulong*)at;
            ulong next = at + (ulong)HeapLayouts.SizeOf(at, map);
            if (address < next)
            {
                return FillerMaps.IsFiller(map) ? 0 : at;
            }

            at = next;
        }
    }

    private static void Build(PageDescriptor* page, ulong pageStart, ushort* starts)
    {
        new Span<ushort>(starts, 1 << (WriteBarrier.PageSizeLog2 - BlockSizeLog2)).Clear();
        ulong at = page->Start;
        ulong limit = page->Limit;
        int lastBlock = -1;
        while (at < limit)
        {
            ulong distance = at - pageStart;
            int block = (int)(distance >> BlockSizeLog2);
            if (block != lastBlock)
            {
                starts[block] = (ushort)((distance >> 3) + 1);
                lastBlock = block;
            }

            at += (ulong)HeapLayouts.SizeOf(at, *(ulong*)at);
        }
    }
}
