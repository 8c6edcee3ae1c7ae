namespace Segno.Differential.Generation;

/// <summary>A sequence of random choices that depends on the seed alone, on every machine.</summary>
internal sealed class Choice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>SplitMix64: each step is a bijection of a counter, so no seed is bad.</summary>
    private ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool OneIn(int n) => Below(n) == 0;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    public T PickFrom<T>(List<T> items) => items[Below(items.Count)];
}
