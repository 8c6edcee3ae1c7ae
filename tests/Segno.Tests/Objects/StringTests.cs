using Segno.Layouts;
using Segno.Objects;
using Xunit;

namespace Segno.Tests.Objects;

/// <summary>The representations of strings, which nobody may tell apart.</summary>
public sealed class StringTests
{
    private static JSString Text(HeapFixture heap, string text) => heap.Agent.NewString(text);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MillionsOfConcatenationsFlatten(bool leftDeep)
    {
        using var heap = new HeapFixture();
        const int Count = 1_000_000;
        JSString rope = Text(heap, "0123456789abc");
        JSString piece = Text(heap, "x");
        for (int i = 0; i < Count; i++)
        {
            rope = leftDeep ? Strings.Concat(heap.Agent, rope, piece) : Strings.Concat(heap.Agent, piece, rope);
        }

        Assert.Equal(Count + 13, rope.Length);
        Assert.True(ConsString.Is(rope));
        string copy = rope.ToClrString();
        FlatString flat = rope.Flatten(heap.Agent);
        Assert.True(flat.IsOneByte);
        Assert.Equal(Count + 13, flat.Length);
        Assert.Equal(leftDeep ? '0' : 'x', flat[0]);
        Assert.Equal(leftDeep ? 'x' : 'c', flat[Count + 12]);
        Assert.Equal(copy, rope.ToClrString());
        heap.CollectAll();
        Assert.Equal(copy, rope.ToClrString());
    }

    [Fact]
    public void BushyRopesOfBothWidthsFlatten()
    {
        using var heap = new HeapFixture();
        var random = new Random(5);
        using var ropes = new Segno.Heap.ValueList(heap.Local);
        var model = new List<string>();
        for (int i = 0; i < 20; i++)
        {
            model.Add(new string((char)(i % 3 == 0 ? 0x416 + i : 'a' + i), i * 2));
            ropes.Add(Text(heap, model[i]));
        }

        for (int i = 0; i < 400; i++)
        {
            int a = random.Next(model.Count);
            int b = random.Next(model.Count);
            if (model[a].Length + model[b].Length > 100_000)
            {
                continue;
            }

            model.Add(model[a] + model[b]);
            ropes.Add(Strings.Concat(heap.Agent, JSString.Cast(ropes[a]), JSString.Cast(ropes[b])));
            if (i % 7 == 0)
            {
                int flattened = random.Next(model.Count);
                JSString.Cast(ropes[flattened]).Flatten(heap.Agent);
            }

            if (i % 50 == 0)
            {
                heap.Scavenge();
            }
        }

        for (int i = 0; i < model.Count; i++)
        {
            Assert.Equal(model[i], JSString.Cast(ropes[i]).ToClrString());
            Assert.Equal(model[i].All(static c => c <= 0xFF), JSString.Cast(ropes[i]).IsOneByte());
        }
    }

    [Fact]
    public void ShortConcatenationsAreCopied()
    {
        using var heap = new HeapFixture();
        JSString twelve = Strings.Concat(heap.Agent, Text(heap, "abcdef"), Text(heap, "ghijkl"));
        Assert.True(twelve.IsSequential());
        Assert.False(Strings.Concat(heap.Agent, twelve, Text(heap, "m")).IsSequential());
        JSString wide = Strings.Concat(heap.Agent, Text(heap, "ab"), Text(heap, "Жж"));
        Assert.True(wide.IsSequential());
        Assert.False(wide.IsOneByte());
        Assert.Equal("abЖж", wide.ToClrString());
        // An empty side is no concatenation.
        Assert.Equal(twelve.Address, Strings.Concat(heap.Agent, twelve, Text(heap, "")).Address);
        Assert.Equal(twelve.Address, Strings.Concat(heap.Agent, Text(heap, ""), twelve).Address);
    }

