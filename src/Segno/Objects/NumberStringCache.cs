using Segno.Base;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// The texts of numbers converted lately, direct-mapped, in native memory that emitted code probes: pairs of the number's bits and
/// the string's. Strings move, so every collection empties it; nothing lives longer because it is here.
/// </summary>
internal sealed unsafe class NumberStringCache : IDisposable
{
    public const int Entries = 1024;
    public const int Mask = Entries - 1;
    public const int EntrySizeInBytes = 16;

    private static readonly ZeroedBlocks s_blocks = new(Entries * EntrySizeInBytes);

    private ulong* _entries = (ulong*)s_blocks.Rent();

    public ulong Address => (ulong)_entries;

    /// <summary>Emitted code computes the same: of a Smi these are the low bits of the integer, since its tag lies above them.</summary>
    private static ulong IndexOf(Value number) => (number.Bits ^ (number.Bits >> 32)) & Mask;

    public bool TryGet(Value number, out JSString text)
    {
        ulong* entry = _entries + (IndexOf(number) * 2);
        text = new(entry[1]);
        return entry[0] == number.Bits;
    }

    public void Set(Value number, JSString text)
    {
        ulong* entry = _entries + (IndexOf(number) * 2);
        entry[0] = number.Bits;
        entry[1] = text.Address;
    }

    /// <summary>Zero is the bits of no number. Emitted code writes, too, so that only a look tells whether there is something to clear.</summary>
    public void Clear()
    {
        if (new ReadOnlySpan<ulong>(_entries, Entries * EntrySizeInBytes / sizeof(ulong)).ContainsAnyExcept(0UL))
        {
            s_blocks.Clear(_entries);
        }
    }

    public void Dispose()
    {
        if (_entries != null)
        {
            Clear();
            s_blocks.Return(_entries);
            _entries = null;
        }
    }
}
