namespace Segno.Base;

/// <summary>
/// A test mode of the optimizing compiler: where a choice changes only what the code is like, never what it does, another one is made. A
/// choice depends on the seed and on what is chosen, not on when: a compilation is the same in every run and in every attempt.
/// </summary>
/// <param name="seed">0 for the choices that are made otherwise.</param>
internal readonly struct Perturbation(int seed)
{
    private readonly ulong _seed = (uint)seed;

    public bool IsOn => _seed != 0;

    /// <summary>Other choices for each function.</summary>
    public Perturbation For(string name)
    {
        if (!IsOn)
        {
            return this;
        }

        ulong hash = _seed;
        foreach (char c in name)
        {
            hash = Mix(hash ^ c);
        }

        return new Perturbation((int)(hash >> 33) | 1);
    }

    /// <summary>Whether to choose otherwise; about once in <paramref name="n"/> times.</summary>
    public bool OneIn(int n, long first, long second = 0) => IsOn && Below(n, first, second) == 0;

    /// <summary>From 0 to below a limit; 0 if nothing is to be changed.</summary>
    public int Below(int limit, long first, long second = 0) => IsOn ? (int)(Mix(Mix(_seed ^ (ulong)first) ^ (ulong)second) % (ulong)limit) : 0;

    /// <summary>Another order; the same one if nothing is to be changed.</summary>
    public void Shuffle<T>(Span<T> items, long key)
    {
        for (int i = items.Length - 1; IsOn && i > 0; i--)
        {
            int j = Below(i + 1, key, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The last step of SplitMix64 (Steele, Lea, Flood): a bijection, in which each bit of the input touches all of the output.</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