    [Fact]
    public void SlicesReferToSequentialStrings()
    {
        using var heap = new HeapFixture();
        string model = string.Concat(Enumerable.Range(0, 100).Select(static i => (char)('A' + (i % 50))));
        JSString rope = Strings.Concat(heap.Agent, Text(heap, model[..40]), Text(heap, model[40..]));
        JSString slice = Strings.Substring(heap.Agent, rope, 10, 90);
        Assert.True(SlicedString.Is(slice));
        JSString inner = Strings.Substring(heap.Agent, slice, 5, 60);
        Assert.True(SlicedString.Is(inner));
        Assert.True(new SlicedString(inner.Address).Parent.IsSequential());
        heap.CollectAll();
        Assert.Equal(model[10..90], slice.ToClrString());
        Assert.Equal(model[15..70], inner.ToClrString());
        Assert.Equal(model[20], Strings.CharAt(inner, heap.Agent, 5));
        // Short ones are copied, single characters shared, the whole is itself.
        Assert.True(Strings.Substring(heap.Agent, slice, 0, 12).IsSequential());
        Assert.Equal(Strings.Substring(heap.Agent, slice, 3, 4).Address, heap.Agent.SingleCharacterString(model[13]).Address);
        Assert.Equal(slice.Address, Strings.Substring(heap.Agent, slice, 0, 80).Address);
        Assert.Equal(0, Strings.Substring(heap.Agent, slice, 8, 8).Length);
        Assert.Equal("ЖЖЖЖЖЖЖЖЖЖЖЖЖЖ", Strings.Substring(heap.Agent, Text(heap, "a" + new string('Ж', 14)), 1, 15).ToClrString());
    }

    [Theory]
    [InlineData("the quick brown fox jumps")]
    [InlineData("быстрая коричневая лиса")]
    [InlineData("4294967294")]
    [InlineData("0000000000000")]
    public void HashesAreEqualAcrossRepresentations(string model)
    {
        using var heap = new HeapFixture();
        JSString sequential = Text(heap, model);
        JSString rope = heap.Agent.NewConsString(Text(heap, model[..5]), Text(heap, model[5..]), model.Length, Strings.IsLatin1(model));
        JSString parent = Text(heap, "<<" + model + ">>");
        JSString slice = heap.Agent.NewSlicedString(parent, 2, model.Length);
        // A two-byte string of one-byte characters has the same hash, too.
        SeqTwoByteString wide = heap.Agent.NewSeqTwoByteString(model.Length);
        unsafe
        {
            model.CopyTo(new Span<char>(wide.Chars, model.Length));
        }

        uint hash = sequential.Hash(heap.Agent);
        Assert.Equal(hash, rope.Hash(heap.Agent));
        Assert.Equal(hash, slice.Hash(heap.Agent));
        Assert.Equal(hash, ((JSString)wide).Hash(heap.Agent));
        Assert.Equal(hash, Strings.ComputeRawHash(model) >> 2);
        Assert.True(Strings.Equals(heap.Agent, sequential, rope));
        Assert.True(Strings.Equals(heap.Agent, slice, wide));
        Assert.Equal(0, Strings.Compare(heap.Agent, rope, wide));
        Assert.False(Strings.Equals(heap.Agent, sequential, Text(heap, model + "!")));
    }

    [Fact]
    public void EqualStringsInternalizeToOne()
    {
        using var heap = new HeapFixture();
        const string Model = "an internalized string";
        JSString first = heap.Agent.StringTable.Internalize(Text(heap, Model));
        Assert.True(first.IsInternalized());
        JSString rope = heap.Agent.NewConsString(Text(heap, Model[..7]), Text(heap, Model[7..]), Model.Length, true);
        Assert.Equal(first.Address, heap.Agent.StringTable.Internalize(rope).Address);
        Assert.Equal(first.Address, heap.Agent.StringTable.Internalize(Model).Address);
        JSString slice = heap.Agent.NewSlicedString(Text(heap, "(" + Model + ")"), 1, Model.Length);
        Assert.Equal(first.Address, heap.Agent.StringTable.Internalize(slice).Address);
        heap.CollectAll();
        Assert.Equal(first.Address, heap.Agent.StringTable.Internalize(Model).Address);
        // Names that the engine knows are in the read-only space.
        Assert.Equal(Names.Length.Address, heap.Agent.StringTable.Internalize("length").Address);
        Assert.Equal(Names.Length.Address, heap.Agent.StringTable.Internalize(Strings.Concat(heap.Agent, Text(heap, "len"), Text(heap, "gth"))).Address);
    }

