using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Xunit;

namespace Segno.Tests.Heap;

public sealed unsafe class OldGenerationTests
{
    [Fact]
    public void Dead_maps_are_recycled_and_live_ones_stay()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        client.IgnoreStack();
        Handle instance = MakeInstance(client);
        ulong map = *(ulong*)instance.Value.Bits ^ ulong.MaxValue;
        MakeMaps(client, 1000);
        long before = client.Heap.Maps.UsedBytes;
        client.CollectAll();
        Assert.True(client.Heap.Maps.UsedBytes < before / 20, $"{client.Heap.Maps.UsedBytes} of {before}");

        // The object alone kept its map, through the map word, at its address.
        Assert.Equal(map ^ ulong.MaxValue, *(ulong*)instance.Value.Bits);
        Assert.Equal(InstanceType.JSObject, instance.Value.InstanceType);
        int pages = client.Heap.Maps.Pages;
        MakeMaps(client, 900);
        Assert.Equal(pages, client.Heap.Maps.Pages);
    }

    [Fact]
    public void Old_memory_is_swept_and_used_again()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        client.IgnoreStack();
        Handle keep = client.Local.CreateHandle(Value.Undefined);
        int pages = 0;
        for (int round = 0; round < 20; round++)
        {
            FillOld(client, keep, 3000);
                client.CollectAll();
            if (round == 3)
            {
                pages = client.Heap.Old.Pages;
            }
        }

        Assert.True(client.Heap.Old.Pages <= pages + 1, $"{client.Heap.Old.Pages} pages, {pages} before");
    }

    [Fact]
    public void Growth_triggers_full_collections()
    {
        using var client = new MockClient(new HeapOptions { InitialOldGenerationLimit = 4 << 20 });
        for (int i = 0; i < 40_000; i++)
        {
            _ = client.NewArray(100, old: true);
        }

        Assert.True(client.Heap.CollectionCount >= 4);
        Assert.True(client.Heap.OldGenerationBytes < 8 << 20);
    }

    [Fact]
    public void Hard_limit_throws_and_the_heap_stays_usable()
    {
        using var client = new MockClient(new HeapOptions { InitialOldGenerationLimit = 4 << 20, SoftLimit = 12 << 20, HardLimit = 16 << 20, MaxSemiSpaceSize = 1 << 20, VerifyHeap = true });
        client.IgnoreStack();
        using (var list = new ValueList(client.Local))
        {
            HeapLimitException e = Assert.Throws<HeapLimitException>(() => Fill(client, list));
            Assert.Equal(16 << 20, e.LimitBytes);
            Assert.Throws<HeapLimitException>(() => client.NewArray(200_000));

            // The reserve lets an error be built.
            client.Local.EnterReserve();
            Assert.Equal(30_000, new FixedArray(client.NewArray(30_000)).Length);
            client.Local.LeaveReserve();
        }

        client.CollectAll();
        using var again = new ValueList(client.Local);
        for (int i = 0; i < 10_000; i++)
        {
            again.Add(new Value(client.NewArray(50)));
        }

        Assert.Equal(50, new FixedArray(again[9999].Bits).Length);
    }

    [Fact]
    public void External_memory_counts()
    {
        using var client = new MockClient(new HeapOptions { InitialOldGenerationLimit = 4 << 20 });
        client.Heap.AdjustExternalMemory(5 << 20);
        Assert.Equal(InterruptRequest.Collect, client.Local.Interrupts);
        Assert.Equal(ulong.MaxValue, client.Local.Block->StackLimit);
        client.Local.Poll();
        Assert.Equal(InterruptRequest.None, client.Local.Interrupts);
        Assert.Equal(client.Local.Block->RealStackLimit, client.Local.Block->StackLimit);
        Assert.Equal(CollectionReason.ExternalMemory, client.LastTrace.Reason);
        client.Heap.AdjustExternalMemory(-(5 << 20));
    }

    [Fact]
    public void Bytecode_never_moves()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        Handle code = MakeBytecode(client);
        ulong hidden = code.Value.Bits ^ ulong.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            client.CollectAll();
        }

        Assert.Equal(hidden ^ ulong.MaxValue, code.Value.Bits);
        Assert.Equal(7, new BytecodeArray(code.Value.Bits).Bytes[3]);
        Assert.False(new BytecodeArray(code.Value.Bits).ConstantPool.IsNull);
    }

    [Fact]
    public void Statistics_count_by_space_and_type()
    {
        using var client = new MockClient();
        Handle chain = ScavengeTests.MakeChain(client, 100);
        HeapStatistics statistics = HeapStatistics.Capture(client.Heap);
        Assert.Equal(100, statistics.ObjectsOf(InstanceType.FixedArray));
        Assert.Equal(100 * FixedArray.SizeFor(1), statistics.BytesOf(SpaceId.Young));
        Assert.Equal(100, ScavengeTests.ChainLength(chain));
        _ = client.NewArray(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Handle MakeInstance(MockClient client)
    {
        ulong map = client.NewMap(4);
        return client.Local.CreateHandle(new Value(client.NewObject(map)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeMaps(MockClient client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = client.NewMap(3);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillOld(MockClient client, Handle keep, int count)
    {
        keep.Set(Value.Undefined);
        for (int i = 0; i < count; i++)
        {
            ulong array = client.NewArray(1 + (i % 30), old: true);
            if (i % 3 == 0)
            {
                new FixedArray(array).SetElements(0, keep.Value);
                keep.Set(new Value(array));
            }
        }
    }

    private static void Fill(MockClient client, ValueList list)
    {
        while (true)
        {
            list.Add(new Value(client.NewArray(100)));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Handle MakeBytecode(MockClient client)
    {
        ulong address = client.Local.AllocateBytecode(BytecodeArray.SizeFor(10));
        *(ulong*)address = MockClient.Root(RootId.BytecodeArrayMap);
        var code = new BytecodeArray(address);
        code.InitConstantPool(Value.Undefined);
        code.InitHandlerTable(Value.Undefined);
        code.InitSourcePositions(Value.Undefined);
        code.Length = 10;
        code.Bytes[3] = 7;
        Handle handle = client.Local.CreateHandle(new Value(address));
        ulong pool = client.NewArray(2);
        new BytecodeArray(handle.Value.Bits).SetConstantPool(new Value(pool));
        return handle;
    }
}
