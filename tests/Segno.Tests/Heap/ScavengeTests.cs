using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Xunit;

namespace Segno.Tests.Heap;

public sealed unsafe class ScavengeTests
{
    [Fact]
    public void Handles_follow_moved_objects_and_age_to_the_old_generation()
    {
        using var client = new MockClient();
        client.IgnoreStack();
        Handle handle = MakeChain(client, 10);
        Assert.True(ClusterHeap.IsYoung(handle.Value));
        client.Scavenge();
        Assert.True(ClusterHeap.IsYoung(handle.Value));
        Assert.Equal(10, client.LastTrace.CopiedObjects);
        Assert.Equal(0, client.LastTrace.PromotedObjects);
        client.Scavenge();
        Assert.False(ClusterHeap.IsYoung(handle.Value));
        Assert.Equal(10, client.LastTrace.PromotedObjects);
        Assert.Equal(10, ChainLength(handle));
    }

    [Fact]
    public void A_value_on_the_stack_stays_where_it_is()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        for (int round = 0; round < 50; round++)
        {
            HoldAcross(client);
        }
    }

    [Fact]
    public void Interior_and_one_past_end_words_pin()
    {
        using var client = new MockClient();
        ulong* words = stackalloc ulong[1];
        client.ScanOnly(words, 1);
        ulong hidden = PlantInterior(client, words, 32);
        client.Scavenge();
        Assert.Equal(7, (int)(*(ulong*)((hidden ^ ulong.MaxValue) + 16)));
        Assert.Equal(1, client.LastTrace.PinnedObjects);
        hidden = PlantInterior(client, words, FixedArray.SizeFor(8));
        client.Scavenge();
        Assert.Equal(7, (int)(*(ulong*)((hidden ^ ulong.MaxValue) + 16)));
        Assert.Equal(1, client.LastTrace.PinnedObjects);
    }

    [Fact]
    public void Neighbours_of_a_pinned_object_are_evacuated_and_their_room_is_used_again()
    {
        using var client = new MockClient();
        Handle before = MakeChain(client, 3);
        ulong pinned = client.NewArray(2);
        // An interior word: an exact start would pin the object that ends there as well.
        ulong inside = pinned + 8;
        client.ScanOnly(&inside, 1);
        Handle after = MakeChain(client, 3);
        ulong beforeAddress = before.Value.Bits;
        ulong afterAddress = after.Value.Bits;
        client.Scavenge();
        Assert.Equal(2, new FixedArray(pinned).Length);
        Assert.NotEqual(beforeAddress, before.Value.Bits);
        Assert.NotEqual(afterAddress, after.Value.Bits);
        Assert.Equal(0, client.LastTrace.PromotedObjects);
        ulong page = pinned & WriteBarrier.PageMask;
        bool reused = false;
        for (int i = 0; i < 20_000 && !reused; i++)
        {
            reused = (client.NewArray(1) & WriteBarrier.PageMask) == page;
        }

        Assert.True(reused);
        Assert.Equal(2, new FixedArray(pinned).Length);
    }

    [Fact]
    public void Large_young_objects_are_promoted_in_place()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        client.IgnoreStack();
        Handle large = MakeLarge(client);
        ulong address = large.Value.Bits;
        Assert.True(ClusterHeap.IsYoung(large.Value));
        client.Scavenge();
        Assert.Equal(address, large.Value.Bits);
        Assert.False(ClusterHeap.IsYoung(large.Value));

        // A store near its end, four pages behind its header, must be remembered through the page table.
        StoreLast(client, large);
        client.Scavenge();
        var array = new FixedArray(large.Value.Bits);
        Assert.Equal(1, new FixedArray(array.GetElements(array.Length - 1).Bits).Length);

        // Without its handle its pages go back.
        large.Dispose();
        client.CollectAll();
        Assert.True(client.LastTrace.FreedPages >= 4);
    }

    [Fact]
    public void Duplicate_stores_are_remembered_once()
    {
        using var client = new MockClient();
        client.IgnoreStack();
        Handle old = MakeOld(client);
        StoreOften(client, old, 5000);
        client.Scavenge();
        Assert.Equal(5000, client.LastTrace.StoreBufferEntries);
        Assert.Equal(2, client.LastTrace.StoreBufferDistinct);
        Assert.Equal(2, client.LastTrace.RememberedSlots);
        client.Scavenge();
        Assert.Equal(2, client.LastTrace.RememberedSlots);
        client.Scavenge();
        Assert.Equal(0, client.LastTrace.RememberedSlots);
    }

    [Fact]
    public void Weak_words_are_updated_or_cleared()
    {
        using var client = new MockClient(new HeapOptions { VerifyHeap = true });
        client.IgnoreStack();
        Handle strong = client.Local.CreateHandle(Value.Undefined);
        Handle youngWeak = client.Local.CreateHandle(Value.Undefined);
        Handle oldWeak = client.Local.CreateHandle(Value.Undefined);
        FillWeak(client, strong, youngWeak, oldWeak);
        client.Scavenge();
        foreach (Handle handle in new[] { youngWeak, oldWeak })
        {
            var array = new WeakFixedArray(handle.Value.Bits);
            Assert.Equal(strong.Value.Bits, array.GetElements(0).Bits);
            Assert.Equal(Value.ClearedBits, array.GetElements(1).Bits);
        }

        // Old targets are cleared by marking.
        client.Scavenge();
        client.Scavenge();
        Assert.False(ClusterHeap.IsYoung(strong.Value));
        strong.Dispose();
        client.Scavenge();
        Assert.NotEqual(Value.ClearedBits, new WeakFixedArray(oldWeak.Value.Bits).GetElements(0).Bits);
        client.CollectAll();
        Assert.Equal(Value.ClearedBits, new WeakFixedArray(oldWeak.Value.Bits).GetElements(0).Bits);
        Assert.Equal(Value.ClearedBits, new WeakFixedArray(youngWeak.Value.Bits).GetElements(0).Bits);
    }

    [Fact]
    public void Semispace_grows_with_survival()
    {
        using var client = new MockClient(new HeapOptions { MinSemiSpaceSize = 1 << 20, MaxSemiSpaceSize = 4 << 20 });
        int before = client.Heap.Young.CapacityPages;
        using var list = new ValueList(client.Local);
        for (int i = 0; i < 150_000; i++)
        {
            list.Add(new Value(client.NewArray(8)));
        }

        Assert.Equal(4, before);
        Assert.Equal(16, client.Heap.Young.CapacityPages);
        for (int i = 0; i < list.Count; i++)
        {
            Assert.Equal(8, new FixedArray(list[i].Bits).Length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Handle MakeChain(MockClient client, int length)
    {
        Handle head = client.Local.CreateHandle(Value.Undefined);
        for (int i = 0; i < length; i++)
        {
            ulong array = client.NewArray(1);
            new FixedArray(array).InitElements(0, head.Value);
            head.Set(new Value(array));
        }

        return head;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int ChainLength(Handle head)
    {
        int length = 0;
        for (ulong at = head.Value.Bits; at != Value.UndefinedBits; at = new FixedArray(at).GetElements(0).Bits)
        {
            length++;
        }

        return length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HoldAcross(MockClient client)
    {
        ulong kept = client.NewArray(4);
        new FixedArray(kept).InitElements(3, Value.FromInt32(42));
        ulong child = client.NewArray(1);
        new FixedArray(kept).InitElements(0, new Value(child));
        ulong before = kept ^ ulong.MaxValue;
        client.Scavenge();
        client.CollectAll();
        _ = client.NewArray(100);
        Assert.Equal(before ^ ulong.MaxValue, kept);
        Assert.Equal(42, new FixedArray(kept).GetElements(3).AsInt32);
        Assert.Equal(1, new FixedArray(new FixedArray(kept).GetElements(0).Bits).Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong PlantInterior(MockClient client, ulong* words, int distance)
    {
        ulong array = client.NewArray(8);
        new FixedArray(array).InitElements(0, Value.FromInt32(7));
        words[0] = array + (ulong)distance;

        // The address itself leaves only in a form that pins nothing.
        ulong hidden = array ^ ulong.MaxValue;
        return hidden;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Handle MakeLarge(MockClient client) => client.Local.CreateHandle(new Value(client.NewArray(120_000)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreLast(MockClient client, Handle large)
    {
        ulong young = client.NewArray(1);
        var array = new FixedArray(large.Value.Bits);
        array.SetElements(array.Length - 1, new Value(young));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Handle MakeOld(MockClient client) => client.Local.CreateHandle(new Value(client.NewArray(2, old: true)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreOften(MockClient client, Handle old, int times)
    {
        ulong young = client.NewArray(1);
        for (int i = 0; i < times; i++)
        {
            new FixedArray(old.Value.Bits).SetElements(i & 1, new Value(young));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillWeak(MockClient client, Handle strong, Handle youngWeak, Handle oldWeak)
    {
        strong.Set(new Value(client.NewArray(1)));
        youngWeak.Set(new Value(client.NewWeakArray(2)));
        oldWeak.Set(new Value(client.NewWeakArray(2, old: true)));
        ulong doomed = client.NewArray(1);
        foreach (Handle handle in new[] { youngWeak, oldWeak })
        {
            new WeakFixedArray(handle.Value.Bits).SetElements(0, strong.Value);
            new WeakFixedArray(handle.Value.Bits).SetElements(1, new Value(doomed));
        }
    }
}
