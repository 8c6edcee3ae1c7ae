namespace Segno.Bytecode;

/// <summary>A set of local registers, and perhaps the accumulator: bits in a stretch of words that liveness owns.</summary>
internal readonly ref struct RegisterSet(Span<ulong> words)
{
    private readonly Span<ulong> _words = words;

    /// <summary>Words for the sets of a function: a bit per register, one for the accumulator.</summary>
    public static int WordsFor(int registerCount) => (registerCount + 1 + 63) / 64;

    public bool HasAccumulator
    {
        get => (_words[0] & 1) != 0;
        set => _words[0] = value ? _words[0] | 1 : _words[0] & ~1UL;
    }

    public bool Contains(Register register) => Contains(register.LocalIndex);

    public bool Contains(int localIndex) => (_words[(localIndex + 1) >> 6] & (1UL << (localIndex + 1))) != 0;

    public void Add(Register register) => _words[(register.LocalIndex + 1) >> 6] |= 1UL << (register.LocalIndex + 1);

    public void Remove(Register register) => _words[(register.LocalIndex + 1) >> 6] &= ~(1UL << (register.LocalIndex + 1));

    public void CopyFrom(RegisterSet other) => other._words.CopyTo(_words);

    public void UnionWith(RegisterSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    public void Clear() => _words.Clear();

    public bool SetEquals(RegisterSet other) => _words.SequenceEqual(other._words);

    /// <summary>As <c>{acc, r0, r3}</c>.</summary>
    public override string ToString()
    {
        var names = new List<string>();
        if (HasAccumulator)
        {
            names.Add("acc");
        }

        for (int i = 0; i < (_words.Length * 64) - 1; i++)
        {
            if (Contains(i))
            {
                names.Add(Register.Local(i).ToString());
            }
        }

        return "{" + string.Join(", ", names) + "}";
    }
}