    [Fact]
    public void TheTableForgetsDeadStrings()
    {
        using var heap = new HeapFixture();
        int before = heap.Agent.StringTable.Count;
        for (int i = 0; i < 20_000; i++)
        {
            heap.Agent.StringTable.Internalize(Text(heap, "dead string " + i));
        }

        heap.CollectAll();
        heap.CollectAll();
        // A few may be found on the stack by accident.
        Assert.InRange(heap.Agent.StringTable.Count, before, before + 100);
        for (int i = 0; i < 1000; i++)
        {
            JSString text = heap.Agent.StringTable.Internalize("live " + (i % 10));
            Assert.Equal("live " + (i % 10), text.ToClrString());
        }
    }

    [Theory]
    [InlineData("0", true, 0u)]
    [InlineData("7", true, 7u)]
    [InlineData("10", true, 10u)]
    [InlineData("4294967294", true, 4294967294u)]
    [InlineData("4294967295", false, 0u)]
    [InlineData("4294967296", false, 0u)]
    [InlineData("9999999999", false, 0u)]
    [InlineData("42949672940", false, 0u)]
    [InlineData("01", false, 0u)]
    [InlineData("00", false, 0u)]
    [InlineData("-1", false, 0u)]
    [InlineData("+1", false, 0u)]
    [InlineData("1 ", false, 0u)]
    [InlineData("1.0", false, 0u)]
    [InlineData("1e3", false, 0u)]
    [InlineData("", false, 0u)]
    [InlineData("x", false, 0u)]
    [InlineData("١", false, 0u)]
    public void ArrayIndices(string text, bool isIndex, uint expected)
    {
        using var heap = new HeapFixture();
        Assert.Equal(isIndex, Strings.TryParseArrayIndex(text, out uint parsed));
        Assert.Equal(isIndex, Text(heap, text).TryGetArrayIndex(heap.Agent, out uint found));
        PropertyKey key = heap.Key(text);
        Assert.Equal(isIndex, key.IsIndex);
        if (isIndex)
        {
            Assert.Equal(expected, parsed);
            Assert.Equal(expected, found);
            Assert.Equal(expected, key.Index);
        }
    }

    [Fact]
    public void NumbersAsKeys()
    {
        using var heap = new HeapFixture();
        Assert.True(PropertyKey.TryFrom(heap.Agent, Value.FromInt32(5), out PropertyKey five));
        Assert.True(five.IsIndex && five.Index == 5);
        Assert.True(PropertyKey.TryFrom(heap.Agent, Value.FromInt32(-1), out PropertyKey negative));
        Assert.Equal("-1", negative.ToDebugString());
        Assert.False(negative.IsIndex);
        Assert.True(PropertyKey.TryFrom(heap.Agent, Value.FromDouble(4294967294), out PropertyKey largest));
        Assert.True(largest.IsIndex);
        Assert.True(PropertyKey.TryFrom(heap.Agent, Value.FromDouble(4294967295), out PropertyKey beyond));
        Assert.False(beyond.IsIndex);
        Assert.True(PropertyKey.TryFrom(heap.Agent, Value.FromDouble(-0.0), out PropertyKey zero));
        Assert.True(zero.IsIndex && zero.Index == 0);
        Assert.True(PropertyKey.TryFrom(heap.Agent, Value.FromDouble(1.5), out PropertyKey fraction));
        Assert.Equal("1.5", fraction.ToDebugString());
        Assert.False(PropertyKey.TryFrom(heap.Agent, Value.Undefined, out _));
    }
}
