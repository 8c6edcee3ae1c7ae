using System.Diagnostics;

namespace Segno.Heap;

/// <summary>
/// Between its ends nothing is allocated, so nothing moves and raw addresses stay good (HEAP-4). Checked builds refuse an
/// allocation or a poll inside.
/// </summary>
internal readonly ref struct NoAllocationScope
{
#if CHECKED
    private readonly LocalHeap _local;
    private readonly int _collectionCount;

    public NoAllocationScope(LocalHeap local)
    {
        _local = local;
        _collectionCount = local.Heap.CollectionCount;
        local.NoAllocationDepth++;
    }

    public void Dispose()
    {
        _local.NoAllocationDepth--;
        if (_local.Heap.CollectionCount != _collectionCount)
        {
            throw new UnreachableException("HEAP-4: a collection ran inside a no-allocation scope");
        }
    }
#else
    public NoAllocationScope(LocalHeap local)
    {
        _ = local;
    }

    public void Dispose()
    {
    }
#endif
}
