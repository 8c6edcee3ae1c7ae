using Segno.Layouts;

namespace Segno.Objects;

/// <summary>The hash table behind objects in dictionary mode and the global object.</summary>
internal static unsafe class NameDictionaries
{
    /// <summary>As of <see cref="NumberDictionaries"/>.</summary>
    private const int MaxCapacity = 1 << 26;

    public static NameDictionary New(Agent agent, int minimumEntries)
    {
        int capacity = 4;
        while (capacity < (long)minimumEntries * 3 / 2 + 1)
        {
            capacity *= 2;
            if (capacity > MaxCapacity)
            {
                throw agent.Error(ErrorKind.RangeError, "Too many properties");
            }
        }

        int size = NameDictionary.SizeFor(capacity);
        var table = new NameDictionary(agent.Heap.AllocateYoung(size));
        *(ulong*)table.Address = ReadOnlyRoots.Address(RootId.NameDictionaryMap);
        table.Capacity = capacity;
        table.ElementCount = 0;
        table.DeletedCount = 0;
        table.NextEnumerationIndex = 1;
        table.IdentityHash = 0;
        table.Spare = 0;
        for (int i = 0; i < capacity * 3; i++)
        {
            table.InitEntries(i, Value.Hole);
        }

        return table;
    }

    /// <summary>The entry of a key, or -1.</summary>
    public static int Find(NameDictionary table, Name key)
    {
        uint mask = (uint)table.Capacity - 1;
        for (uint slot = key.Hash() & mask; ; slot = (slot + 1) & mask)
        {
            Value candidate = table.GetEntries((int)slot * 3);
            if (candidate == (Value)key)
            {
                return (int)slot;
            }

            if (candidate.IsHole)
            {
                return -1;
            }
        }
    }

    public static Value KeyAt(this NameDictionary table, int entry) => table.GetEntries(entry * 3);

    public static Value ValueAt(this NameDictionary table, int entry) => table.GetEntries((entry * 3) + 1);

    public static PropertyDetails DetailsAt(this NameDictionary table, int entry) => new(table.GetEntries((entry * 3) + 2).AsInt32);

    public static void SetValueAt(this NameDictionary table, int entry, Value value) => table.SetEntries((entry * 3) + 1, value);

    public static void SetDetailsAt(this NameDictionary table, int entry, PropertyDetails details) => table.SetEntries((entry * 3) + 2, Value.FromInt32(details.Bits));

    /// <summary>Adds a key that is absent; the table that results is the one to keep.</summary>
    public static NameDictionary Add(Agent agent, NameDictionary table, Name key, Value value, bool accessor, PropertyAttributes attributes)
    {
        if ((table.ElementCount + table.DeletedCount + 1) * 4 > table.Capacity * 3)
        {
            table = Rehash(agent, table);
        }

        var details = PropertyDetails.Entry(accessor, attributes, table.NextEnumerationIndex++);
        Place(table, key, value, details);
        table.ElementCount++;
        return table;
    }

    private static void Place(NameDictionary table, Name key, Value value, PropertyDetails details)
    {
        uint mask = (uint)table.Capacity - 1;
        uint slot = key.Hash() & mask;
        while (!table.GetEntries((int)slot * 3).IsHole)
        {
            slot = (slot + 1) & mask;
        }

        table.SetEntries((int)slot * 3, key);
        table.SetEntries(((int)slot * 3) + 1, value);
        table.SetEntries(((int)slot * 3) + 2, Value.FromInt32(details.Bits));
    }

    private static NameDictionary Rehash(Agent agent, NameDictionary table)
    {
        NameDictionary larger = New(agent, table.ElementCount * 2);
        larger.IdentityHash = table.IdentityHash;
        larger.NextEnumerationIndex = table.NextEnumerationIndex;
        for (int i = 0; i < table.Capacity; i++)
        {
            Value key = table.KeyAt(i);
            if (key.IsCell)
            {
                Place(larger, new Name(key.Bits), table.ValueAt(i), table.DetailsAt(i));
            }
        }

        larger.ElementCount = table.ElementCount;
        return larger;
    }

    public static void RemoveAt(this NameDictionary table, int entry)
    {
        table.SetEntries(entry * 3, Value.Deleted);
        table.SetEntries((entry * 3) + 1, Value.Hole);
        table.SetEntries((entry * 3) + 2, Value.Hole);
        table.ElementCount--;
        table.DeletedCount++;
    }

    /// <summary>The entries in the order of their addition, written as entry numbers.</summary>
    public static int[] EntriesInOrder(NameDictionary table)
    {
        var entries = new int[table.ElementCount];
        var order = new int[table.ElementCount];
        int count = 0;
        for (int i = 0; i < table.Capacity; i++)
        {
            if (table.KeyAt(i).IsCell)
            {
                entries[count] = i;
                order[count++] = table.DetailsAt(i).Index;
            }
        }

        Array.Sort(order, entries);
        return entries;
    }
}

