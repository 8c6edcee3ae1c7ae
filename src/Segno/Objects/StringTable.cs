using System.Runtime.InteropServices;
using Segno.Base;
using Segno.Heap;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// The internalized strings of one agent, weakly held; those of the read-only space are looked up first and shared by
/// all agents (D10, D17). Open addressing over addresses in native memory.
/// </summary>
internal sealed unsafe class StringTable : IWeakProcessor, IDisposable
{
    private const ulong Deleted = 1;

    [RawReferenceStorage("the read-only space does not move")]
    private static ulong* s_readOnly;
    private static int s_readOnlyCapacity;
    private static int s_readOnlyCount;

    private readonly Agent _agent;
    [RawReferenceStorage("a weak table: updated in the pause by ProcessWeak")]
    private ulong* _entries;
    private int _capacity;
    private int _count;
    private int _deleted;

    public StringTable(Agent agent)
    {
        _agent = agent;
        _capacity = 256;
        _entries = Allocate(_capacity);
    }

    public int Count => _count;

    private static ulong* Allocate(int capacity) => (ulong*)NativeMemory.AllocZeroed((nuint)capacity * 8);

    /// <summary>Adds a string to the table shared by the process; only while the read-only space is being made.</summary>
    public static void AddReadOnly(JSString text)
    {
        if (s_readOnlyCapacity == 0)
        {
            s_readOnlyCapacity = 4096;
            s_readOnly = Allocate(s_readOnlyCapacity);
        }

        if (++s_readOnlyCount * 2 > s_readOnlyCapacity)
        {
            throw new InvalidOperationException("the table of read-only strings is too small");
        }

        uint slot = ((Name)text).Hash() & (uint)(s_readOnlyCapacity - 1);
        while (s_readOnly[slot] != 0)
        {
            slot = (slot + 1) & (uint)(s_readOnlyCapacity - 1);
        }

        s_readOnly[slot] = text.Address;
    }

    /// <summary>The address of a string of the read-only space, which every agent has internalized; 0 if there is none.</summary>
    public static ulong FindReadOnly(ReadOnlySpan<char> chars)
    {
        fixed (char* pointer = chars)
        {
            return Find(s_readOnly, s_readOnlyCapacity, Strings.ComputeRawHash(chars) >> 2, new FlatString((byte*)pointer, chars.Length, false));
        }
    }

    /// <summary>The internalized string with the same characters.</summary>
    public JSString Internalize(JSString text)
    {
        if (text.IsInternalized())
        {
            return text;
        }

        uint hash = text.Hash(_agent);
        FlatString flat = text.FlatContent();
        ulong found = Find(hash, flat);
        if (found != 0)
        {
            return new(found);
        }

        // A sequential string becomes the internalized one itself: the layouts agree, only the map changes.
        if (text.IsSequential())
        {
            new HeapObject(text.Address).SetMap(ReadOnlyRoots.Get(text.IsOneByte() ? RootId.InternalizedOneByteStringMap : RootId.InternalizedTwoByteStringMap));
            Insert(hash, text.Address);
            return text;
        }

        JSString copy = flat.IsOneByte ? CopyOneByte(text, flat.Length) : _agent.NewString(flat.TwoByte);
        copy.RawHash = text.RawHash;
        new HeapObject(copy.Address).SetMap(ReadOnlyRoots.Get(copy.IsOneByte() ? RootId.InternalizedOneByteStringMap : RootId.InternalizedTwoByteStringMap));
        Insert(hash, copy.Address);
        return copy;
    }

    /// <summary>The strings of this agent, as an array that is held by nobody.</summary>
    public FixedArray ToArray()
    {
        FixedArray array = _agent.NewOldFixedArray(_count);
        int at = 0;
        for (int i = 0; i < _capacity; i++)
        {
            if (_entries[i] > Deleted)
            {
                array.SetElements(at++, new JSString(_entries[i]));
            }
        }

        return array;
    }

    /// <summary>Takes over internalized strings that another table of this process once had and this one does not.</summary>
    public void Adopt(FixedArray strings)
    {
        for (int i = 0; i < strings.Length; i++)
        {
            Insert(((Name)JSString.Cast(strings.GetElements(i))).Hash(), strings.GetElements(i).Address);
        }
    }

    private SeqOneByteString CopyOneByte(JSString text, int length)
    {
        SeqOneByteString copy = _agent.NewSeqOneByteString(length);
        text.FlatContent().OneByte.CopyTo(new Span<byte>(copy.Chars, length));
        return copy;
    }

    public JSString Internalize(ReadOnlySpan<char> chars)
    {
        uint raw = Strings.ComputeRawHash(chars);
        fixed (char* pointer = chars)
        {
            ulong found = Find(raw >> 2, new FlatString((byte*)pointer, chars.Length, false));
            if (found != 0)
            {
                return new(found);
            }
        }

        JSString text = _agent.NewOldString(chars);
        text.RawHash = raw;
        new HeapObject(text.Address).SetMap(ReadOnlyRoots.Get(text.IsOneByte() ? RootId.InternalizedOneByteStringMap : RootId.InternalizedTwoByteStringMap));
        Insert(raw >> 2, text.Address);
        return text;
    }

    private ulong Find(uint hash, FlatString text)
    {
        ulong found = Find(s_readOnly, s_readOnlyCapacity, hash, text);
        return found != 0 ? found : Find(_entries, _capacity, hash, text);
    }

    private static ulong Find(ulong* entries, int capacity, uint hash, FlatString text)
    {
        uint mask = (uint)(capacity - 1);
        for (uint slot = hash & mask; entries[slot] != 0; slot = (slot + 1) & mask)
        {
            if (entries[slot] != Deleted)
            {
                var candidate = new JSString(entries[slot]);
                if (((Name)candidate).Hash() == hash && Strings.Equals(candidate.FlatContent(), text))
                {
                    return entries[slot];
                }
            }
        }

        return 0;
    }

    private void Insert(uint hash, ulong address)
    {
        if ((_count + _deleted + 1) * 2 > _capacity)
        {
            Grow();
        }

        Place(_entries, _capacity, hash, address);
        _count++;
    }

    private static void Place(ulong* entries, int capacity, uint hash, ulong address)
    {
        uint mask = (uint)(capacity - 1);
        uint slot = hash & mask;
        while (entries[slot] > Deleted)
        {
            slot = (slot + 1) & mask;
        }

        entries[slot] = address;
    }

    private void Grow()
    {
        int capacity = _count * 4 > _capacity ? _capacity * 2 : _capacity;
        ulong* entries = Allocate(capacity);
        for (int i = 0; i < _capacity; i++)
        {
            if (_entries[i] > Deleted)
            {
                Place(entries, capacity, new Name(_entries[i]).Hash(), _entries[i]);
            }
        }

        NativeMemory.Free(_entries);
        _entries = entries;
        _capacity = capacity;
        _deleted = 0;
    }

    /// <summary>Drops dead strings and follows moved ones, in the pause (HEAP-6).</summary>
    public void ProcessWeak(CollectionContext context)
    {
        _agent.DescriptorCache.Clear();
        for (int i = 0; i < _capacity; i++)
        {
            ulong entry = _entries[i];
            if (entry <= Deleted)
            {
                continue;
            }

            if (context.IsLive(entry))
            {
                _entries[i] = context.Forwarded(entry);
            }
            else
            {
                _entries[i] = Deleted;
                _count--;
                _deleted++;
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_entries);
        _entries = null;
    }
}
