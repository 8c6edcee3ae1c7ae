using Segno.Base;
using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Optimizer;

/// <summary>Seeds change choices, the same seed always in the same way.</summary>
public sealed class PerturbationTests
{
    [Fact]
    public void WithoutASeedNothingChanges()
    {
        var none = new Perturbation(0);
        int[] items = [1, 2, 3, 4, 5];
        none.For("f").Shuffle(items.AsSpan(), 1);
        Assert.Equal([1, 2, 3, 4, 5], items);
        Assert.False(none.OneIn(1, 7));
        Assert.Equal(0, none.Below(100, 7));
    }

    [Fact]
    public void ASeedChoosesTheSameAgain()
    {
        int[] counts = new int[4];
        for (int i = 0; i < 400; i++)
        {
            int chosen = new Perturbation(5).For("f").Below(4, i, 3);
            Assert.Equal(chosen, new Perturbation(5).For("f").Below(4, i, 3));
            counts[chosen]++;
        }

        Assert.All(counts, static n => Assert.InRange(n, 60, 140));
        Assert.NotEqual(
            Enumerable.Range(0, 20).Select(static i => new Perturbation(5).For("f").Below(9, i)),
            Enumerable.Range(0, 20).Select(static i => new Perturbation(5).For("g").Below(9, i)));
    }

    private static string Code(int seed)
    {
        var lines = new List<string>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true, compilers: new CompilerOptions { PrintOptCode = true, Seed = seed });
        script.Agent.CompilerTrace = lines.Add;
        script.Equal("150", "function g(a) { return a * 2 + 1 } function f(a, b) { var s = 0; for (var i = 0; i < 3; i++) s += g(a) + g(b) + i; return s } for (var i = 0; i < 9; i++) f(1, 2); %OptimizeFunctionOnNextCall(f); f(9, 10) + f(1, 2)");
        return string.Join('\n', lines);
    }

    [Fact]
    public void CodeIsAnotherAndDoesTheSame()
    {
        string usual = Code(0);
        Assert.Equal(usual, Code(0));
        string[] others = [.. Enumerable.Range(1, 6).Select(Code)];
        Assert.Equal(others[0], Code(1));
        Assert.True(others.Append(usual).Distinct().Count() > 3);
    }
}
