using Segno.Layouts;
using Segno.Objects;
using Xunit;

namespace Segno.Tests.Objects;

/// <summary>Validity cells: what an inline cache assumed of a prototype chain.</summary>
public sealed class PrototypeTests
{
    private static JSObject Inheriting(HeapFixture heap, JSObject prototype)
    {
        Prototypes.MakePrototype(heap.Agent, prototype);
        return heap.Agent.NewJSObject(heap.NewInitialMap(4, prototype));
    }

    private static bool IsValid(Cell cell) => cell.Value.IsTrue;

    [Fact]
    public void ACellIsSharedWhileItIsValid()
    {
        using var heap = new HeapFixture();
        JSObject prototype = heap.NewObject("m");
        JSObject a = Inheriting(heap, prototype);
        JSObject b = Inheriting(heap, prototype);
        Cell first = Cell.Cast(Prototypes.ValidityCellFor(heap.Agent, a.Map));
        Cell second = Cell.Cast(Prototypes.ValidityCellFor(heap.Agent, b.Map));
        Assert.Equal(first.Address, second.Address);
        heap.CollectAll();
        Assert.True(IsValid(first));
        // Changes of a receiver are none of the chain.
        heap.Add(a, "x", 1);
        Assert.True(IsValid(first));
    }

    [Fact]
    public void EveryChangeOfShapeInvalidates()
    {
        using var heap = new HeapFixture();
        JSObject prototype = heap.NewObject("m");
        JSObject obj = Inheriting(heap, prototype);
        for (int change = 0; change < 6; change++)
        {
            Cell cell = Cell.Cast(Prototypes.ValidityCellFor(heap.Agent, obj.Map));
            Assert.True(IsValid(cell), "before " + change);
            switch (change)
            {
                case 0:
                    heap.Add(prototype, "n", 1);
                    break;
                case 1:
                    Properties.AddAccessor(heap.Agent, prototype, heap.Key("acc"), Value.Undefined, Value.Undefined, PropertyAttributes.None);
                    break;
                case 2:
                    var descriptor = new PropertyDescriptor { Writable = false };
                    Properties.DefineOwn(heap.Agent, prototype, heap.Key("m"), descriptor);
                    break;
                case 3:
                    heap.Delete(prototype, "n");
                    break;
                case 4:
                    // In dictionary mode by now.
                    Assert.True(prototype.Map.IsDictionary());
                    heap.Add(prototype, "o", 1);
                    break;
                default:
                    heap.SetNew(prototype, 0, Value.Zero);
                    break;
            }

            Assert.False(IsValid(cell), "after " + change);
            Assert.NotEqual(cell.Address, Prototypes.ValidityCellFor(heap.Agent, obj.Map).Bits);
        }
    }

    [Fact]
    public void ChangesAboveReachAllBelow()
    {
        using var heap = new HeapFixture();
        JSObject top = heap.NewObject("t");
        JSObject middle = Inheriting(heap, top);
        JSObject low = Inheriting(heap, middle);
        JSObject sibling = Inheriting(heap, middle);
        JSObject obj = Inheriting(heap, low);
        JSObject other = Inheriting(heap, sibling);
        Cell deep = Cell.Cast(Prototypes.ValidityCellFor(heap.Agent, obj.Map));
        Cell beside = Cell.Cast(Prototypes.ValidityCellFor(heap.Agent, other.Map));
        heap.CollectAll();
        heap.Add(sibling, "s", 1);
        Assert.True(IsValid(deep));
        Assert.False(IsValid(beside));
        heap.Add(top, "u", 1);
        Assert.False(IsValid(deep));
        Assert.NotEqual(deep.Address, Prototypes.ValidityCellFor(heap.Agent, obj.Map).Bits);
        // And again, with the cell that was made anew.
        Cell anew = Cell.Cast(Prototypes.ValidityCellFor(heap.Agent, obj.Map));
        heap.Add(middle, "v", 1);
        Assert.False(IsValid(anew));
    }

    [Fact]
    public void ManyPrototypesOfOneParent()
    {
        using var heap = new HeapFixture();
        JSObject top = heap.NewObject("t");
        using var cells = new Segno.Heap.ValueList(heap.Local);
        for (int i = 0; i < 40; i++)
        {
            JSObject low = Inheriting(heap, top);
            JSObject obj = Inheriting(heap, low);
            cells.Add(obj);
            cells.Add(Prototypes.ValidityCellFor(heap.Agent, obj.Map));
        }

        heap.CollectAll();
        heap.Add(top, "u", 1);
        for (int i = 1; i < cells.Count; i += 2)
        {
            Assert.True(Cell.Cast(cells[i]).Value.IsFalse);
        }
    }

    [Fact]
    public void APrototypeHasAMapOfItsOwn()
    {
        using var heap = new HeapFixture();
        JSObject a = heap.NewObject("x");
        JSObject b = heap.NewObject("x");
        Prototypes.MakePrototype(heap.Agent, a);
        Assert.NotEqual(a.Map.Address, b.Map.Address);
        Assert.True(a.Map.Has(MapFlags.Prototype));
        heap.Add(a, "y", 2);
        Assert.True(a.Map.Has(MapFlags.Prototype));
        Assert.False(heap.Has(b, "y"));
        Assert.Equal(2, heap.Get(a, "y").AsInt32);
        Assert.Equal(0, heap.Get(a, "x").AsInt32);
    }

    [Fact]
    public void ObjectsWithoutAPrototypeHaveNoCell()
    {
        using var heap = new HeapFixture();
        Assert.True(Prototypes.ValidityCellFor(heap.Agent, heap.NewInitialMap(0, Value.Null)).IsUndefined);
    }

    [Fact]
    public void AnotherPrototypeIsATransition()
    {
        using var heap = new HeapFixture();
        JSObject prototype = heap.NewObject();
        JSObject a = heap.NewObject("x");
        JSObject b = heap.NewObject("x");
        a.SetMap(Maps.ForPrototype(heap.Agent, a.Map, prototype));
        b.SetMap(Maps.ForPrototype(heap.Agent, b.Map, prototype));
        Assert.Equal(a.Map.Address, b.Map.Address);
        Assert.Equal(prototype.Address, a.Map.Prototype.Bits);
        Assert.Equal(0, heap.Get(a, "x").AsInt32);
        Assert.Equal(a.Map.Address, Maps.ForPrototype(heap.Agent, a.Map, prototype).Address);
    }
}
