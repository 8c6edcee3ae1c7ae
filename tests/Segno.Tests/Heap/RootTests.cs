using System.Runtime.CompilerServices;
using Segno.Base;
using Segno.Heap;
using Segno.Layouts;
using Xunit;

namespace Segno.Tests.Heap;

public sealed unsafe class RootTests
{
    [Fact]
    public void Weak_handles_are_cleared_and_queue_their_callback()
    {
        using var client = new MockClient();
        client.IgnoreStack();
        Handle live = ScavengeTests.MakeChain(client, 2);
        Handle dead = ScavengeTests.MakeChain(client, 2);
        Handle alsoLive = client.Local.CreateHandle(live.Value);
        alsoLive.MakeWeak(5);
        dead.MakeWeak(6);
        client.Scavenge();
        Assert.True(dead.Value.IsCleared);
        Assert.Equal(live.Value.Bits, alsoLive.Value.Bits);
        Assert.Equal(InterruptRequest.ClearedHandles, client.Local.Interrupts);
        Assert.True(client.Local.TryTakeClearedHandle(out int id));
        Assert.Equal(6, id);
        Assert.False(client.Local.TryTakeClearedHandle(out _));
    }

    [Fact]
    public void Many_handles_are_reused()
    {
        using var client = new MockClient();
        var handles = new Handle[2000];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < handles.Length; i++)
            {
                handles[i] = client.Local.CreateHandle(new Value(client.NewArray(i % 7)));
            }

