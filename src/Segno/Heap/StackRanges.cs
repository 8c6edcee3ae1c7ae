namespace Segno.Heap;

/// <summary>The roots of the stopped stacks, collected once per pause, before anything moves.</summary>
internal sealed unsafe class StackRanges
{
    private NativeList _precise;
    private NativeList _conservative;

    /// <summary>Slots that hold values.</summary>
    public void AddPrecise(ulong* start, ulong* end)
    {
        _precise.Add((ulong)start);
        _precise.Add((ulong)end);
    }

    /// <summary>Words that may or may not be addresses: [start, end), rounded to words.</summary>
    public void AddConservative(ulong start, ulong end)
    {
        start = (start + 7) & ~7UL;
        end &= ~7UL;
        if (start < end)
        {
            _conservative.Add(start);
            _conservative.Add(end);
        }
    }

    internal int PreciseCount => _precise.Count / 2;

    internal int ConservativeCount => _conservative.Count / 2;

    internal (ulong Start, ulong End) Precise(int index) => (_precise[index * 2], _precise[(index * 2) + 1]);

    internal (ulong Start, ulong End) Conservative(int index) => (_conservative[index * 2], _conservative[(index * 2) + 1]);

    internal void Clear()
    {
        _precise.Clear();
        _conservative.Clear();
    }

    internal void Free()
    {
        _precise.Free();
        _conservative.Free();
    }
}
