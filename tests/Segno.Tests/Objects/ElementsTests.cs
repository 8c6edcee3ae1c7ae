using Segno.Layouts;
using Segno.Objects;
using Xunit;

namespace Segno.Tests.Objects;

/// <summary>Elements kinds, backing stores and array lengths.</summary>
public sealed unsafe class ElementsTests
{
    private static ElementsKind Kind(JSObject obj) => Elements.Kind(obj);

    /// <summary>A fast array has room for its length, and holes beyond it: what the interpreter's handlers rely on.</summary>
    private static void IsSound(JSArray array)
    {
        ElementsKind kind = Kind(array);
        if (!kind.IsFast())
        {
            Assert.True(NumberDictionary.Is(array.Elements));
            return;
        }

        int capacity = *(int*)(array.Elements.Address + FixedArray.LengthOffset);
        int length = (int)array.Length.AsNumber;
        Assert.True(length <= capacity, $"length {length}, capacity {capacity}");
        if (capacity > 0)
        {
            Assert.Equal(kind.IsDouble(), FixedDoubleArray.Is(array.Elements));
        }

        for (int i = 0; i < capacity; i++)
        {
            ulong word = ((ulong*)(array.Elements.Address + FixedArray.ElementsOffset))[i];
            bool isHole = word == (kind.IsDouble() ? ElementsKinds.HoleNaN : Value.HoleBits);
            Assert.True(i < length ? !isHole || kind.IsHoley() : isHole, $"element {i} of {length}");
        }
    }

    [Fact]
    public void KindsAreALattice()
    {
        for (ElementsKind a = ElementsKind.PackedSmi; a <= ElementsKind.Holey; a++)
        {
            Assert.Equal(a, ElementsKinds.Join(a, a));
            Assert.True(a.ToHoley().IsHoley());
            for (ElementsKind b = ElementsKind.PackedSmi; b <= ElementsKind.Holey; b++)
            {
                ElementsKind join = ElementsKinds.Join(a, b);
                Assert.Equal(join, ElementsKinds.Join(b, a));
                Assert.Equal(join, ElementsKinds.Join(join, a));
                Assert.Equal(a.IsHoley() || b.IsHoley(), join.IsHoley());
                for (ElementsKind c = ElementsKind.PackedSmi; c <= ElementsKind.Holey; c++)
                {
                    Assert.Equal(ElementsKinds.Join(ElementsKinds.Join(a, b), c), ElementsKinds.Join(a, ElementsKinds.Join(b, c)));
                }
            }
        }
    }

    [Fact]
    public void ArraysRiseFromSmisToDoublesToAnything()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(1, 2, 3);
        Assert.Equal(ElementsKind.PackedSmi, Kind(array));
        Assert.Equal(heap.Agent.ArrayMap(ElementsKind.PackedSmi).Address, ((JSObject)array).Map.Address);
        ulong smis = array.Elements.Bits;

        heap.Push(array, Value.FromDouble(4.5));
        Assert.Equal(ElementsKind.PackedDouble, Kind(array));
        Assert.NotEqual(smis, array.Elements.Bits);
        Assert.Equal(heap.Agent.ArrayMap(ElementsKind.PackedDouble).Address, ((JSObject)array).Map.Address);
        ulong doubles = array.Elements.Bits;
        IsSound(array);

