using Segno.Builtins;
using Segno.Differential.Execution;
using Segno.Differential.Generation;
using Segno.Objects;
using Segno.Syntax;
using Xunit;

namespace Segno.Tests.Differential;

public sealed class GeneratorTests
{
    [Fact]
    public void AProgramIsItsSeed()
    {
        Assert.Equal(ProgramGenerator.Generate(17), ProgramGenerator.Generate(17));
        Assert.NotEqual(ProgramGenerator.Generate(17), ProgramGenerator.Generate(18));
    }

    [Fact]
    public void EveryProgramParses()
    {
        var options = new ParseOptions { Lazy = false, Natives = NativeTable.Instance };
        for (ulong seed = 500_000; seed < 500_300; seed++)
        {
            // An exception names what is wrong; the seed is in the text.
            Parser.ParseScript(new SourceText(ProgramGenerator.Generate(seed)), options);
        }
    }

    [Fact]
    public void AProgramEndsAndSaysWhatItSaw()
    {
        for (ulong seed = 700; seed < 710; seed++)
        {
            Outcome outcome = ProgramRunner.Run(ProgramGenerator.Generate(seed), ModeTable.Reference, TimeSpan.FromSeconds(30));
            Assert.Equal(OutcomeKind.Finished, outcome.Kind);
            Assert.True(outcome.Text.Split('\n').Length > 2);
        }
    }

    [Fact]
    public void TheReferenceModeNeedsNoCompiler()
    {
        Assert.Equal(Tiers.Interpreter, ModeTable.Reference.Needs);
        Assert.Contains(ModeTable.Reference, ModeTable.Available());
    }

    [Theory]
    [InlineData("print(1, -0, NaN)", "1 0 NaN\n")]
    [InlineData("print('x'); null.y", "x\nuncaught TypeError\n")]
    [InlineData("print('x'); throw 5", "x\nuncaught 5\n")]
    public void Outcomes(string source, string expected) =>
        Assert.Equal(new Outcome(OutcomeKind.Finished, expected), ProgramRunner.Run(source, ModeTable.Reference, TimeSpan.FromSeconds(30)));

    [Fact]
    public void AnEndlessProgramSaysNothing()
    {
        Outcome outcome = ProgramRunner.Run("for (;;);", ModeTable.Reference, TimeSpan.FromMilliseconds(100));
        Assert.Equal(OutcomeKind.Limit, outcome.Kind);
        Assert.False(outcome.Contradicts(new Outcome(OutcomeKind.Finished, "")));
    }

    [Fact]
    public void AFaultOfTheEngineIsAFailureOfTheProgram() =>
        Assert.True(ProgramRunner.Run("%AbortJS('x')", ModeTable.Reference, TimeSpan.FromSeconds(30)).IsBroken);

    [Theory]
    [InlineData("a ü\n\0b\tc")]
    [InlineData("")]
    public void LinesOfTheProtocol(string text)
    {
        Assert.Equal(("gc", text), ChildProtocol.ParseRequest(ChildProtocol.Request("gc", text)));
        var outcome = new Outcome(OutcomeKind.Crash, text);
        Assert.Equal(outcome, ChildProtocol.ParseReply(ChildProtocol.Reply(outcome, null), null));
        Assert.Null(ChildProtocol.ParseReply("what a program printed", null));
        var counts = new EventCounts();
        counts.Add("guard/CheckMaps=3\nreason/wrong map=3");
        var sum = new EventCounts();
        Assert.Equal(outcome, ChildProtocol.ParseReply(ChildProtocol.Reply(outcome, counts), sum));
        Assert.Equal(outcome, ChildProtocol.ParseReply(ChildProtocol.Reply(outcome, counts), sum));
        Assert.Equal("guard/CheckMaps=6\nreason/wrong map=6", sum.Serialize());
    }

    [Fact]
    public void WhatAProgramMetIsCounted()
    {
        var counts = new EventCounts();
        ProgramRunner.Run(
            "function f(a, v) { var o = { x: a, p: { q: a } }; o.x += v; return o.x + o.p.q } for (var i = 0; i < 9; i++) f(i, 1); %OptimizeFunctionOnNextCall(f); f(1, 2); f(1, 'x')",
            ModeTable.Find("default"),
            TimeSpan.FromSeconds(30),
            counts);
        string[] lines = counts.Serialize().Split('\n');
        Assert.Contains("guard/CheckedTaggedToInt32=1", lines);
        Assert.Contains("reason/not a Smi=1", lines);
        Assert.Contains("frame/outermost, before=1", lines);
        Assert.Contains("value/CapturedObject=2", lines);
        Assert.Contains("value/CapturedObject in another=1", lines);

        // Kinds that were not met are in the table too.
        Assert.Contains("minus zero", counts.Table(), StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramHasItsSeed()
    {
        Mode mode = ModeTable.For(ModeTable.Seeded, "seed-5");
        Assert.Equal(mode, ModeTable.Find(mode.Name));
        Assert.NotEqual(0, mode.Compilers.Seed);
        Assert.NotEqual(mode.Name, ModeTable.For(ModeTable.Seeded, "seed-6").Name);
        Assert.Same(ModeTable.Reference, ModeTable.For(ModeTable.Reference, "seed-5"));
    }
}