/// <summary>The hash table behind sparse elements.</summary>
internal static unsafe class NumberDictionaries
{
    /// <summary>Three words an entry stay below the largest object that an int can measure.</summary>
    private const int MaxCapacity = 1 << 26;

    public static NumberDictionary New(Agent agent, int minimumEntries)
    {
        int capacity = 8;
        while (capacity < (long)minimumEntries * 3 / 2 + 1)
        {
            capacity *= 2;
            if (capacity > MaxCapacity)
            {
                throw agent.Error(ErrorKind.RangeError, "Invalid array length");
            }
        }

        var table = new NumberDictionary(agent.Heap.AllocateYoung(NumberDictionary.SizeFor(capacity)));
        *(ulong*)table.Address = ReadOnlyRoots.Address(RootId.NumberDictionaryMap);
        table.Capacity = capacity;
        table.ElementCount = 0;
        table.DeletedCount = 0;
        table.Flags = 0;
        for (int i = 0; i < capacity * 3; i++)
        {
            table.InitEntries(i, Value.Hole);
        }

        return table;
    }

    private static Value KeyOf(uint index) => Value.FromUInt32(index);

    private static uint HashOf(uint index)
    {
        uint hash = index * 0x9E3779B9;
        return hash ^ (hash >> 15);
    }

    public static int Find(NumberDictionary table, uint index)
    {
        Value key = KeyOf(index);
        uint mask = (uint)table.Capacity - 1;
        for (uint slot = HashOf(index) & mask; ; slot = (slot + 1) & mask)
        {
            Value candidate = table.GetEntries((int)slot * 3);
            if (candidate == key)
            {
                return (int)slot;
            }

            if (candidate.IsHole)
            {
                return -1;
            }
        }
    }

    public static bool TryKeyAt(this NumberDictionary table, int entry, out uint index)
    {
        Value key = table.GetEntries(entry * 3);
        index = key.IsNumber ? (uint)key.AsNumber : 0;
        return key.IsNumber;
    }

    public static Value ValueAt(this NumberDictionary table, int entry) => table.GetEntries((entry * 3) + 1);

    public static PropertyDetails DetailsAt(this NumberDictionary table, int entry) => new(table.GetEntries((entry * 3) + 2).AsInt32);

    public static void SetValueAt(this NumberDictionary table, int entry, Value value) => table.SetEntries((entry * 3) + 1, value);

    public static void SetDetailsAt(this NumberDictionary table, int entry, PropertyDetails details) => table.SetEntries((entry * 3) + 2, Value.FromInt32(details.Bits));

    public static NumberDictionary Add(Agent agent, NumberDictionary table, uint index, Value value, bool accessor, PropertyAttributes attributes)
    {
        if ((table.ElementCount + table.DeletedCount + 1) * 4 > table.Capacity * 3)
        {
            NumberDictionary larger = New(agent, table.ElementCount * 2);
            for (int i = 0; i < table.Capacity; i++)
            {
                if (table.TryKeyAt(i, out uint key))
                {
                    Place(larger, key, table.ValueAt(i), table.DetailsAt(i));
                }
            }

            larger.ElementCount = table.ElementCount;
            table = larger;
        }

        Place(table, index, value, PropertyDetails.Entry(accessor, attributes, 0));
        table.ElementCount++;
        return table;
    }

    private static void Place(NumberDictionary table, uint index, Value value, PropertyDetails details)
    {
        uint mask = (uint)table.Capacity - 1;
        uint slot = HashOf(index) & mask;
        while (!table.GetEntries((int)slot * 3).IsHole)
        {
            slot = (slot + 1) & mask;
        }

        table.SetEntries((int)slot * 3, KeyOf(index));
        table.SetEntries(((int)slot * 3) + 1, value);
        table.SetEntries(((int)slot * 3) + 2, Value.FromInt32(details.Bits));
    }

    public static void RemoveAt(this NumberDictionary table, int entry)
    {
        table.SetEntries(entry * 3, Value.Deleted);
        table.SetEntries((entry * 3) + 1, Value.Hole);
        table.SetEntries((entry * 3) + 2, Value.Hole);
        table.ElementCount--;
        table.DeletedCount++;
    }

    /// <summary>The indices in ascending order.</summary>
    public static uint[] SortedIndices(NumberDictionary table)
    {
        var indices = new uint[table.ElementCount];
        int count = 0;
        for (int i = 0; i < table.Capacity; i++)
        {
            if (table.TryKeyAt(i, out uint index))
            {
                indices[count++] = index;
            }
        }

        Array.Sort(indices);
        return indices;
    }
}
