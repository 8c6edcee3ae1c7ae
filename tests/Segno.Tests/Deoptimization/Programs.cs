using Segno.Objects;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>Runs programs in optimized code that bails out, and without it: what they say must be the same.</summary>
internal static class Programs
{
    /// <summary>
    /// The program defines f; <paramref name="warm"/> runs it as it will be optimized, <paramref name="surprise"/> then breaks a bet.
    /// </summary>
    public static void BailsOut(string reason, string functions, string warm, string surprise)
    {
        string program = $"{functions}\n%PrepareFunctionForOptimization(f); var log = []; {warm}; {warm}; %OptimizeFunctionOnNextCall(f); {warm}; {surprise}; {surprise}; {warm}; log.join('|')";
        Same(program, new CompilerOptions { TraceDeopt = true }, 0, out string trace);
        Assert.True(trace.Contains(", " + reason + ",", StringComparison.Ordinal), $"no bail-out for '{reason}' in:\n{trace}");
    }

    /// <summary>Every mode that makes optimized code hard to get right.</summary>
    public static void SameEverywhere(string program)
    {
        Same(program, new CompilerOptions { AlwaysOptimize = true, Verifies = true }, 0, out _);
        foreach (int n in new[] { 1, 2, 7, 13 })
        {
            Same(program, new CompilerOptions { AlwaysOptimize = true, Verifies = true, DeoptEveryNTimes = n }, 0, out _);
        }

        Same(program, new CompilerOptions { AlwaysOptimize = true, Verifies = true, DeoptEveryNTimes = 5 }, 7, out _);
        Same(program, new CompilerOptions { AlwaysOptimize = true, Verifies = true, EscapeAnalysis = false, DeoptEveryNTimes = 5 }, 0, out _);
        foreach (int seed in new[] { 1, 2, 3 })
        {
            Same(program, new CompilerOptions { AlwaysOptimize = true, Verifies = true, Seed = seed, DeoptEveryNTimes = 3 }, 0, out _);
        }
    }

    public static void Same(string program, CompilerOptions options, int gcInterval, out string trace)
    {
        string expected = Run(program, new CompilerOptions { InterpreterOnly = true }, 0, out _);
        string actual = Run(program, options, gcInterval, out trace);
        Assert.True(expected == actual, $"{options}\nexpected {expected}\nactual   {actual}\n{trace}");
    }

    private static string Run(string program, CompilerOptions options, int gcInterval, out string trace)
    {
        var lines = new List<string>();
        using var engine = new Engine(new EngineOptions { NativesSyntax = true, Compilers = options with { SingleThreaded = true }, GcInterval = gcInterval, VerifyHeap = gcInterval > 0 });
        engine.Core.CompilerSink = lines.Add;
        string result;
        try
        {
            result = engine.Evaluate(program).ToString();
        }
        catch (JsException e)
        {
            result = "throws " + e.Message;
        }

        trace = string.Join('\n', lines);
        return result;
    }
}
