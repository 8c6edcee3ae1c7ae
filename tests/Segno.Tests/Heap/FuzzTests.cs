using Segno.Heap;
using Xunit;

namespace Segno.Tests.Heap;

public sealed class FuzzTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Graph_survives_many_collections(int seed) => Run(new HeapOptions
    {
        MinSemiSpaceSize = 512 << 10,
        MaxSemiSpaceSize = 1 << 20,
        InitialOldGenerationLimit = 8 << 20,
    }, seed, 300_000);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Graph_survives_with_verifier(int seed) => Run(new HeapOptions
    {
        MinSemiSpaceSize = 512 << 10,
        MaxSemiSpaceSize = 1 << 20,
        InitialOldGenerationLimit = 4 << 20,
        VerifyHeap = true,
    }, seed, 40_000);

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Graph_survives_a_collection_at_every_allocation(int seed) => Run(new HeapOptions
    {
        MinSemiSpaceSize = 512 << 10,
        MaxSemiSpaceSize = 1 << 20,
        GcInterval = 1,
        FullGcInterval = 7,
    }, seed, 6_000);

    [Theory]
    [InlineData(8)]
    public void Graph_survives_every_allocation_verified(int seed) => Run(new HeapOptions
    {
        MinSemiSpaceSize = 512 << 10,
        MaxSemiSpaceSize = 1 << 20,
        GcInterval = 3,
        FullGcInterval = 5,
        VerifyHeap = true,
    }, seed, 3_000);

    [Fact]
    public void Graph_survives_with_atomic_forwarding() => Run(new HeapOptions
    {
        MinSemiSpaceSize = 512 << 10,
        MaxSemiSpaceSize = 1 << 20,
        AtomicForwarding = true,
    }, 9, 100_000);

    /// <summary>Each scavenge decides how the next objects age, so that agents pretenure every now and then.</summary>
    [Theory]
    [InlineData(10, 0, 300_000)]
    [InlineData(11, 1, 6_000)]
    [InlineData(12, 37, 20_000)]
    public void Graph_survives_changes_of_tenure(int seed, int interval, int steps) => Run(new HeapOptions
    {
        MinSemiSpaceSize = 512 << 10,
        MaxSemiSpaceSize = 1 << 20,
        InitialOldGenerationLimit = 4 << 20,
        SmallestTenuringSample = 1,
        GcInterval = interval,
        FullGcInterval = 11,
        VerifyHeap = interval != 0,
    }, seed, steps);

    private void Run(HeapOptions options, int seed, int steps)
    {
        using var client = new MockClient(options);
        var fuzz = new GraphFuzz(client, seed);
        for (int round = 0; round < 20; round++)
        {
            fuzz.Run(steps / 20);
        }

        client.CollectAll();
        fuzz.Check();
        output.WriteLine($"{client.Heap.CollectionCount} collections; {client.LastTrace}");
        Assert.True(client.Heap.CollectionCount > 1);
    }
}
