using Segno.Layouts;
using Segno.Objects;
using Xunit;

namespace Segno.Tests.Objects;

/// <summary>Instance sizes shrink to what is used, under live objects, and pages stay walkable (HEAP-8).</summary>
public sealed class SlackTrackingTests
{
    private static Map NewTracked(HeapFixture heap)
    {
        Map map = heap.NewInitialMap(8, heap.Agent.Realm.ObjectPrototype, MapFlags.SlackTracking);
        map.SlackCount = Maps.SlackTrackingCount;
        return map;
    }

    [Fact]
    public void TheTreeShrinksToTheLargestUse()
    {
        using var heap = new HeapFixture();
        Map initial = NewTracked(heap);
        JSObject one = heap.Agent.NewJSObject(initial);
        JSObject two = heap.Agent.NewJSObject(initial);
        heap.Add(one, "a", 1);
        heap.Add(two, "a", 2);
        heap.Add(two, "b", 3);
        heap.Scavenge();
        Assert.Equal(11, two.Map.InstanceSizeInWords);
        Maps.CompleteSlackTracking(initial);
        Assert.Equal(5, initial.InstanceSizeInWords);
        Assert.Equal(5, one.Map.InstanceSizeInWords);
        Assert.Equal(5, two.Map.InstanceSizeInWords);
        Assert.False(two.Map.Has(MapFlags.SlackTracking));

        heap.Scavenge();
        heap.CollectAll();
        Assert.Equal(1, heap.Get(one, "a").AsInt32);
        Assert.Equal(3, heap.Get(two, "b").AsInt32);
        // A further property of an old object has no room in it any more.
        heap.Add(two, "c", 4);
        Assert.True(PropertyArray.Is(two.Properties));
        heap.Add(one, "b", 5);
        Assert.False(PropertyArray.Is(one.Properties));
        heap.CollectAll();
        Assert.Equal(4, heap.Get(two, "c").AsInt32);
        Assert.Equal(5, heap.Get(one, "b").AsInt32);
    }

    [Fact]
    public void ObjectsWithADeletedPropertyStayWalkable()
    {
        using var heap = new HeapFixture();
        Map initial = NewTracked(heap);
        JSObject obj = heap.Agent.NewJSObject(initial);
        heap.Add(obj, "a", 1);
        heap.Add(obj, "b", 2);
        heap.Delete(obj, "b");
        // The map with b is shrunk as if nobody had ever had it.
        initial.SetTransitions(Value.Undefined);
        obj.Map.SetTransitions(Value.Undefined);
        Maps.CompleteSlackTracking(initial);
        ShrinkTo(obj.Map, initial);
        heap.Scavenge();
        heap.CollectAll();
        Assert.Equal(1, heap.Get(obj, "a").AsInt32);
    }

    /// <summary>What completion does to a map that it reaches.</summary>
    private static void ShrinkTo(Map map, Map initial)
    {
        map.InstanceSizeInWords = (byte)(initial.InObjectStartInWords + map.FieldCount);
        map.Flags &= ~(uint)MapFlags.SlackTracking;
    }

    [Fact]
    public void NormalizedAndPrototypeObjectsKeepTheirSize()
    {
        using var heap = new HeapFixture();
        Map initial = NewTracked(heap);
        JSObject dictionary = heap.Agent.NewJSObject(initial);
        heap.Add(dictionary, "a", 1);
        Properties.Normalize(heap.Agent, dictionary);
        JSObject prototype = heap.Agent.NewJSObject(initial);
        heap.Add(prototype, "a", 2);
        Prototypes.MakePrototype(heap.Agent, prototype);
        Maps.CompleteSlackTracking(initial);
        heap.Scavenge();
        for (int i = 0; i < 8; i++)
        {
            heap.Add(prototype, "p" + i, i);
        }

        heap.CollectAll();
        Assert.Equal(1, heap.Get(dictionary, "a").AsInt32);
        Assert.Equal(2, heap.Get(prototype, "a").AsInt32);
        Assert.Equal(7, heap.Get(prototype, "p7").AsInt32);
    }
}
