using Segno.Layouts;

namespace Segno.Heap;

/// <summary>What is where: bytes per space, and objects and bytes per instance type. Found by walking the pages.</summary>
internal sealed unsafe class HeapStatistics
{
    private readonly long[] _countByType = new long[256];
    private readonly long[] _bytesByType = new long[256];
    private readonly long[] _pagesBySpace = new long[(int)SpaceId.Count];
    private readonly long[] _bytesBySpace = new long[(int)SpaceId.Count];

    public long FreeBytes { get; private set; }

    public long CommittedBytes { get; private set; }

    /// <summary>Counts objects, dead ones that no collection has found yet included. The world is stopped or has one agent.</summary>
    public static HeapStatistics Capture(ClusterHeap heap)
    {
        var statistics = new HeapStatistics();
        heap.RetireAllBuffers();
        HeapReservation reservation = heap.Reservation;
        statistics.CommittedBytes = (long)reservation.CommittedPages << WriteBarrier.PageSizeLog2;
        for (int page = 0; page < reservation.CommittedPages; page++)
        {
            PageDescriptor* descriptor = reservation.Descriptors + page;
            if (descriptor->Space == SpaceId.Free || descriptor->FirstPage != page)
            {
                continue;
            }

            statistics._pagesBySpace[(int)descriptor->Space] += descriptor->PageCount;
            ulong end = descriptor->Space == SpaceId.Large ? descriptor->Start + (ulong)descriptor->ObjectSize : descriptor->Limit;
            for (ulong at = descriptor->Start; at < end;)
            {
                ulong map = *(ulong*)at;
                int size = HeapLayouts.SizeOf(at, map);
                statistics.Add(descriptor->Space, map, size);
                at += (ulong)size;
            }
        }

        return statistics;
    }

    public long ObjectsOf(InstanceType type) => _countByType[(int)type];

    public long BytesOf(InstanceType type) => _bytesByType[(int)type];

    public long PagesOf(SpaceId space) => _pagesBySpace[(int)space];

    public long BytesOf(SpaceId space) => _bytesBySpace[(int)space];

    private void Add(SpaceId space, ulong map, int size)
    {
        if (FillerMaps.IsFiller(map))
        {
            FreeBytes += size;
            return;
        }

        int type = *(ushort*)(map + Map.InstanceTypeOffset);
        _countByType[type]++;
        _bytesByType[type] += size;
        _bytesBySpace[(int)space] += size;
    }
}
