using Segno.Layouts;
using Segno.Objects;
using Xunit;

namespace Segno.Tests.Objects;

/// <summary>Hidden classes: sharing, transitions, dictionary mode.</summary>
public sealed class MapTests
{
    [Fact]
    public void SamePropertiesInTheSameOrderShareAMap()
    {
        using var heap = new HeapFixture();
        JSObject a = heap.NewObject("x", "y");
        JSObject b = heap.NewObject("x", "y");
        JSObject other = heap.NewObject("y", "x");
        Assert.Equal(a.Map.Address, b.Map.Address);
        Assert.NotEqual(a.Map.Address, other.Map.Address);
        Assert.Equal(2u, a.Map.OwnDescriptorCount);
        Assert.Equal(a.Map.Root().Address, other.Map.Root().Address);
        heap.CollectAll();
        Assert.Equal(a.Map.Address, heap.NewObject("x", "y").Map.Address);
        Assert.Equal(1, heap.Get(a, "y").AsInt32);
        Assert.Equal(0, heap.Get(other, "y").AsInt32);
    }

    [Fact]
    public void MapsAlongAChainShareDescriptors()
    {
        using var heap = new HeapFixture();
        JSObject longer = heap.NewObject("a", "b", "c", "d");
        JSObject shorter = heap.NewObject("a", "b", "c");
        Assert.Equal(longer.Map.ConstructorOrBackPointer.Bits, shorter.Map.Address);
        Assert.Equal(longer.Map.Descriptors.Address, shorter.Map.Descriptors.Address);
        // What a longer map adds, a shorter one does not have.
        Assert.False(heap.Has(shorter, "d"));
        // A second child of the same parent has descriptors of its own.
        JSObject branch = heap.NewObject("a", "b", "c", "e");
        Assert.NotEqual(longer.Map.Descriptors.Address, branch.Map.Descriptors.Address);
        Assert.True(heap.Has(branch, "e") && !heap.Has(branch, "d") && !heap.Has(longer, "e"));
    }

    [Fact]
    public void AttributesArePartOfTheTransition()
    {
        using var heap = new HeapFixture();
        JSObject plain = heap.NewObject("x");
        JSObject hidden = heap.NewObject();
        heap.Add(hidden, "x", 0, PropertyAttributes.DontEnum);
        JSObject again = heap.NewObject();
        heap.Add(again, "x", 7, PropertyAttributes.DontEnum);
        Assert.NotEqual(plain.Map.Address, hidden.Map.Address);
        Assert.Equal(hidden.Map.Address, again.Map.Address);
        Assert.True(Properties.GetOwn(heap.Agent, hidden, heap.Key("x"), out OwnProperty property));
        Assert.Equal(PropertyAttributes.DontEnum, property.Attributes);
    }

    [Fact]
    public void ManyPropertiesGoOutOfTheObjectThenToADictionary()
    {
        using var heap = new HeapFixture();
        JSObject obj = heap.NewObject();
        int inObject = obj.Map.InObjectCapacity();
        for (int i = 0; i < 400; i++)
        {
            bool wasFast = !obj.Map.IsDictionary();
            heap.Add(obj, "p" + i, i);
            if (i < inObject)
            {
                Assert.False(PropertyArray.Is(obj.Properties));
            }
            else if (i < inObject + Maps.MaxFastOutOfObject)
            {
                PropertyArray array = PropertyArray.Cast(obj.Properties);
                Assert.True(wasFast);
                Assert.InRange(array.Length, i + 1 - inObject, (2 * (i + 1 - inObject)) + 3);
            }

            if (i % 50 == 0)
            {
                heap.Scavenge();
            }
        }

        Assert.True(obj.Map.IsDictionary());
        for (int i = 0; i < 400; i++)
        {
            Assert.Equal(i, heap.Get(obj, "p" + i).AsInt32);
        }
    }

    [Fact]
    public void PropertyArraysGrowInSteps()
    {
        using var heap = new HeapFixture();
        JSObject obj = heap.NewObject();
        int changes = 0;
        ulong last = 0;
        for (int i = 0; i < 100; i++)
        {
            heap.Add(obj, "p" + i, i);
            if (obj.Properties.Bits != last)
            {
                changes++;
                last = obj.Properties.Bits;
            }
        }

        Assert.InRange(changes, 2, 12);
    }

    [Fact]
    public void TheIdentityHashStays()
    {
        using var heap = new HeapFixture();
        JSObject obj = heap.NewObject();
        int hash = Properties.IdentityHash(heap.Agent, obj);
        Assert.NotEqual(0, hash);
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(hash, Properties.IdentityHash(heap.Agent, obj));
            heap.Add(obj, "p" + i, i);
        }

