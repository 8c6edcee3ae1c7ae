using Segno.Graph;
using Segno.Optimizer;
using Xunit;
using Compilation = Segno.Optimizer.Compilation;

namespace Segno.Tests.Optimizer;

/// <summary>Bounds of integers: what conditions, loops and lengths say, and what guards are left.</summary>
public sealed class RangeTests : IDisposable
{
    private readonly OptimizerFixture _optimizer = new();

    public void Dispose() => _optimizer.Dispose();

    [Fact]
    public void ALoopOverAnArrayHasNoGuardsOfItsCounter()
    {
        string schedule = ScheduleOf("var a = [1.5, 2.5, 3.5]; function f() { var s = 0; for (var i = 0; i < a.length; i++) s += a[i]; return s }");
        Assert.DoesNotContain("Uint32LessThan", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("Int32AddChecked", schedule, StringComparison.Ordinal);
    }

    [Theory]
    // Nobody knows how far it goes.
    [InlineData("var o = { n: 5 }; function f() { var i = 0; for (;;) { i++; if (i === o.n) return i } }", "Int32AddChecked")]
    // It does not go up alone: below its first value there may be anything.
    [InlineData("var a = [1, 2, 3]; function f() { var s = 0; for (var i = 0; i < 3; i++) { s += a[i]; if (s === 100) i = -1 } return s }", "Uint32LessThan")]
    // One past the end.
    [InlineData("var a = [1, 2, 3]; function f() { var s = 0; for (var i = 0; i < a.length; i++) { if (i < 2) s += a[i + 1] } return s }", "Uint32LessThan")]
    public void AGuardStays(string source, string expected) => Assert.Contains(expected, ScheduleOf(source), StringComparison.Ordinal);

    /// <summary>Down from a length to zero: below the length, never below zero.</summary>
    [Fact]
    public void ALoopThatGoesDownIsBoundedAbove()
    {
        string schedule = ScheduleOf("var a = [1.5, 2.5, 3.5]; function f() { var s = 0; for (var i = a.length - 1; i >= 0; i--) s += a[i]; return s }");
        Assert.DoesNotContain("Int32SubChecked", schedule, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatHoldsOnOneWayDoesNotHoldOnTheOther()
    {
        // The sum is one node on both ways, and its bounds are those of the first on the first way alone.
        Compilation compilation = Warm("var o = { i: 3 }; function f() { var i = o.i | 0, r; if (i < 10) { if (i > 0) r = i + 1; else r = 1 } else r = (i + 1) | 0; return r } o.i = 12; f(); o.i = 3");
        string schedule = OptimizerFixture.ScheduleOf(compilation);
        Assert.Contains("Int32Add ", schedule, StringComparison.Ordinal);
        NodeGraph graph = compilation.Graph;
        for (int i = 0; i < graph.NodeCount; i++)
        {
            ref GraphNode node = ref graph[(NodeId)i];
            Assert.True(node.Op != NodeOp.Int32Add || node.Range.IsFull, $"{node.Op}: {node.Range}");
        }
    }

    /// <summary>While all quotients were integers the next is guarded to be one; once one was not, it is a product of doubles.</summary>
    [Fact]
    public void AnExactQuotientIsAShift()
    {
        string exact = ScheduleOf(Field(8, 16) + "function f() { return o.i / 4 }");
        Assert.Contains("Int32Sar", exact, StringComparison.Ordinal);
        Assert.DoesNotContain("Float64", exact, StringComparison.Ordinal);
        Assert.Contains("Float64Mul", ScheduleOf(Field(8, 9) + "function f() { return o.i / 4 } f(); set(16)"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function f() { return ((o.i | 0) / 4) | 0 }", "Int32Sar")]
    [InlineData("function f() { return ((o.i | 0) / 3) | 0 }", "TruncateFloat64ToInt32")]
    public void ATruncatedQuotientIsAShift(string source, string expected) => Assert.Contains(expected, ScheduleOf(Field(9, 10) + source), StringComparison.Ordinal);

    /// <summary>What was divided may be meant as a key, and is stored as the integer that it may be; a product is stored as it is.</summary>
    [Theory]
    [InlineData("/ 2", "TagFloat64")]
    [InlineData("* 0.5", "TagFraction")]
    [InlineData("* 4", "TagFraction")]
    public void AQuotientIsNoFraction(string operation, string expected) =>
        Assert.Contains(expected, ScheduleOf(Field(9, 10) + $"o.i = 0.5; function f() {{ o.i = (o.i + 0.25) {operation} }}"), StringComparison.Ordinal);

    /// <summary>A field that is no constant.</summary>
    private static string Field(int first, int second) => $"var o = {{}}; function set(v) {{ o.i = v }} set({first}); set({second}); ";

    /// <summary>Bounds and kinds that are lost one after the other do not use up the attempts: then nothing is taken for granted any more.</summary>
    [Theory]
    [InlineData("+ 1", "x & 7")]
    [InlineData("", "x + 0.5")]
    public void AChainOfAssignmentsSettles(string step, string last)
    {
        string names = "abcdefghklmopq";
        string chain = string.Concat(names.Zip(names[1..], (x, y) => $"{x} = {y} {step}; "));
        string source = $"function f() {{ var {string.Join(", ", names.Select(static n => n + " = 9"))}; for (var x = 0; x < 30; x++) {{ {chain} q = {last}; }} return a; }}";
        Assert.Contains("Return", ScheduleOf(source), StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals()
    {
        Assert.True(new Int32Range(1, 5).Intersect(new(6, 7)).IsEmpty);
        Assert.Equal(new Int32Range(1, 7), new Int32Range(1, 5).Union(new(6, 7)));
        Assert.Equal(new Int32Range(int.MinValue, 3), Int32Range.Clamp(-5_000_000_000, 3));
        Assert.True(Int32Range.Full.Includes(new(int.MinValue, 0)));
        Assert.False(new Int32Range(0, 5).Includes(new(-1, 3)));
    }

    private string ScheduleOf(string source) => OptimizerFixture.ScheduleOf(Warm(source));

    private Compilation Warm(string source) => _optimizer.Prepare(source + "; for (var w = 0; w < 10; w++) f()");
}
