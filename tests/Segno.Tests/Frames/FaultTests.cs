using System.Diagnostics;
using Segno.Base;
using Xunit;

namespace Segno.Tests.Frames;

/// <summary>What becomes of faults, each in a process of its own (tests/Segno.Faults).</summary>
public sealed class FaultTests
{
    private const int Abort = 6;

    [Theory]
    [InlineData("load", Signals.Segmentation, "signal 11 (SIGSEGV), code 1, address 0x10\n")]
    [InlineData("illegal", Signals.Illegal, "signal 4 (SIGILL), code 2, address 0x")]
    [InlineData("divide", Signals.FloatingPoint, "signal 8 (SIGFPE), code 1, address 0x")]
    [InlineData("trap", Signals.Trap, "signal 5 (SIGTRAP), code 128, address 0x0\n")]
    public void AFaultInMachineCodeIsReported(string defect, int signal, string cause)
    {
        (int code, string report) = Run(defect);
        Assert.Equal(128 + signal, code);
        Assert.StartsWith("fatal: fault in machine code\n" + cause, report);
        Assert.Matches("\npc 0x[0-9a-f]+ in Defect\\+0x[0-9a-f]+\n  rax 0x[0-9a-f]{16} rbx ", report);
        AssertFrames(report);
    }

    [Fact]
    public void AFaultOnAnotherThreadIsReported()
    {
        (int code, string report) = Run("load", "on-own-thread");
        Assert.Equal(128 + Signals.Segmentation, code);
        AssertFrames(report);
    }

    [Fact]
    public void AJumpIntoNowhereIsReported()
    {
        (int code, string report) = Run("jump");
        Assert.Equal(128 + Signals.Segmentation, code);
        Assert.Contains("\npc 0x10\n", report);
        AssertFrames(report);
    }

    [Fact]
    public void WithoutAStackTheReportUsesTheEmergencyStack()
    {
        (int code, string report) = Run("stack-pointer");
        Assert.Equal(128 + Signals.Segmentation, code);
        Assert.Contains("rbp 0x0000000000001238 rsp 0x0000000000001000", report);
        Assert.Contains("\n  the chain of frames is broken at 0x1238\nfrom the last entry:\n", report);
        Assert.Matches(" entry from C#[^\n]*\n  0x[0-9a-f]+ exit to C#\n  0x[0-9a-f]+ builtin map\n  0x[0-9a-f]+ main, ", report);
    }

    [Theory]
    [InlineData("overflow")]
    [InlineData("overflow", "on-own-thread")]
    [InlineData("stack-overflow")]
    [InlineData("stack-overflow", "on-own-thread")]
    public void AnOverflowOfTheStackIsDotNets(params string[] arguments)
    {
        (int code, string report) = Run(arguments);
        Assert.Equal(128 + Abort, code);
        Assert.StartsWith("Stack overflow.", report);
    }

    [Theory]
    [InlineData("null-reference")]
    [InlineData("null-reference-below-script")]
    [InlineData("null-reference", "on-own-thread")]
    public void NullChecksOfCSharpStillWork(params string[] arguments) => Assert.Equal((0, ""), Run(arguments));

    private static void AssertFrames(string report) => Assert.Matches(
        "\nJavaScript frames, innermost first:\n  0x[0-9a-f]+ outer, bytecode offset [0-9]+[^\n]*\n  0x[0-9a-f]+ entry from C#[^\n]*\n"
            + "  0x[0-9a-f]+ exit to C#\n  0x[0-9a-f]+ builtin map\n  0x[0-9a-f]+ main, bytecode offset [0-9]+, at 0x[0-9a-f]+ in Handler:[^\n]*\n",
        report);

    private static (int Code, string Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Segno.Faults.dll"), .. arguments])
        {
            RedirectStandardError = true,
            // No dumps: dying is what these processes are for.
            Environment = { ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        if (!child.WaitForExit(60_000))
        {
            child.Kill();
            Assert.Fail("the process does not end");
        }

        return (child.ExitCode, errors.Result);
    }
}