        Assert.True(obj.Map.IsDictionary());
        Assert.Equal(hash, Properties.IdentityHash(heap.Agent, obj));
        Assert.NotEqual(hash, Properties.IdentityHash(heap.Agent, heap.NewObject()));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a", "b")]
    [InlineData("a", "b", "c")]
    [InlineData("a", "b", "c", "d", "e", "f", "g")]
    public void DeletingTheLastPropertyRollsBack(params string[] names)
    {
        using var heap = new HeapFixture();
        JSObject before = heap.NewObject(names.AsSpan(..^1));
        JSObject obj = heap.NewObject(names);
        heap.Delete(obj, names[^1]);
        Assert.Equal(before.Map.Address, obj.Map.Address);
        Assert.False(heap.Has(obj, names[^1]));
        heap.CollectAll();
        heap.Add(obj, names[^1], 77);
        Assert.Equal(77, heap.Get(obj, names[^1]).AsInt32);
        Assert.Equal(heap.NewObject(names).Map.Address, obj.Map.Address);
        for (int i = 0; i < names.Length - 1; i++)
        {
            Assert.Equal(i, heap.Get(obj, names[i]).AsInt32);
        }
    }

    [Fact]
    public void DeletingAnotherPropertyMakesADictionary()
    {
        using var heap = new HeapFixture();
        JSObject obj = heap.NewObject("a", "b", "c");
        heap.Delete(obj, "b");
        Assert.True(obj.Map.IsDictionary());
        Assert.Equal(0, heap.Get(obj, "a").AsInt32);
        Assert.True(heap.Get(obj, "b").IsAbsent);
        Assert.Equal(2, heap.Get(obj, "c").AsInt32);
        heap.Add(obj, "b", 5);
        heap.CollectAll();
        Assert.Equal(5, heap.Get(obj, "b").AsInt32);
    }

    [Fact]
    public void DictionariesKeepTheirEntriesThroughGrowthAndDeletion()
    {
        using var heap = new HeapFixture();
        JSObject obj = heap.NewObject();
        Properties.Normalize(heap.Agent, obj);
        var random = new Random(7);
        var model = new Dictionary<string, int>();
        for (int i = 0; i < 3000; i++)
        {
            string name = "k" + random.Next(300);
            if (model.Remove(name))
            {
                heap.Delete(obj, name);
            }
            else
            {
                model[name] = i;
                heap.Add(obj, name, i);
            }

            if (i % 500 == 0)
            {
                heap.Scavenge();
            }
        }

        for (int i = 0; i < 300; i++)
        {
            Value value = heap.Get(obj, "k" + i);
            Assert.Equal(model.TryGetValue("k" + i, out int expected), !value.IsAbsent);
            Assert.True(value.IsAbsent || value.AsInt32 == expected);
        }
    }

    [Fact]
    public void AccessorsAndReconfiguration()
    {
        using var heap = new HeapFixture();
        JSObject obj = heap.NewObject("x", "y");
        Properties.AddAccessor(heap.Agent, obj, heap.Key("acc"), heap.NewObject(), Value.Undefined, PropertyAttributes.None);
        Assert.True(Properties.GetOwn(heap.Agent, obj, heap.Key("acc"), out OwnProperty accessor));
        Assert.True(accessor.IsAccessor);
        var descriptor = new PropertyDescriptor { Writable = false };
        Assert.True(Properties.DefineOwn(heap.Agent, obj, heap.Key("x"), descriptor));
        Assert.True(Properties.GetOwn(heap.Agent, obj, heap.Key("x"), out OwnProperty x));
        Assert.Equal(PropertyAttributes.ReadOnly, x.Attributes);
        Assert.Equal(0, x.Raw.AsInt32);
        var fixedDown = new PropertyDescriptor { Configurable = false };
        Assert.True(Properties.DefineOwn(heap.Agent, obj, heap.Key("x"), fixedDown));
        var writable = new PropertyDescriptor { Writable = true };
        Assert.False(Properties.DefineOwn(heap.Agent, obj, heap.Key("x"), writable));
        var same = new PropertyDescriptor { Value = Value.FromInt32(0) };
        Assert.True(Properties.DefineOwn(heap.Agent, obj, heap.Key("x"), same));
        var another = new PropertyDescriptor { Value = Value.FromInt32(1) };
        Assert.False(Properties.DefineOwn(heap.Agent, obj, heap.Key("x"), another));
    }

    [Fact]
    public void ExtensionIsATransition()
    {
        using var heap = new HeapFixture();
        JSObject a = heap.NewObject("x");
        JSObject b = heap.NewObject("x");
        a.SetMap(Maps.WithoutExtension(heap.Agent, a.Map));
        b.SetMap(Maps.WithoutExtension(heap.Agent, b.Map));
        Assert.Equal(a.Map.Address, b.Map.Address);
        Assert.False(a.Map.IsExtensible());
        Assert.True(heap.NewObject("x").Map.IsExtensible());
        var value = new PropertyDescriptor { Value = Value.FromInt32(1) };
        Assert.False(Properties.DefineOwn(heap.Agent, a, heap.Key("y"), value));
    }

    [Fact]
    public void AnObjectOfTwoNumbersTakesFortyBytes()
    {
        using var heap = new HeapFixture();
        Map map = Segno.Runtime.Literals.MapFor(heap.Agent, 2);
        JSObject obj = heap.Agent.NewJSObject(map);
        heap.Add(obj, "x", 1);
        Properties.Add(heap.Agent, obj, heap.Key("y"), Value.FromDouble(2.5));
        Assert.Equal(40, obj.Map.InstanceSizeInWords * 8);
        Assert.False(PropertyArray.Is(obj.Properties));
        Assert.Equal(2.5, heap.Get(obj, "y").AsDouble);
    }
}
