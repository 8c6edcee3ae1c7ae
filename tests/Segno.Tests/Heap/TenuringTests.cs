using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Xunit;

namespace Segno.Tests.Heap;

/// <summary>How soon objects become old (<see cref="TenuringPolicy"/>).</summary>
public sealed unsafe class TenuringTests
{
    private const int Many = 200_000;

    private static readonly HeapOptions s_options = new() { VerifyHeap = true, MinSemiSpaceSize = 8 << 20 };

    [Fact]
    public void While_most_survives_objects_are_promoted_at_once()
    {
        using var client = new MockClient(s_options);
        client.IgnoreStack();
        Handle handle = ScavengeTests.MakeChain(client, Many);
        client.Scavenge();
        Assert.Equal(Many, client.LastTrace.CopiedObjects);
        MakeGarbage(client, Many / 5);
        client.Scavenge();
        Assert.Equal(Many, client.LastTrace.PromotedObjects);
        Handle second = ScavengeTests.MakeChain(client, Many);
        MakeGarbage(client, Many / 5);
        client.Scavenge();
        Assert.Equal(0, client.LastTrace.CopiedObjects);
        Assert.Equal(Many, client.LastTrace.PromotedObjects);

        // Little survives: the next ones age again.
        client.Scavenge();
        Handle third = ScavengeTests.MakeChain(client, 10);
        client.Scavenge();
        Assert.Equal(10, client.LastTrace.CopiedObjects);
        Assert.Equal(Many, ScavengeTests.ChainLength(handle));
        Assert.Equal(Many, ScavengeTests.ChainLength(second));
        Assert.Equal(10, ScavengeTests.ChainLength(third));
    }

    [Fact]
    public void Where_all_survives_objects_are_old_from_the_start()
    {
        using var client = new MockClient(s_options);
        client.IgnoreStack();
        Handle first = Pretenure(client);
        Handle second = ScavengeTests.MakeChain(client, Many);
        Assert.False(ClusterHeap.IsYoung(second.Value));
        Handle large = MakeLarge(client, second);
        Assert.False(ClusterHeap.IsYoung(large.Value));
        Assert.Equal(0, client.Heap.Young.Pages);
        Assert.Equal(0, client.Heap.Large.YoungBytes);

        // A collection ends the run: objects are young again, and promoted at their first survival, for a test.
        client.Scavenge();
        Assert.False(client.Heap.Tenuring.Pretenures);
        Assert.Equal(0, client.LastTrace.PromotedObjects);
        Handle third = ScavengeTests.MakeChain(client, Many);
        Assert.True(ClusterHeap.IsYoung(third.Value));
        client.Scavenge();
        Assert.Equal(Many, client.LastTrace.PromotedObjects);
        Assert.True(client.Heap.Tenuring.Pretenures);
        client.CollectAll();
        Assert.False(client.Heap.Tenuring.Pretenures);
        Assert.Equal(Many, ScavengeTests.ChainLength(first));
        Assert.Equal(Many, ScavengeTests.ChainLength(second));
        Assert.Equal(Many, ScavengeTests.ChainLength(third));
        Assert.Equal(Many, ScavengeTests.ChainLength(client.Local.CreateHandle(new FixedArray(large.Value.Bits).GetElements(0))));
    }

    [Fact]
    public void Pinned_objects_become_old_before_a_run()
    {
        using var client = new MockClient(s_options);
        client.IgnoreStack();
        Handle chain = ScavengeTests.MakeChain(client, Many);
        client.Scavenge();
        ulong pinned = client.NewArray(2);
        new FixedArray(pinned).InitElements(0, chain.Value);
        new FixedArray(pinned).InitElements(1, new Value(client.NewArray(3)));
        ulong inside = pinned + 8;
        client.ScanOnly(&inside, 1);
        client.Scavenge();
        Assert.Equal(1, client.LastTrace.PinnedObjects);
        Assert.True(client.Heap.Tenuring.Pretenures);
        Assert.Equal(0, client.Heap.Young.Pages);
        Assert.False(ClusterHeap.IsYoung(new Value(pinned)));
        Assert.Equal(3, new FixedArray(new FixedArray(pinned).GetElements(1).Bits).Length);

        // Its page is one of the old generation now: what is free on it is used, and the object lives as long as it is held.
        Handle more = ScavengeTests.MakeChain(client, Many);
        client.CollectAll();
        Assert.Equal(2, new FixedArray(pinned).Length);
        Assert.Equal(3, new FixedArray(new FixedArray(pinned).GetElements(1).Bits).Length);
        client.IgnoreStack();
        client.CollectAll();
        Assert.Equal(Many, ScavengeTests.ChainLength(chain));
        Assert.Equal(Many, ScavengeTests.ChainLength(more));
    }

