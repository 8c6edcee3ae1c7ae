using Segno.Graph;
using Segno.Optimizer;
using Xunit;
using Compilation = Segno.Optimizer.Compilation;

namespace Segno.Tests.Optimizer;

/// <summary>What stays known across stores, calls, joins and loops.</summary>
public sealed class KnownFactsTests
{
    private const int X = 24;
    private const int Y = 32;
    private static readonly NodeId s_a = (NodeId)1;
    private static readonly NodeId s_b = (NodeId)2;
    private static readonly NodeId s_one = (NodeId)10;
    private static readonly NodeId s_two = (NodeId)11;

    [Fact]
    public void AStoreChangesTheSameFieldOfOtherObjectsOnly()
    {
        var facts = new KnownFacts();
        facts.SetField(s_a, X, s_one);
        facts.SetField(s_a, Y, s_one);
        facts.StoreField(s_b, X, s_two);
        Assert.False(facts.TryGetField(s_a, X, out _));
        Assert.True(facts.TryGetField(s_a, Y, out NodeId y));
        Assert.Equal(s_one, y);
        Assert.True(facts.TryGetField(s_b, X, out NodeId x));
        Assert.Equal(s_two, x);
    }

    [Fact]
    public void AnObjectThatHasNotEscapedIsNoOther()
    {
        var facts = new KnownFacts();
        facts.AddUnescaped(s_a);
        facts.SetField(s_a, X, s_one);
        facts.StoreField(s_b, X, s_two);
        Assert.True(facts.TryGetField(s_a, X, out _));
        facts.StoreField(s_a, X, s_two);
        Assert.True(facts.TryGetField(s_b, X, out _));
    }

    [Fact]
    public void ACallLeavesWhatHasNotEscaped()
    {
        var facts = new KnownFacts();
        facts.AddUnescaped(s_a);
        facts.SetField(s_a, X, s_one);
        facts.SetField(s_b, X, s_one);
        facts.SetType(s_b, NodeType.Object);
        facts.AddHeld(s_two);
        facts.ClearMemory();
        Assert.True(facts.TryGetField(s_a, X, out _));
        Assert.False(facts.TryGetField(s_b, X, out _));
        Assert.Equal(NodeType.Object, facts.TypeOf(s_b));
        Assert.True(facts.Holds(s_two));
    }

    [Fact]
    public void WithAnObjectEscapeThoseThatItHolds()
    {
        var facts = new KnownFacts();
        facts.AddUnescaped(s_a);
        facts.AddUnescaped(s_b);
        facts.AddUnescaped(s_one);
        facts.SetField(s_a, X, s_b);
        facts.Escape(s_a);
        Assert.False(facts.IsUnescaped(s_a));
        Assert.False(facts.IsUnescaped(s_b));
        Assert.True(facts.IsUnescaped(s_one));
    }

    [Fact]
    public void AJoinKeepsWhatBothKnow()
    {
        var left = new KnownFacts();
        left.SetField(s_a, X, s_one);
        left.SetField(s_a, Y, s_one);
        left.SetType(s_a, NodeType.Smi);
        left.SetType(s_b, NodeType.Smi);
        left.AddHeld(s_one);
        KnownFacts right = left.Clone();
        right.StoreField(s_a, X, s_two);
        right.SetType(s_a, NodeType.String);
        right.AddHeld(s_two);
        left.IntersectWith(right);
        Assert.False(left.TryGetField(s_a, X, out _));
        Assert.True(left.TryGetField(s_a, Y, out _));
        Assert.Equal(NodeType.Smi | NodeType.String, left.TypeOf(s_a));
        Assert.Equal(NodeType.Smi, left.TypeOf(s_b));
        Assert.True(left.Holds(s_one));
        Assert.False(left.Holds(s_two));
    }

    [Fact]
    public void WhatEscapesOnOneWayHasEscapedBehindTheJoin()
    {
        var left = new KnownFacts();
        left.AddUnescaped(s_a);
        left.AddUnescaped(s_b);
        KnownFacts right = left.Clone();
        left.SetField(s_a, X, s_b);
        right.SetField(s_a, X, s_one);
        right.Escape(s_a);
        left.IntersectWith(right);
        Assert.False(left.IsUnescaped(s_a));
        Assert.False(left.IsUnescaped(s_b));
    }

