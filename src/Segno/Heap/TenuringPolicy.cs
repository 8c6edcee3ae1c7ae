namespace Segno.Heap;

/// <summary>
/// Decides from what scavenges find how soon objects become old: after one survival, at the first, or from the start.
/// </summary>
/// <remarks>
/// Where nearly all survives, as while a large structure is built or kept up, copying gains nothing. Then the next scavenge promotes
/// whatever survives, and if it finds the same, agents allocate in the old generation for a while: they pretenure. While they do there are
/// no young objects at all, so code that stores into an object it has just allocated may go on without a barrier. Each collection ends
/// the run, and the young generation is tried again; the better it was, the longer the next run.
/// </remarks>
internal sealed class TenuringPolicy(long smallestSample)
{
    /// <summary>The longest run, in fillings of the young generation: so much garbage at most waits for a full collection, should all begin to die young.</summary>
    private const int LongestRun = 16;

    private int _run = 1;
    private long _budget;

    /// <summary>Whether the next scavenge promotes whatever survives.</summary>
    public bool TenuresAll { get; private set; }

    /// <summary>Whether agents allocate in the old generation until the next collection.</summary>
    public bool Pretenures { get; private set; }

    /// <summary>A scavenge knows what survived. What it calls for holds from its end on.</summary>
    public void Learn(long youngBytes, long survivedBytes, long capacityInBytes)
    {
        if (youngBytes < smallestSample)
        {
            // Little is saved where the young generation is small, and little is known. After a run it was hardly used.
            TenuresAll = Pretenures;
            Pretenures = false;
            return;
        }

        Pretenures = TenuresAll && survivedBytes >= youngBytes / 10 * 9;
        _run = Pretenures ? Math.Min(_run * 2, LongestRun) : 1;
        _budget = _run * capacityInBytes;
        TenuresAll = survivedBytes >= youngBytes / 4 * 3;
    }

    /// <summary>Whether the run is to end: agents have got what it was meant to give.</summary>
    public bool IsExhausted => _budget <= 0;

    /// <summary>An agent got a buffer of the old generation.</summary>
    public void Take(long sizeInBytes) => _budget -= sizeInBytes;
}
