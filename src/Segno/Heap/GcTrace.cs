namespace Segno.Heap;

/// <summary>
/// What one collection did (<c>--trace-gc</c>). One instance per heap, filled during the pause and shown to the sink after
/// it (HEAP-5): a sink copies what it wants to keep.
/// </summary>
internal sealed class GcTrace
{
    public int Number;
    public CollectionKind Kind;
    public CollectionReason Reason;
    public long BytesBefore;
    public long BytesAfter;
    public long YoungBytesBefore;
    public long YoungBytesAfter;
    public long CopiedBytes;
    public long PromotedBytes;
    public long CopiedObjects;
    public long PromotedObjects;
    public int PinnedObjects;
    public int PinnedPages;
    public long StoreBufferEntries;
    public long StoreBufferDistinct;
    public long RememberedSlots;
    public long WeakVisited;
    public long WeakCleared;
    public long MarkedObjects;
    public long MarkedBytes;
    public long SweptBytes;
    public int FreedPages;
    public double PauseMicroseconds;
    public double ScavengeMicroseconds;
    public double MarkMicroseconds;
    public double SweepMicroseconds;
    /// <summary>Root slots visited, by <see cref="RootSection"/>.</summary>
    public readonly long[] RootsBySection = new long[(int)RootSection.Count];

    public void Reset()
    {
        BytesBefore = BytesAfter = YoungBytesBefore = YoungBytesAfter = 0;
        CopiedBytes = PromotedBytes = CopiedObjects = PromotedObjects = 0;
        PinnedObjects = PinnedPages = 0;
        StoreBufferEntries = StoreBufferDistinct = RememberedSlots = 0;
        WeakVisited = WeakCleared = 0;
        MarkedObjects = MarkedBytes = SweptBytes = 0;
        FreedPages = 0;
        PauseMicroseconds = ScavengeMicroseconds = MarkMicroseconds = SweepMicroseconds = 0;
        Array.Clear(RootsBySection);
    }

    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{Number}] {Kind} ({Reason}) {BytesBefore >> 10} -> {BytesAfter >> 10} KiB, {PauseMicroseconds:F0} us; copied {CopiedBytes >> 10} KiB, promoted {PromotedBytes >> 10} KiB, pinned {PinnedObjects} on {PinnedPages} pages; store buffer {StoreBufferEntries} ({StoreBufferDistinct} distinct); weak {WeakVisited} ({WeakCleared} cleared)");
}
