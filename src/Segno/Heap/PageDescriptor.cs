using System.Runtime.InteropServices;

namespace Segno.Heap;

/// <summary>What the heap knows of a page, kept apart from the page: one row per page of the reservation.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PageDescriptor
{
    /// <summary>The page whose descriptor speaks for this one: itself, or the first page of a large object (D1).</summary>
    public int FirstPage;
    public int PageCount;
    /// <summary>The next page of the space's list; -1 ends it.</summary>
    public int Next;
    public SpaceId Space;
    /// <summary>The collection stage for which the object-start table was built.</summary>
    public int StartsEpoch;
    public int PinnedObjects;
    /// <summary>The first address of the object area.</summary>
    public ulong Start;
    /// <summary>The end of the object area; the last word of a page is never part of an object (one-past-end addresses stay in the page).</summary>
    public ulong Limit;
    /// <summary>Objects below this address have survived one scavenge (young pages).</summary>
    public ulong AgeMark;
    /// <summary>The size of a large object in bytes.</summary>
    public long ObjectSize;
}
