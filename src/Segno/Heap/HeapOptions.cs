namespace Segno.Heap;

/// <summary>Sizes and test switches of a heap; sizes in bytes.</summary>
internal sealed record HeapOptions
{
    public static readonly HeapOptions Default = new();

    public int MinSemiSpaceSize { get; init; } = 1 << 20;

    public int MaxSemiSpaceSize { get; init; } = 16 << 20;

    /// <summary>The old generation is first collected when it has grown to this size.</summary>
    public long InitialOldGenerationLimit { get; init; } = 64L << 20;

    /// <summary>Beyond this size the old generation is collected after little growth.</summary>
    public long SoftLimit { get; init; } = 1536L << 20;

    /// <summary>Beyond this size an allocation throws <see cref="HeapLimitException"/>.</summary>
    public long HardLimit { get; init; } = 2048L << 20;

    /// <summary>How much a scavenge must find in the young generation to conclude anything for those that follow; see <see cref="TenuringPolicy"/>.</summary>
    public long SmallestTenuringSample { get; init; } = 4L << 20;

    /// <summary>Collect at every n-th allocation; 0 is off (<c>--gc-interval</c>).</summary>
    public int GcInterval { get; init; }

    /// <summary>With <see cref="GcInterval"/>: every n-th of those collections is a full one; 0 for none.</summary>
    public int FullGcInterval { get; init; }

    /// <summary>Trace the heap independently before and after each collection (<c>--verify-heap</c>).</summary>
    public bool VerifyHeap { get; init; }

    /// <summary>With <see cref="VerifyHeap"/>: around each n-th collection only. Most of what is broken stays broken until then.</summary>
    public int VerifyInterval { get; init; } = 1;

    /// <summary>Install forwarding words by compare-and-swap even with one worker.</summary>
    public bool AtomicForwarding { get; init; }
}