    [Fact]
    public void WhatAnObjectHoldsOnOneWayOnlyHasEscapedBehindTheJoin()
    {
        var left = new KnownFacts();
        left.AddUnescaped(s_a);
        left.AddUnescaped(s_b);
        left.AddUnescaped(s_one);
        left.SetField(s_b, Y, s_one);
        KnownFacts right = left.Clone();
        left.SetField(s_a, X, s_two);
        right.SetField(s_a, X, s_b);
        left.IntersectWith(right);

        // Nobody knows whether the first object refers to the second: a store through it may change it.
        Assert.True(left.IsUnescaped(s_a));
        Assert.False(left.IsUnescaped(s_b));
        Assert.False(left.IsUnescaped(s_one));
    }

    [Fact]
    public void WhatIsReadAtAnUnknownIndexHasEscaped()
    {
        var facts = new KnownFacts();
        facts.AddUnescaped(s_a);
        facts.AddUnescaped(s_b);
        facts.AddUnescaped(s_one);
        facts.SetField(s_a, X, s_b);
        facts.EscapeContents(s_a);
        Assert.True(facts.IsUnescaped(s_a));
        Assert.False(facts.IsUnescaped(s_b));
        Assert.True(facts.IsUnescaped(s_one));
    }

    [Fact]
    public void WhatAForgottenFieldHoldsHasEscaped()
    {
        var facts = new KnownFacts();
        facts.AddUnescaped(s_a);
        facts.AddUnescaped(s_b);
        facts.SetField(s_a, X, s_b);
        var hints = new LoopHints();
        hints.DroppedFields.Add(X);
        facts.Apply(hints);
        Assert.True(facts.IsUnescaped(s_a));
        Assert.False(facts.IsUnescaped(s_b));
    }

    [Fact]
    public void AJoinOfMapsIsTheirUnion()
    {
        using var optimizer = new OptimizerFixture();
        Compilation compilation = optimizer.Prepare("function f() {}");
        MapSnapshot x = optimizer.MapOf(compilation, "({ x: 1 })");
        MapSnapshot y = optimizer.MapOf(compilation, "({ y: 1 })");
        var left = new KnownFacts();
        var right = new KnownFacts();
        left.SetMaps(s_a, [x]);
        left.SetMaps(s_b, [x]);
        right.SetMaps(s_a, [y]);
        left.IntersectWith(right);
        Assert.Equal([x, y], left.MapsOf(s_a));
        Assert.Null(left.MapsOf(s_b));
    }

    [Fact]
    public void ALoopThatKeepsItsHeadersFactsNeedsNoHint()
    {
        var header = new KnownFacts();
        header.SetField(s_a, X, s_one);
        KnownFacts backEdge = header.Clone();
        backEdge.SetField(s_a, Y, s_two);
        var hints = new LoopHints();
        Assert.True(backEdge.HoldsAtBackEdge(header, hints));
        Assert.Empty(hints.DroppedFields);
        Assert.False(hints.DropsMaps || hints.DropsUnescaped || hints.DropsEverything);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatARoundPutsIntoAFieldThatTheHeaderDoesNotKnowHasEscaped(bool isInside)
    {
        var header = new KnownFacts();
        header.AddUnescaped(s_a);
        header.AddUnescaped(s_b);
        header.SetField(s_b, Y, s_two);
        KnownFacts backEdge = header.Clone();
        backEdge.AddUnescaped(s_one);
        backEdge.SetField(s_one, X, s_b);
        var hints = new LoopHints();

        // An object of this round alone is gone with it.
        Assert.True(backEdge.HoldsAtBackEdge(header, hints));
        backEdge.SetField(s_a, X, isInside ? s_one : s_b);
        Assert.False(backEdge.HoldsAtBackEdge(header, hints));
        Assert.True(hints.DropsUnescaped);
    }

    [Fact]
    public void WhatALoopChangesIsForgottenAtItsHeaderTheNextTime()
    {
        var header = new KnownFacts();
        header.AddUnescaped(s_b);
        header.SetField(s_a, X, s_one);
        header.SetField(s_a, Y, s_one);
        KnownFacts backEdge = header.Clone();
        backEdge.StoreField(s_a, X, s_two);
        backEdge.Escape(s_b);
        var hints = new LoopHints();
        Assert.False(backEdge.HoldsAtBackEdge(header, hints));
        Assert.Equal([X], hints.DroppedFields);
        Assert.True(hints.DropsUnescaped);

        header.Apply(hints);
        Assert.False(header.TryGetField(s_a, X, out _));
        Assert.True(header.TryGetField(s_a, Y, out _));
        Assert.False(header.IsUnescaped(s_b));
    }
}
