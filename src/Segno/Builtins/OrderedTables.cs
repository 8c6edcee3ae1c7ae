using Segno.Layouts;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>
/// The deterministic hash table of Map and Set. The words are the buckets (entry numbers, -1 for none) followed by the entries in
/// order of insertion: key, value, next entry of the chain. A table that was replaced points to its successor, so that iterators
/// find their place again: the entries deleted before their position were dropped.
/// </summary>
internal static unsafe class OrderedTables
{
    private const int EntrySize = 3;
    private const int MaxCapacity = 1 << 24;

    /// <summary>The deleted count of a table that was cleared.</summary>
    private const int Cleared = -1;

    public static OrderedHashTable New(Agent agent, int capacity)
    {
        if (capacity > MaxCapacity)
        {
            throw agent.Error(ErrorKind.RangeError, "Map maximum size exceeded");
        }

        var table = new OrderedHashTable(agent.Heap.AllocateYoung(OrderedHashTable.SizeFor(capacity)));
        *(ulong*)table.Address = ReadOnlyRoots.Address(RootId.OrderedHashTableMap);
        table.InitNext(Value.Undefined);
        table.Capacity = capacity;
        table.BucketCount = capacity;
        table.ElementCount = 0;
        table.DeletedCount = 0;
        for (int i = 0; i < capacity; i++)
        {
            table.InitWords(i, Value.FromInt32(-1));
        }

        for (int i = capacity; i < capacity * 4; i++)
        {
            table.InitWords(i, Value.Undefined);
        }

        return table;
    }

    /// <summary>The key as collections keep it: numbers in one form, -0 as +0.</summary>
    public static Value NormalizeKey(Value key) => key.IsDouble ? Value.FromDouble(key.AsDouble + 0.0) : key;

    private static uint Hash(Agent agent, Value key)
    {
        ulong bits = key.Bits;
        if (key.IsCell)
        {
            bits = key.InstanceType switch
            {
                < InstanceType.Symbol => new JSString(key.Bits).Hash(agent),
                InstanceType.Symbol => new Name(key.Bits).Hash(),
                InstanceType.JSBigInt => (uint)BigInts.ToBigInteger(new JSBigInt(key.Bits)).GetHashCode(),
                _ => (uint)Properties.IdentityHash(agent, new JSObject(key.Bits)),
            };
        }

        bits *= 0x9E3779B97F4A7C15;
        return (uint)(bits >> 32);
    }

    private static int KeySlot(OrderedHashTable table, int entry) => table.BucketCount + (entry * EntrySize);

    public static int EntriesUsed(OrderedHashTable table) => table.ElementCount + Math.Max(table.DeletedCount, 0);

    public static Value KeyAt(OrderedHashTable table, int entry) => table.GetWords(KeySlot(table, entry));

    public static Value ValueAt(OrderedHashTable table, int entry) => table.GetWords(KeySlot(table, entry) + 1);

    /// <summary>The entry of a normalized key, or -1.</summary>
    public static int Find(Agent agent, OrderedHashTable table, Value key)
    {
        uint hash = Hash(agent, key);
        int entry = table.GetWords((int)(hash & (uint)(table.BucketCount - 1))).AsInt32;
        while (entry >= 0)
        {
            int slot = KeySlot(table, entry);
            Value candidate = table.GetWords(slot);
            if (candidate == key || (candidate.IsCell && key.IsCell && Properties.SameValueZero(agent, candidate, key)))
            {
                return entry;
            }

            entry = table.GetWords(slot + 2).AsInt32;
        }

        return -1;
    }

    /// <summary>Adds or overwrites; the table that results is the one to keep.</summary>
    public static OrderedHashTable Set(Agent agent, OrderedHashTable table, Value key, Value value)
    {
        int entry = Find(agent, table, key);
        if (entry >= 0)
        {
            table.SetWords(KeySlot(table, entry) + 1, value);
            return table;
        }

        if (EntriesUsed(table) == table.Capacity)
        {
            table = Rehash(agent, table, table.ElementCount * 2 > table.Capacity ? table.Capacity * 2 : table.Capacity);
        }

        Append(agent, table, key, value);
        return table;
    }

    private static void Append(Agent agent, OrderedHashTable table, Value key, Value value)
    {
        int bucket = (int)(Hash(agent, key) & (uint)(table.BucketCount - 1));
        int entry = EntriesUsed(table);
        int slot = KeySlot(table, entry);
        table.SetWords(slot, key);
        table.SetWords(slot + 1, value);
        table.InitWords(slot + 2, table.GetWords(bucket));
        table.InitWords(bucket, Value.FromInt32(entry));
        table.ElementCount++;
    }

    private static OrderedHashTable Rehash(Agent agent, OrderedHashTable table, int capacity)
    {
        OrderedHashTable fresh = New(agent, capacity);
        int used = EntriesUsed(table);
        for (int i = 0; i < used; i++)
        {
            Value key = KeyAt(table, i);
            if (!key.IsDeleted)
            {
                Append(agent, fresh, key, ValueAt(table, i));
            }
        }

        table.SetNext(fresh);
        return fresh;
    }

    /// <summary>Removes an entry; the table that results is the one to keep.</summary>
    public static OrderedHashTable RemoveAt(Agent agent, OrderedHashTable table, int entry)
    {
        int slot = KeySlot(table, entry);
        table.InitWords(slot, Value.Deleted);
        table.InitWords(slot + 1, Value.Undefined);
        table.ElementCount--;
        table.DeletedCount++;
        return table.Capacity > 8 && table.ElementCount * 4 < table.Capacity ? Rehash(agent, table, table.Capacity / 2) : table;
    }

    public static OrderedHashTable Clear(Agent agent, OrderedHashTable table)
    {
        OrderedHashTable fresh = New(agent, 4);
        table.DeletedCount = Cleared;
        table.SetNext(fresh);
        return fresh;
    }

    /// <summary>The table in use now and the position in it that corresponds to one in a table that may have been replaced.</summary>
    public static OrderedHashTable Advance(OrderedHashTable table, scoped ref int position)
    {
        while (OrderedHashTable.TryAs(table.Next, out OrderedHashTable next))
        {
            if (table.DeletedCount == Cleared)
            {
                position = 0;
            }
            else
            {
                int dropped = 0;
                for (int i = 0; i < position; i++)
                {
                    dropped += KeyAt(table, i).IsDeleted ? 1 : 0;
                }

                position -= dropped;
            }

            table = next;
        }

        return table;
    }

    /// <summary>Moves to the next entry at or after the position; false at the end.</summary>
    public static bool Next(ref OrderedHashTable table, scoped ref int position, out int entry)
    {
        table = Advance(table, ref position);
        int used = EntriesUsed(table);
        while (position < used)
        {
            entry = position++;
            if (!KeyAt(table, entry).IsDeleted)
            {
                return true;
            }
        }

        entry = -1;
        return false;
    }
}
