using Segno.Base;
using Segno.Layouts;

namespace Segno.InlineCaches;

/// <summary>
/// The stub cache of an agent: (map, name) to handler for megamorphic accesses, in native memory that emitted code probes.
/// Names and handlers move, so every collection empties it.
/// </summary>
internal sealed unsafe class MegamorphicCache : IDisposable
{
    public const int Entries = 1024;
    public const int Mask = Entries - 1;
    public const int EntrySizeInBytes = 24;

    private static readonly ZeroedBlocks s_blocks = new(Entries * EntrySizeInBytes);

    private ulong* _entries = (ulong*)s_blocks.Rent();
    private bool _isUsed;

    public ulong Address => (ulong)_entries;

    private static ulong IndexOf(Map map, Name name) => ((map.Address >> 4) ^ name.RawHash) & Mask;

    public void Set(Map map, Name name, Value handler)
    {
        _isUsed = true;
        ulong* entry = _entries + (IndexOf(map, name) * 3);
        entry[0] = map.Address;
        entry[1] = name.Address;
        entry[2] = handler.Bits;
    }

    public void Clear()
    {
        if (_isUsed)
        {
            _isUsed = false;
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
