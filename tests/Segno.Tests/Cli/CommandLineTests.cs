using Segno.Cli;
using Xunit;

namespace Segno.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public void InputsKeepTheirOrderAndKind()
    {
        CommandLine line = CommandLine.Parse(["a.js", "--module", "b.mjs", "-e", "1 + 1", "--module=c.mjs", "d.js"]);
        Assert.Null(line.Error);
        Assert.Equal(
            [new(InputKind.File, "a.js"), new(InputKind.Module, "b.mjs"), new(InputKind.Text, "1 + 1"), new(InputKind.Module, "c.mjs"), new(InputKind.File, "d.js")],
            line.Inputs);
    }

    [Theory]
    [InlineData("--expose-gc")]
    [InlineData("--expose_gc")]
    [InlineData("-expose-gc")]
    [InlineData("--expose-gc=true")]
    public void SpellingsOfASwitch(string flag) => Assert.True(CommandLine.Parse([flag]).IsOn("expose-gc"));

    [Theory]
    [InlineData("--no-verify-heap")]
    [InlineData("--noverify-heap")]
    [InlineData("--no_verify_heap")]
    [InlineData("--verify-heap=false")]
    public void ASwitchIsNegated(string flag) => Assert.False(CommandLine.Parse(["--verify-heap", flag]).IsOn("verify-heap"));

    [Fact]
    public void Numbers()
    {
        CommandLine line = CommandLine.Parse(["--gc-interval=100", "--stack_size", "2048"]);
        Assert.Null(line.Error);
        Assert.Equal(100, line.Number("gc-interval", 0));
        Assert.Equal(2048, line.Number("stack-size", 0));
        Assert.Equal(7, line.Number("max-old-space-size", 7));
        Assert.NotNull(CommandLine.Parse(["--gc-interval=x"]).Error);
        Assert.NotNull(CommandLine.Parse(["--gc-interval"]).Error);
    }

    [Fact]
    public void FlagsOfV8AreIgnoredWithANote()
    {
        CommandLine line = CommandLine.Parse(["--harmony-set-methods", "--no-lazy", "--noincremental-marking"]);
        Assert.Null(line.Error);
        Assert.Equal(3, line.Notes.Count);
    }

    [Fact]
    public void SwitchesThatAreOnByDefault()
    {
        Assert.True(CommandLine.Parse(["--no-use-osr"]).IsOff("use-osr"));
        Assert.False(CommandLine.Parse(["--no-use-osr", "--use-osr"]).IsOff("use-osr"));
        Assert.False(CommandLine.Parse([]).IsOff("use-osr"));
    }

    [Fact]
    public void TextsThatMayBeMissing()
    {
        Assert.Null(CommandLine.Parse([]).Text("print-opt-graph"));
        Assert.Equal("", CommandLine.Parse(["--print-opt-graph", "a.js"]).Text("print-opt-graph"));
        Assert.Equal("schedule", CommandLine.Parse(["--print_opt_graph=schedule"]).Text("print-opt-graph"));
    }

    [Fact]
    public void UnknownFlagsAreRefused() => Assert.Contains("--nonsense", CommandLine.Parse(["--nonsense"]).Error);
}
