using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;

namespace Segno.Tests.Heap;

/// <summary>
/// A client of the heap that is no JavaScript engine: it makes maps by the layouts and builds object graphs.
/// </summary>
internal sealed unsafe class MockClient : IDisposable
{
    private static readonly Lazy<ReadOnlySpace> s_readOnly = new(() => ReadOnlySpace.Create(Bootstrap));

    public MockClient(HeapOptions? options = null, bool enter = true)
    {
        Heap = new ClusterHeap(s_readOnly.Value, options);
        Local = Heap.CreateLocalHeap();
        if (enter)
        {
            Local.Enter();
        }

        Heap.TraceSink = trace =>
        {
            LastTrace = trace;
            Traces++;
        };
    }

    public ClusterHeap Heap { get; }

    public LocalHeap Local { get; }

    public GcTrace LastTrace { get; private set; } = new();

    public int Traces { get; private set; }

    public static ReadOnlySpace ReadOnly => s_readOnly.Value;

    public void Dispose()
    {
        Local.Leave();
        Heap.Dispose();
    }

    public static ulong Root(RootId id) => s_readOnly.Value.GetRoot(id).Bits;

    public ulong NewArray(int length, bool old = false)
    {
        int size = FixedArray.SizeFor(length);
        ulong address = old ? Local.AllocateOld(size) : Local.AllocateYoung(size);
        var array = new FixedArray(address);
        array.InitMap(new Value(Root(RootId.FixedArrayMap)));
        array.Length = length;
        array.Spare = 0;
        for (int i = 0; i < length; i++)
        {
            array.InitElements(i, Value.Undefined);
        }

        return address;
    }

    public ulong NewWeakArray(int length, bool old = false)
    {
        int size = WeakFixedArray.SizeFor(length);
        ulong address = old ? Local.AllocateOld(size) : Local.AllocateYoung(size);
        var array = new WeakFixedArray(address);
        array.InitMap(new Value(Root(RootId.WeakFixedArrayMap)));
        array.Length = length;
        array.Spare = 0;
        for (int i = 0; i < length; i++)
        {
            array.InitElements(i, Value.Undefined);
        }

        return address;
    }

    public ulong NewBytes(int length, byte fill)
    {
        ulong address = Local.AllocateYoung(ByteArray.SizeFor(length));
        *(ulong*)address = Root(RootId.ByteArrayMap);
        var bytes = new ByteArray(address);
        bytes.Length = length;
        new Span<byte>(bytes.Bytes, length).Fill(fill);
        return address;
    }

    /// <summary>A map of plain objects with the given number of words, in map space.</summary>
    public ulong NewMap(int instanceSizeInWords)
    {
        ulong address = Local.AllocateMap();
        InitMap(address, (int)InstanceType.JSObject, instanceSizeInWords);
        return address;
    }

    public ulong NewObject(ulong map)
    {
        int words = *(byte*)(map + Map.InstanceSizeInWordsOffset);
        ulong address = Local.AllocateYoung(words * 8);
        *(ulong*)address = map;
        for (int i = 1; i < words; i++)
        {
            ((ulong*)address)[i] = Value.UndefinedBits;
        }

        return address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Scavenge() => Local.Collect(CollectionKind.Scavenge, CollectionReason.Test);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CollectAll() => Local.Collect(CollectionKind.Full, CollectionReason.Test);

    /// <summary>
    /// From now on no stack is scanned, so that a collection has an exact outcome whatever stale words there are; the test
    /// holds objects by handles only.
    /// </summary>
    public void IgnoreStack() => Heap.StackScanner = new WordScanner(null, 0);

    /// <summary>The given words alone are scanned, conservatively.</summary>
    public void ScanOnly(ulong* words, int count) => Heap.StackScanner = new WordScanner(words, count);

    private static void Bootstrap(ReadOnlySpace space)
    {
        ulong mapMap = space.Allocate(Map.HeaderSize);
        InitMap(mapMap, (int)InstanceType.Map, 0, mapMap);
        space.SetRoot(RootId.MapMap, new Value(mapMap));
        foreach (InstanceType type in Enum.GetValues<InstanceType>())
        {
            if (type < InstanceType.JSObject && type != InstanceType.Map)
            {
                ulong map = space.Allocate(Map.HeaderSize);
                InitMap(map, (int)type, 0, mapMap);
                space.SetRoot(Enum.Parse<RootId>(type + "Map"), new Value(map));
            }
        }

        ulong empty = space.Allocate(FixedArray.SizeFor(0));
        *(ulong*)empty = space.GetRoot(RootId.FixedArrayMap).Bits;
        space.SetRoot(RootId.EmptyFixedArray, new Value(empty));
    }

    private static void InitMap(ulong address, int type, int words, ulong mapMap = 0)
    {
        *(ulong*)address = mapMap != 0 ? mapMap : Root(RootId.MapMap);
        for (int offset = 8; offset < Map.InstanceTypeOffset; offset += 8)
        {
            *(ulong*)(address + (ulong)offset) = Value.UndefinedBits;
        }

        new Span<byte>((void*)(address + Map.InstanceTypeOffset), Map.HeaderSize - Map.InstanceTypeOffset).Clear();
        *(ushort*)(address + Map.InstanceTypeOffset) = (ushort)type;
        *(byte*)(address + Map.InstanceSizeInWordsOffset) = (byte)words;
    }

    private sealed class WordScanner(ulong* words, int count) : IStackScanner
    {
        public void Scan(LocalHeap local, ulong stoppedStackPointer, StackRanges ranges) =>
            ranges.AddConservative((ulong)words, (ulong)(words + count));
    }
}