    [Fact]
    public void A_run_on_garbage_ends_soon()
    {
        using var client = new MockClient(s_options with { VerifyHeap = false });
        client.IgnoreStack();
        Handle chain = Pretenure(client);
        int collections = client.Heap.CollectionCount;
        long before = client.Heap.OldGenerationBytes;
        while (client.Heap.CollectionCount == collections)
        {
            MakeGarbage(client, 1000);
        }

        Assert.False(client.Heap.Tenuring.Pretenures);
        Assert.InRange(client.Heap.OldGenerationBytes - before, 0, 3L * client.Heap.Options.MaxSemiSpaceSize);
        MakeGarbage(client, 5 * Many);
        Assert.True(client.Heap.CollectionCount > collections + 1);
        Assert.False(client.Heap.Tenuring.TenuresAll);
        Assert.Equal(Many, ScavengeTests.ChainLength(chain));
    }

    [Fact]
    public void A_run_ends_with_a_full_collection_where_the_old_generation_reaches_its_limit()
    {
        using var client = new MockClient(s_options with { VerifyHeap = false, InitialOldGenerationLimit = 10 << 20 });
        client.IgnoreStack();
        Handle chain = Pretenure(client);
        int collections = client.Heap.CollectionCount;
        while (client.Heap.CollectionCount == collections)
        {
            MakeGarbage(client, 100);
        }

        Assert.Equal(CollectionKind.Full, client.LastTrace.Kind);
        Assert.Equal(CollectionReason.OldGenerationLimit, client.LastTrace.Reason);
        Assert.InRange(client.Heap.OldGenerationBytes, 1, 10 << 20);
        Assert.Equal(Many, ScavengeTests.ChainLength(chain));
    }

    [Fact]
    public void Runs_get_longer_while_they_pay()
    {
        var policy = new TenuringPolicy(100);
        policy.Learn(1000, 1000, 1000);
        Assert.True(policy.TenuresAll);
        Assert.False(policy.Pretenures);
        long longest = 0;
        for (int i = 0; i < 6; i++)
        {
            policy.Learn(1000, 950, 1000);
            Assert.True(policy.Pretenures);
            long taken = 0;
            for (; !policy.IsExhausted; taken += 100)
            {
                policy.Take(100);
            }

            Assert.Equal(Math.Min(1000L << (i + 1), 16_000), taken);
            longest = Math.Max(longest, taken);

            // The collection at the end of the run finds nothing young.
            policy.Learn(10, 0, 1000);
            Assert.False(policy.Pretenures);
            Assert.True(policy.TenuresAll);
        }

        Assert.Equal(16_000, longest);
        policy.Learn(1000, 800, 1000);
        Assert.True(policy.TenuresAll);
        Assert.False(policy.Pretenures);
        policy.Learn(1000, 100, 1000);
        Assert.False(policy.TenuresAll);
        policy.Learn(10, 10, 1000);
        Assert.False(policy.TenuresAll);
    }

    /// <summary>Lets two scavenges find that all survives; returns what did.</summary>
    private static Handle Pretenure(MockClient client)
    {
        Handle chain = ScavengeTests.MakeChain(client, Many);
        client.Scavenge();
        Assert.False(client.Heap.Tenuring.Pretenures);
        client.Scavenge();
        Assert.True(client.Heap.Tenuring.Pretenures);
        return chain;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeGarbage(MockClient client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = client.NewArray(1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Handle MakeLarge(MockClient client, Handle content)
    {
        ulong large = client.NewArray(120_000);
        new FixedArray(large).InitElements(0, content.Value);
        return client.Local.CreateHandle(new Value(large));
    }
}