            client.Scavenge();
            client.Scavenge();
            client.Scavenge();
            for (int i = 0; i < handles.Length; i++)
            {
                Assert.Equal(i % 7, new FixedArray(handles[i].Value.Bits).Length);
                handles[i].Dispose();
            }
        }

        Assert.Equal(0, client.Local.Handles.Count);
    }

    [Fact]
    public void Host_roots_are_released_from_any_thread()
    {
        using var client = new MockClient();
        int root = client.Local.PersistentRoots.Create(new Value(client.NewArray(3)));
        client.Scavenge();
        Assert.Equal(3, new FixedArray(client.Local.PersistentRoots.Get(root).Bits).Length);
        var thread = new Thread(() => client.Local.PersistentRoots.Release(root));
        thread.Start();
        thread.Join();
        Assert.Equal(1, client.Local.PersistentRoots.Count);
        client.Scavenge();
        Assert.Equal(0, client.Local.PersistentRoots.Count);
    }

    [Fact]
    public void Providers_and_weak_processors_take_part()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        client.IgnoreStack();
        using var table = new MockTable(client.Heap);
        Plant(client, table);
        client.Scavenge();
        Assert.Equal(3, new FixedArray(table.Strong).Length);
        Assert.Equal(0UL, table.Weak);
        Assert.Equal(4, new FixedArray(table.Conditional).Length);
        Assert.Equal(1, client.LastTrace.RootsBySection[(int)RootSection.StringTable]);
        client.CollectAll();
        Assert.Equal(4, new FixedArray(table.Conditional).Length);
    }

    [Fact]
    public void Stack_scanner_splits_precise_from_conservative()
    {
        using var client = new MockClient();
        ulong* slots = stackalloc ulong[1];
        client.Heap.StackScanner = new PreciseScanner(slots);
        slots[0] = client.NewArray(9);
        ulong before = slots[0];
        client.Scavenge();
        Assert.NotEqual(before, slots[0]);
        Assert.Equal(9, new FixedArray(slots[0]).Length);
    }

    [Fact]
    public void Emitted_allocation_and_barrier_take_the_slow_paths()
    {
        using var client = new MockClient(new HeapOptions { GcInterval = 10 });
        ThreadBlock* block = client.Local.Block;
        Assert.Equal((ulong)client.Local.Block, (ulong)WriteBarrier.Current);
        for (int i = 0; i < 100; i++)
        {
            // What machine code does: bump, else call the slow path.
            ulong top = block->AllocationTop;
            if (top + 24 <= block->AllocationLimit)
            {
                block->AllocationTop = top + 24;
            }
            else
            {
                top = LocalHeap.AllocateSlow(block, 24);
            }

            *(ulong*)top = MockClient.Root(RootId.FixedArrayMap);
            new FixedArray(top).Length = 1;
            new FixedArray(top).InitElements(0, Value.Zero);
        }

        Assert.Equal(10, client.Heap.CollectionCount);
    }

    [Fact]
    public void Verifier_finds_a_store_without_barrier()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        Handle old = client.Local.CreateHandle(new Value(client.NewArray(1, old: true)));
        new FixedArray(old.Value.Bits).InitElements(0, new Value(client.NewArray(1)));
        HeapVerificationException e = Assert.Throws<HeapVerificationException>(client.Scavenge);
        Assert.Contains("HEAP-2", e.Message);
    }

    [Fact]
    public void Verifier_finds_a_stale_pointer()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        Handle array = client.Local.CreateHandle(new Value(client.NewArray(1)));
        *(ulong*)(array.Value.Bits + 16) = array.Value.Bits + 8;
        HeapVerificationException e = Assert.Throws<HeapVerificationException>(client.Scavenge);
        Assert.Contains("HEAP-1", e.Message);
    }

    [Fact]
    public void Verifier_finds_a_forged_word()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        Handle array = client.Local.CreateHandle(new Value(client.NewArray(1)));
        *(ulong*)(array.Value.Bits + 16) = 0x1234_5678_9AB2;
        Assert.Contains("HEAP-1", Assert.Throws<HeapVerificationException>(client.Scavenge).Message);
    }

    [Fact]
    public void A_pause_allocates_nothing_on_the_dotnet_heap()
    {
        using var client = new MockClient();
        client.Heap.TraceSink = null;
        Handle chain = ScavengeTests.MakeChain(client, 1000);
        chain.MakeWeak(1);
        chain.MakeStrong();
        client.CollectAll();
        client.CollectAll();
        _ = ScavengeTests.MakeChain(client, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        client.Scavenge();
        client.CollectAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void No_allocation_scope_is_free_of_collections()
    {
        using var client = new MockClient();
        int before = client.Heap.CollectionCount;
        using (new NoAllocationScope(client.Local))
        {
#if CHECKED
            Assert.Throws<System.Diagnostics.UnreachableException>(() => client.Local.AllocateOld(16));
#endif
        }

        Assert.Equal(before, client.Heap.CollectionCount);
    }

    [Fact]
    public void An_old_object_held_by_an_interior_word_survives_marking()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        ulong old = client.NewArray(5, old: true);
        ulong large = client.NewArray(200_000, old: true);
        ulong map = client.NewMap(3);
        ulong* words = stackalloc ulong[3];
        words[0] = old + 24;
        words[1] = large + 1_200_000;
        words[2] = map + 40;
        client.ScanOnly(words, 3);
        client.CollectAll();
        Assert.Equal(5, new FixedArray(old).Length);
        Assert.Equal(200_000, new FixedArray(large).Length);
        Assert.Equal(1, client.Heap.Maps.UsedBytes / Map.HeaderSize);
        words[0] = words[1] = words[2] = 0;
        client.CollectAll();
        Assert.Equal(0, client.Heap.OldGenerationBytes);
    }

    [Fact]
    public void Spill_stub_reports_a_stack_pointer_below_its_caller()
    {
        ulong here = 0;
        ulong seen = 0;
        SpillStub.Call(&RecordPointer, &seen);
        Assert.InRange((ulong)&here - seen, 1UL, 100_000UL);
        Assert.InRange(seen, StackBounds.Low, StackBounds.High);
    }

    [Fact]
    public void Entering_twice_from_two_threads_is_refused()
    {
        using var client = new MockClient();
        client.Local.Enter();
        client.Local.Leave();
        Exception? seen = null;
        var thread = new Thread(() => seen = Record.Exception(client.Local.Enter));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(seen);
    }

    [Fact]
    public void Two_agents_stop_for_each_other()
    {
        using var client = new MockClient(new HeapOptions { MinSemiSpaceSize = 512 << 10, MaxSemiSpaceSize = 1 << 20 });
        LocalHeap second = client.Heap.CreateLocalHeap();
        int sum = 0;
        var thread = new Thread(() =>
        {
            second.Enter();
            sum = Churn(second, 300_000);
            second.Leave();
        });
        thread.Start();
        int mine = Churn(client.Local, 300_000);
        client.Local.RunParked(&Join, (void*)System.Runtime.InteropServices.GCHandle.ToIntPtr(System.Runtime.InteropServices.GCHandle.Alloc(thread)));
        Assert.Equal(mine, sum);
        Assert.True(client.Heap.CollectionCount > 10);
    }

    private static void Join(void* context) => ((Thread)System.Runtime.InteropServices.GCHandle.FromIntPtr((nint)context).Target!).Join();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Churn(LocalHeap local, int count)
    {
        using var list = new ValueList(local);
        for (int i = 0; i < 100; i++)
        {
            list.Add(Value.Undefined);
        }

        for (int i = 0; i < count; i++)
        {
            ulong address = local.AllocateYoung(FixedArray.SizeFor(2));
            *(ulong*)address = MockClient.Root(RootId.FixedArrayMap);
            var array = new FixedArray(address);
            array.Length = 2;
            array.Spare = 0;
            array.InitElements(0, Value.FromInt32(i));
            array.InitElements(1, Value.Undefined);
            if (list[i % 100].IsCell)
            {
                new FixedArray(list[i % 100].Bits).SetElements(1, new Value(address));
            }

            if (i % 7 == 0)
            {
                list.Set(i % 100, new Value(address));
            }

            local.Poll();
        }

        int sum = 0;
        for (int i = 0; i < 100; i++)
        {
            sum += new FixedArray(list[i].Bits).GetElements(0).AsInt32;
        }

        return sum;
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static void RecordPointer(ulong stackPointer, void* context) => *(ulong*)context = stackPointer;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Plant(MockClient client, MockTable table)
    {
        table.Strong = client.NewArray(3);
        table.Weak = client.NewArray(5);
        table.Conditional = client.NewArray(4);
    }

    private sealed class PreciseScanner(ulong* slots) : IStackScanner
    {
        public void Scan(LocalHeap local, ulong stoppedStackPointer, StackRanges ranges) => ranges.AddPrecise(slots, slots + 1);
    }

    private sealed class MockTable : IRootProvider, IWeakProcessor, IDisposable
    {
        private readonly ulong* _slots = (ulong*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(24);
        private readonly ClusterHeap _heap;

        public MockTable(ClusterHeap heap)
        {
            _heap = heap;
            heap.AddRootProvider(this);
            heap.AddWeakProcessor(this);
        }

        public RootSection Section => RootSection.StringTable;

        public ref ulong Strong => ref _slots[0];

        public ref ulong Weak => ref _slots[1];

        /// <summary>Lives as long as <see cref="Strong"/>, as an ephemeron's value would.</summary>
        public ref ulong Conditional => ref _slots[2];

        public void VisitRoots(RootVisitor visitor) => visitor.VisitSlot(&_slots[0]);

        public bool TraceConditionally(CollectionContext context)
        {
            if (_slots[2] != 0 && context.IsLive(_slots[0]) && !context.IsLive(_slots[2]))
            {
                context.KeepAlive(&_slots[2]);
                return true;
            }

            return false;
        }

        public void ProcessWeak(CollectionContext context)
        {
            for (int i = 1; i < 3; i++)
            {
                _slots[i] = _slots[i] == 0 ? 0 : context.Forwarded(_slots[i]);
            }
        }

        public void Dispose()
        {
            _heap.RemoveRootProvider(this);
            _heap.RemoveWeakProcessor(this);
            System.Runtime.InteropServices.NativeMemory.Free(_slots);
        }
    }
}
