using Segno.Heap;
using Segno.Layouts;
using Xunit;

namespace Segno.Tests.Embedding;

/// <summary>What common values cost in bytes.</summary>
public sealed class FootprintTests
{
    [Fact]
    public void AnObjectOfTwoPropertiesTakesAtMost40Bytes()
    {
        using var engine = new Engine();
        engine.Execute("var kept = []; function make(i) { kept.push({ x: i, y: 2 }); } for (let i = 0; i < 1000; i++) make(i);");
        HeapStatistics before = Measure(engine);
        engine.Execute("for (let i = 0; i < 10000; i++) make(i);");
        HeapStatistics after = Measure(engine);
        long objects = after.ObjectsOf(InstanceType.JSObject) - before.ObjectsOf(InstanceType.JSObject);
        long bytes = after.BytesOf(InstanceType.JSObject) - before.BytesOf(InstanceType.JSObject);
        Assert.InRange(objects, 10_000, 10_100);
        Assert.InRange(bytes / (double)objects, 16, 40);
    }

    [Fact]
    public void AnArrayOfDoublesTakes8BytesAnElement()
    {
        using var engine = new Engine();
        HeapStatistics before = Measure(engine);
        engine.Execute("var kept = new Array(1e6).fill(1.5);");
        HeapStatistics after = Measure(engine);
        long bytes = after.BytesOf(InstanceType.FixedDoubleArray) - before.BytesOf(InstanceType.FixedDoubleArray);
        Assert.InRange(bytes, 8_000_000, 8_000_100);
        Assert.InRange(after.BytesOf(InstanceType.FixedArray) - before.BytesOf(InstanceType.FixedArray), long.MinValue, 1_000_000);
    }

    private static HeapStatistics Measure(Engine engine)
    {
        engine.CollectGarbage();
        return HeapStatistics.Capture(engine.Core.Agent.Heap.Heap);
    }
}
