using System.Runtime.CompilerServices;
using Segno.Objects;

namespace Segno.Tests;

/// <summary>
/// The tiers of all engines that choose none: SEGNO_TEST_TIERS is a list of always-opt, baseline-only, interpreter-only and deopt-every-n.
/// </summary>
internal static class TestTiers
{
    private const string DeoptEvery = "deopt-every-";

    [ModuleInitializer]
    internal static void Choose()
    {
        foreach (string word in (Environment.GetEnvironmentVariable("SEGNO_TEST_TIERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            CompilerOptions options = CompilerOptions.Default;
            CompilerOptions.Default = word switch
            {
                "always-opt" => options with { AlwaysOptimize = true },
                "baseline-only" => options with { BaselineOnly = true },
                "interpreter-only" => options with { InterpreterOnly = true },
                _ when word.StartsWith(DeoptEvery, StringComparison.Ordinal) => options with { DeoptEveryNTimes = int.Parse(word.AsSpan(DeoptEvery.Length), System.Globalization.CultureInfo.InvariantCulture) },
                _ => throw new FormatException($"SEGNO_TEST_TIERS: {word}"),
            };
        }
    }
}
