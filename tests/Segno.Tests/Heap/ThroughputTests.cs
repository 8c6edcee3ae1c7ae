using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Xunit;

namespace Segno.Tests.Heap;

/// <summary>Notes throughput; the bounds are loose enough for a busy machine.</summary>
public sealed unsafe class ThroughputTests(ITestOutputHelper output)
{
    private const int Objects = 20_000_000;

    [Fact]
    public void Short_lived_objects_are_cheap()
    {
        using var client = new MockClient();
        ulong map = client.NewMap(5);
        Handle keep = client.Local.CreateHandle(new Value(map));
        for (int round = 0; round < 3; round++)
        {
            int before = client.Heap.CollectionCount;
            long start = Stopwatch.GetTimestamp();
            AllocateMany(client.Local, map, Objects);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Objects / 1e6} M objects of 40 bytes: {time.TotalMilliseconds:F0} ms, {client.Heap.CollectionCount - before} scavenges, the last: {client.LastTrace}"));
        }

        keep.Dispose();
    }

    [Fact]
    public void Survivors_are_copied_fast()
    {
        using var client = new MockClient(new HeapOptions { MinSemiSpaceSize = 16 << 20 });
        ulong map = client.NewMap(5);
        Handle keep = client.Local.CreateHandle(new Value(map));
        Handle list = client.Local.CreateHandle(Value.Undefined);
        for (int round = 0; round < 5; round++)
        {
            BuildList(client, map, list, 250_000);
            client.Scavenge();
            GcTrace trace = client.LastTrace;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"copied {trace.CopiedBytes / 1e6:F1} MB in {trace.ScavengeMicroseconds:F0} us: {trace.CopiedBytes / trace.ScavengeMicroseconds:F0} MB/s"));
            client.Scavenge();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"promoted {trace.PromotedBytes / 1e6:F1} MB in {trace.ScavengeMicroseconds:F0} us: {trace.PromotedBytes / trace.ScavengeMicroseconds:F0} MB/s"));
            client.CollectAll();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"full: {trace.MarkedObjects} objects marked in {trace.MarkMicroseconds:F0} us, swept in {trace.SweepMicroseconds:F0} us"));
        }

        keep.Dispose();
        list.Dispose();
    }

    [Fact]
    public void A_warm_heap_costs_microseconds()
    {
        for (int i = 0; i < 2000; i++)
        {
            using var warm = new MockClient();
            _ = warm.NewArray(1);
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 1000; i++)
        {
            using var client = new MockClient();
            _ = client.NewArray(1);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"create, enter, allocate, dispose: {Stopwatch.GetElapsedTime(start).TotalMicroseconds / 1000:F2} us"));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void AllocateMany(LocalHeap local, ulong map, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ulong address = local.AllocateYoung(40);
            ((ulong*)address)[0] = map;
            ((ulong*)address)[1] = Value.UndefinedBits;
            ((ulong*)address)[2] = Value.UndefinedBits;
            ((ulong*)address)[3] = Value.UndefinedBits;
            ((ulong*)address)[4] = Value.UndefinedBits;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void BuildList(MockClient client, ulong map, Handle list, int count)
    {
        list.Set(Value.Undefined);
        for (int i = 0; i < count; i++)
        {
            ulong address = client.NewObject(map);
            ((ulong*)address)[4] = list.Value.Bits;
            list.Set(new Value(address));
        }
    }
}
