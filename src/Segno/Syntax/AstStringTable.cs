using System.Runtime.CompilerServices;

namespace Segno.Syntax;

/// <summary>The names of one script (or several): an open hash table over spans, so that a name seen before costs no allocation.</summary>
internal sealed class AstStringTable
{
    internal const uint HashSeed = 0x811C9DC5;

    private AstString?[] _slots = new AstString?[256];
    private int _count;

    public AstStringTable()
    {
        foreach (AstString name in WellKnownNames.All)
            Insert(name);
    }

    public AstString Intern(string text) => Intern(text.AsSpan(), ComputeHash(text), text);

    public AstString Intern(ReadOnlySpan<char> text) => Intern(text, ComputeHash(text), null);

    /// <summary>Interns a text whose hash was computed while it was scanned.</summary>
    internal AstString Intern(ReadOnlySpan<char> text, uint hash) => Intern(text, hash, null);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint AddToHash(uint hash, uint codeUnit) => (hash ^ codeUnit) * 0x01000193;

    internal static uint ComputeHash(ReadOnlySpan<char> text)
    {
        uint hash = HashSeed;
        foreach (char c in text)
            hash = AddToHash(hash, c);
        return FinishHash(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint FinishHash(uint hash) => hash ^ (hash >> 15);

    private AstString Intern(ReadOnlySpan<char> text, uint hash, string? value)
    {
        AstString?[] slots = _slots;
        int mask = slots.Length - 1;
        for (int index = (int)hash & mask; ; index = (index + 1) & mask)
        {
            AstString? entry = slots[index];
            if (entry is null)
            {
                var added = new AstString(value ?? new string(text), hash);
                slots[index] = added;
                if (++_count * 2 > slots.Length)
                    Grow();
                return added;
            }

            if (entry.Hash == hash && text.SequenceEqual(entry.Value))
                return entry;
        }
    }

    private void Insert(AstString name)
    {
        int mask = _slots.Length - 1;
        int index = (int)name.Hash & mask;
        while (_slots[index] is not null)
            index = (index + 1) & mask;
        _slots[index] = name;
        _count++;
    }

    private void Grow()
    {
        AstString?[] old = _slots;
        _slots = new AstString?[old.Length * 2];
        _count = 0;
        foreach (AstString? name in old)
        {
            if (name is not null)
                Insert(name);
        }
    }
}
