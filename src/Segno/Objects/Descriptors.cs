using Segno.Base;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Descriptor arrays: the properties of the maps of one chain, in order of their addition.</summary>
internal static unsafe class Descriptors
{
    public const int NotFound = -1;

    public static Name Key(this DescriptorArray array, int index) => new(array.GetEntries(index * 3).Bits);

    public static PropertyDetails Details(this DescriptorArray array, int index) => new(array.GetEntries((index * 3) + 1).AsInt32);

    public static Value ValueAt(this DescriptorArray array, int index) => array.GetEntries((index * 3) + 2);

    public static void Append(this DescriptorArray array, Name key, PropertyDetails details, Value value)
    {
        int at = array.Count;
        array.SetEntries(at * 3, key);
        array.SetEntries((at * 3) + 1, Value.FromInt32(details.Bits));
        array.SetEntries((at * 3) + 2, value);
        array.Count = at + 1;
    }

    public static DescriptorArray New(Agent agent, int capacity)
    {
        var array = new DescriptorArray(agent.Heap.AllocateYoung(DescriptorArray.SizeFor(capacity)));
        *(ulong*)array.Address = ReadOnlyRoots.Address(RootId.DescriptorArrayMap);
        array.InitEnumCache(Value.Undefined);
        array.Count = 0;
        array.Capacity = capacity;
        for (int i = 0; i < capacity * 3; i++)
        {
            array.InitEntries(i, Value.Undefined);
        }

        return array;
    }

    public static DescriptorArray CopyUpTo(Agent agent, DescriptorArray source, int count, int capacity)
    {
        DescriptorArray copy = New(agent, Math.Max(count, capacity));
        for (int i = 0; i < count * 3; i++)
        {
            copy.SetEntries(i, source.GetEntries(i));
        }

        copy.Count = count;
        return copy;
    }

    /// <summary>The index of a key among the own descriptors of a map, or <see cref="NotFound"/>.</summary>
    public static int Search(Agent agent, Map map, Name key)
    {
        int count = (int)map.OwnDescriptorCount;
        if (count <= 8)
        {
            return SearchLinear(map.Descriptors, key, count);
        }

        DescriptorLookupCache cache = agent.DescriptorCache;
        if (cache.TryGet(map.Address, key.Address, out int index))
        {
            return index;
        }

        index = SearchLinear(map.Descriptors, key, count);
        cache.Set(map.Address, key.Address, index);
        return index;
    }

    private static int SearchLinear(DescriptorArray array, Name key, int count)
    {
        ulong* entry = (ulong*)(array.Address + DescriptorArray.EntriesOffset);
        for (int i = 0; i < count; i++, entry += 3)
        {
            if (*entry == key.Address)
            {
                return i;
            }
        }

        return NotFound;
    }
}

/// <summary>A small direct-mapped cache of descriptor searches; emptied by every collection, since names move.</summary>
internal sealed class DescriptorLookupCache
{
    private const int Size = 512;

    [RawReferenceStorage("emptied by every collection")]
    private (ulong Map, ulong Key, int Index)[] _entries = s_none;

    /// <summary>What is looked into until the first entry is made; many engines never make one.</summary>
    private static readonly (ulong Map, ulong Key, int Index)[] s_none = new (ulong, ulong, int)[Size];

    private static int Slot(ulong map, ulong key) => (int)(((map >> 4) ^ (key >> 3) ^ (key >> 12)) & (Size - 1));

    public bool TryGet(ulong map, ulong key, out int index)
    {
        ref (ulong Map, ulong Key, int Index) entry = ref _entries[Slot(map, key)];
        index = entry.Index;
        return entry.Map == map && entry.Key == key;
    }

    public void Set(ulong map, ulong key, int index)
    {
        if (_entries == s_none)
        {
            _entries = new (ulong, ulong, int)[Size];
        }

        _entries[Slot(map, key)] = (map, key, index);
    }

    public void Clear()
    {
        if (_entries != s_none)
        {
            Array.Clear(_entries);
        }
    }
}