        // From doubles to anything takes a new store (D2): the old one, which code may still look at, keeps its doubles.
        heap.SetNew(array, 0, heap.Agent.NewString("text"));
        Assert.Equal(ElementsKind.Packed, Kind(array));
        Assert.NotEqual(doubles, array.Elements.Bits);
        Assert.True(FixedArray.Is(array.Elements));
        Assert.Equal(4.5, new FixedDoubleArray(doubles).Elements[3]);
        IsSound(array);
        heap.CollectAll();
        Assert.True(heap.At(array, 0).IsString);
        Assert.Equal(2, heap.At(array, 1).AsInt32);
        Assert.Equal(4.5, heap.At(array, 3).AsDouble);
    }

    [Fact]
    public void FromSmisToAnythingKeepsTheStore()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(1, 2, 3);
        ulong store = array.Elements.Bits;
        heap.SetNew(array, 1, Value.True);
        Assert.Equal(ElementsKind.Packed, Kind(array));
        Assert.Equal(store, array.Elements.Bits);
        // And it does not fall again.
        heap.SetNew(array, 1, Value.FromInt32(9));
        Assert.Equal(ElementsKind.Packed, Kind(array));
    }

    [Fact]
    public void GapsAndDeletionsMakeHoles()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(1, 2);
        heap.SetNew(array, 5, Value.FromInt32(6));
        Assert.Equal(ElementsKind.HoleySmi, Kind(array));
        Assert.Equal(6, array.Length.AsInt32);
        Assert.True(heap.At(array, 3).IsHole);
        IsSound(array);

        JSArray doubles = heap.NewArray(1.5, 2.5, 3.5);
        Assert.True(Elements.GetOwn(heap.Agent, doubles, 1, out OwnProperty middle));
        Elements.Delete(heap.Agent, middle);
        Assert.Equal(ElementsKind.HoleyDouble, Kind(doubles));
        Assert.True(heap.At(doubles, 1).IsHole);
        Assert.Equal(3.5, heap.At(doubles, 2).AsDouble);
        Assert.Equal(3, doubles.Length.AsInt32);
        IsSound(doubles);

        // Holes of doubles become holes of anything.
        heap.SetNew(doubles, 0, Value.Null);
        Assert.Equal(ElementsKind.Holey, Kind(doubles));
        Assert.True(heap.At(doubles, 1).IsHole);
        IsSound(doubles);
    }

    [Fact]
    public void NaNIsAnElementAndNoHole()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(0.5, 1.5);
        heap.SetNew(array, 0, Value.FromDouble(BitConverter.UInt64BitsToDouble(ElementsKinds.HoleNaN)));
        Assert.True(double.IsNaN(heap.At(array, 0).AsDouble));
        Assert.Equal(ElementsKind.PackedDouble, Kind(array));
        IsSound(array);
    }

    [Fact]
    public void DoubleElementsTakeEightBytes()
    {
        using var heap = new HeapFixture();
        const int Count = 100_000;
        FixedDoubleArray store = heap.Agent.NewFixedDoubleArray(Count);
        for (int i = 0; i < Count; i++)
        {
            store.Elements[i] = i + 0.5;
        }

        JSArray array = heap.Agent.NewArray(ElementsKind.PackedDouble, store, Count);
        Assert.Equal((Count * 8) + FixedDoubleArray.ElementsOffset, FixedDoubleArray.SizeFor(Count));
        Assert.Equal(16, FixedDoubleArray.ElementsOffset);
        heap.CollectAll();
        Assert.Equal(99_999.5, heap.At(array, Count - 1).AsDouble);
        // Growing stays within half as much again.
        heap.Push(array, Value.FromDouble(0.25));
        Assert.InRange(FixedDoubleArray.Cast(array.Elements).Length, Count + 1, (Count * 3 / 2) + 32);
        IsSound(array);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(10u)]
    [InlineData(500u)]
    [InlineData(1_000_000u)]
    [InlineData(uint.MaxValue)]
    public void LengthsCutAndExtend(uint length)
    {
        using var heap = new HeapFixture();
        for (int kind = 0; kind < 3; kind++)
        {
            JSArray array = kind == 0 ? heap.NewArray(1, 2, 3, 4) : heap.NewArray(0.5, 1.5, 2.5, 3.5);
            if (kind == 2)
            {
                heap.SetNew(array, 3, Value.True);
            }

            Assert.True(Elements.SetLength(heap.Agent, array, length));
            Assert.Equal(length, (uint)array.Length.AsNumber);
            IsSound(array);
            Assert.Equal(length <= 2, heap.At(array, 2).IsHole);
            Assert.True(heap.At(array, 5).IsHole);
            // What was cut does not come back.
            Assert.True(Elements.SetLength(heap.Agent, array, 4));
            Assert.Equal(length <= 2, heap.At(array, 2).IsHole);
            Assert.Equal(length <= 3, heap.At(array, 3).IsHole);
            heap.Push(array, Value.FromInt32(5));
            Assert.Equal(5, array.Length.AsInt32);
            Assert.Equal(5, heap.At(array, 4).AsInt32);
            IsSound(array);
            heap.CollectAll();
        }
    }

    [Fact]
    public void AStoreWithinALongerLengthKeepsIt()
    {
        using var heap = new HeapFixture();
        foreach (uint length in new uint[] { 100, 1500, 5000 })
        {
            JSArray array = heap.Agent.NewEmptyArray();
            Elements.SetLength(heap.Agent, array, length);
            heap.SetNew(array, 5, Value.FromInt32(1));
            Assert.Equal(length, (uint)array.Length.AsNumber);
            IsSound(array);
        }
    }

    [Fact]
    public void FarStoresMakeADictionary()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(1, 2);
        heap.SetNew(array, 4_000_000_000, Value.FromInt32(3));
        Assert.Equal(ElementsKind.Dictionary, Kind(array));
        Assert.Equal(4_000_000_001, array.Length.AsNumber);
        Assert.Equal(1, heap.At(array, 0).AsInt32);
        Assert.Equal(3, heap.At(array, 4_000_000_000).AsInt32);
        heap.CollectAll();
        Assert.True(Elements.SetLength(heap.Agent, array, 2));
        Assert.True(heap.At(array, 4_000_000_000).IsHole);
        Assert.Equal(2, heap.At(array, 1).AsInt32);
    }

    [Fact]
    public void LengthStopsAtWhatCannotBeDeleted()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(1, 2, 3, 4, 5);
        var descriptor = new PropertyDescriptor { Configurable = false };
        Assert.True(Properties.DefineOwn(heap.Agent, array, new PropertyKey(2u), descriptor));
        Assert.False(Elements.SetLength(heap.Agent, array, 0));
        Assert.Equal(3, array.Length.AsInt32);
        Assert.Equal(3, heap.At(array, 2).AsInt32);
        Assert.True(heap.At(array, 3).IsHole);
    }

    [Fact]
    public void AReadOnlyLengthRefusesGrowth()
    {
        using var heap = new HeapFixture();
        JSArray array = heap.NewArray(1, 2);
        var readOnly = new PropertyDescriptor { Writable = false };
        Assert.True(Properties.DefineOwn(heap.Agent, array, heap.Key("length"), readOnly));
        Assert.False(Elements.IsLengthWritable(heap.Agent, array));
        var value = PropertyDescriptor.Data(Value.FromInt32(3), PropertyAttributes.None);
        Assert.False(Properties.DefineOwn(heap.Agent, array, new PropertyKey(2u), value));
        Assert.True(Properties.DefineOwn(heap.Agent, array, new PropertyKey(1u), value));
        Assert.Equal(2, array.Length.AsInt32);
        Assert.Equal(3, heap.At(array, 1).AsInt32);
        // Other arrays are not concerned.
        Assert.True(Elements.IsLengthWritable(heap.Agent, heap.NewArray(1)));
    }

    [Fact]
    public void RandomArraysAgreeWithAModel()
    {
        using var heap = new HeapFixture(gcInterval: 97);
        var random = new Random(11);
        for (int round = 0; round < 30; round++)
        {
            JSArray array = heap.Agent.NewEmptyArray();
            var model = new SortedDictionary<uint, double>();
            uint length = 0;
            for (int step = 0; step < 60; step++)
            {
                int action = random.Next(10);
                if (action < 6)
                {
                    uint index = action < 3 ? length : (uint)random.Next((int)Math.Min(length, 2000) + 20);
                    double value = random.Next(3) == 0 ? random.NextDouble() : random.Next(1000);
                    heap.SetNew(array, index, Value.FromDouble(value));
                    model[index] = value;
                    length = Math.Max(length, index + 1);
                }
                else if (action < 8 && length > 0)
                {
                    uint index = (uint)random.Next((int)length);
                    if (Elements.GetOwn(heap.Agent, array, index, out OwnProperty property))
                    {
                        Elements.Delete(heap.Agent, property);
                    }

                    model.Remove(index);
                }
                else if (action == 8)
                {
                    uint cut = (uint)random.Next((int)length + 5);
                    Assert.True(Elements.SetLength(heap.Agent, array, cut));
                    foreach (uint index in model.Keys.Where(k => k >= cut).ToArray())
                    {
                        model.Remove(index);
                    }

                    length = cut;
                }

                Assert.Equal(length, (uint)array.Length.AsNumber);
                IsSound(array);
            }

            for (uint i = 0; i < length; i++)
            {
                Value value = heap.At(array, i);
                Assert.Equal(model.TryGetValue(i, out double expected), !value.IsHole);
                Assert.True(value.IsHole || value.AsNumber == expected);
            }
        }
    }
}
