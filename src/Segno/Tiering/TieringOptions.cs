using Segno.Objects;

namespace Segno.Tiering;

/// <summary>When functions change their tier. Budgets are bytes of bytecode run.</summary>
internal sealed record TieringOptions
{
    public TierSelection Selection { get; init; }

    /// <summary>Before baseline code: small, but the compiler's own start costs more than a short script saves.</summary>
    public int BaselineBudget { get; init; } = 4 * 1024;

    /// <summary>Between two looks at a function in baseline code, for the tier above it.</summary>
    public int OptimizerBudget { get; init; } = 128 * 1024;

    /// <summary>Functions wait until together they have this many bytes of bytecode; one with a hot loop does not wait.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>A test switch: at every back-edge at which a budget ends, the frame changes between interpreter and baseline code.</summary>
    public bool SwitchesAtBackEdges { get; init; }

    /// <summary>A test switch (--always-opt): functions are optimized when about two invocations of theirs have run, loops as soon.</summary>
    public bool AlwaysOptimizes { get; init; }

    /// <summary>These, as far as the options of the compilers leave them.</summary>
    public TieringOptions With(CompilerOptions options) => this with
    {
        Selection = options.InterpreterOnly ? TierSelection.InterpreterOnly : options.BaselineOnly ? TierSelection.BaselineOnly : Selection,
        AlwaysOptimizes = options.AlwaysOptimize && !options.NoOptimize,
    };
}
