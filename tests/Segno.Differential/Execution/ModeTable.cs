using Segno.Objects;

namespace Segno.Differential.Execution;

/// <summary>The modes. A mode of a tier that the engine does not have is skipped until the agent says that it is there.</summary>
internal static class ModeTable
{
    /// <summary>What the others are compared with.</summary>
    public static readonly Mode Reference = new("interpreter", Tiers.Interpreter, new CompilerOptions { InterpreterOnly = true });

    public static readonly Mode[] All =
    [
        Reference,
        new("gc", Tiers.Interpreter, new CompilerOptions { InterpreterOnly = true }, GcInterval: 61),
        new("baseline", Tiers.Baseline, new CompilerOptions { BaselineOnly = true }),
        new("default", Tiers.Optimizer, new CompilerOptions { SingleThreaded = true }),
        new("concurrent", Tiers.Optimizer, new CompilerOptions()),
        new("optimize", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, SingleThreaded = true }),
        new("no-escape", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, SingleThreaded = true, EscapeAnalysis = false }),
        new("deopt", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, SingleThreaded = true, DeoptEveryNTimes = 7 }),
        new("everything", Tiers.Optimizer, new CompilerOptions { AlwaysOptimize = true, Verifies = true, DeoptEveryNTimes = 13 }, GcInterval: 37),
    ];

    /// <summary>The modes that this build of the engine can run.</summary>
    public static Mode[] Available()
    {
        using var engine = new Engine();
        Tiers tiers = engine.Core.Agent.TieringNatives.Available;
        return [.. All.Where(m => (m.Needs & ~tiers) == 0)];
    }

    public static Mode Find(string name) => Array.Find(All, m => m.Name == name) ?? throw new FormatException($"no mode is called {name}");
}
