using System.Globalization;
using Segno.Objects;

namespace Segno.Differential.Execution;

/// <summary>The modes. A mode of a tier that the engine does not have is skipped until the agent says that it is there.</summary>
internal static class ModeTable
{
    /// <summary>What the others are compared with.</summary>
    public static readonly Mode Reference = new("interpreter", Tiers.Interpreter, new CompilerOptions { InterpreterOnly = true });

    /// <summary>Stands for the modes in which the compiler chooses otherwise: each program runs in one of them.</summary>
    public static readonly Mode Seeded = new("seed", Tiers.Optimizer, new CompilerOptions());

    private const uint SeedCount = 997;

    public static readonly Mode[] All =
    [
        Reference,
        new("gc", Tiers.Interpreter, new CompilerOptions { InterpreterOnly = true }, GcInterval: 61),
        new("baseline", Tiers.Baseline, new CompilerOptions { BaselineOnly = true }),
        new("default", Tiers.Optimizer, new CompilerOptions { SingleThreaded = true }),
        new("concurrent", Tiers.Optimizer, new CompilerOptions()),
        new("optimize", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, SingleThreaded = true }),
        new("no-escape", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, SingleThreaded = true, EscapeAnalysis = false }),
        // Its graphs are those of "optimize", which are verified there.
        new("deopt", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, SingleThreaded = true, DeoptEveryNTimes = 7 }),
        new("everything", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, DeoptEveryNTimes = 13 }, GcInterval: 37),
        Seeded,
    ];

    /// <summary>The mode that runs a program in place of another: the seed is in the name, so that the same can be asked for again.</summary>
    public static Mode For(Mode mode, string program)
    {
        if (mode != Seeded)
        {
            return mode;
        }

        uint hash = 2166136261;
        foreach (char c in program)
        {
            hash = (hash ^ c) * 16777619;
        }

        return WithSeed(1 + (int)(hash % SeedCount));
    }

    private static Mode WithSeed(int seed) => new(
        string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"),
        Tiers.Optimizer,
        new CompilerOptions { AlwaysOptimize = true, Verifies = true, SingleThreaded = true, Seed = seed, DeoptEveryNTimes = seed % 3 == 0 ? 5 : 0 });

    /// <summary>The modes that this build of the engine can run.</summary>
    public static Mode[] Available()
    {
        using var engine = new Engine();
        Tiers tiers = engine.Core.Agent.TieringNatives.Available;
        return [.. All.Where(m => (m.Needs & ~tiers) == 0)];
    }

    public static Mode Find(string name) => name.StartsWith("seed-", StringComparison.Ordinal)
        ? WithSeed(int.Parse(name.AsSpan("seed-".Length), CultureInfo.InvariantCulture))
        : Array.Find(All, m => m.Name == name) ?? throw new FormatException($"no mode is called {name}");
}
