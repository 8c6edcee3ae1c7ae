namespace Segno.Objects;

/// <summary>
/// How the compilers of the higher tiers work, mostly for tests. The agent carries it; a room that compiles reads it there.
/// Immutable.
/// </summary>
internal sealed record CompilerOptions
{
    /// <summary>What engines have that choose nothing; tests of other modes change it before the first engine.</summary>
    public static CompilerOptions Default { get; set; } = new();

    /// <summary>Run everything in the interpreter (<c>--interpreter-only</c>); stronger than all below.</summary>
    public bool InterpreterOnly { get; init; }

    /// <summary>Never use the optimizing compiler, whatever a native asks for (<c>--no-opt</c>).</summary>
    public bool NoOptimize { get; init; }

    /// <summary>Optimize each function at its first call (<c>--always-opt</c>).</summary>
    public bool AlwaysOptimize { get; init; }

    /// <summary>Compile each function with the baseline compiler at its first call and go no further (<c>--baseline-only</c>).</summary>
    public bool BaselineOnly { get; init; }

    /// <summary>Enter optimized code at loop headers (<c>--use-osr</c>).</summary>
    public bool UseOsr { get; init; } = true;

    /// <summary>Replace objects that do not escape by their fields (<c>--turbo-escape</c>).</summary>
    public bool EscapeAnalysis { get; init; } = true;

    /// <summary>Each n-th guard that holds fails all the same (<c>--deopt-every-n-times</c>); 0 for none.</summary>
    public int DeoptEveryNTimes { get; init; }

    /// <summary>Verify each graph and each allocation of registers; on by default in the checked flavour.</summary>
    public bool Verifies { get; init; }
#if CHECKED
        = true;
#endif

    /// <summary>Compile on the thread of the script, at once (<c>--single-threaded</c>, <c>--predictable</c>).</summary>
    public bool SingleThreaded { get; init; }

    /// <summary>
    /// The optimizing compiler chooses otherwise where it may: inlining, peeling, the blocks of nodes and their order, registers
    /// (<c>--seed</c>). The same number, the same choices; 0 for the usual ones.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>Trace what is optimized, and when (<c>--trace-opt</c>); all traces go to <see cref="Agent.CompilerTrace"/>.</summary>
    public bool TraceOpt { get; init; }

    /// <summary>Trace bailouts (<c>--trace-deopt</c>).</summary>
    public bool TraceDeopt { get; init; }

    /// <summary>Trace bailouts with each translated frame and value (<c>--trace-deopt-verbose</c>).</summary>
    public bool TraceDeoptVerbose { get; init; }

    /// <summary>Trace on-stack replacement (<c>--trace-osr</c>).</summary>
    public bool TraceOsr { get; init; }

    /// <summary>Print graphs of the optimizing compiler: null for none, empty for all phases, else the phase (<c>--print-opt-graph</c>).</summary>
    public string? PrintOptGraph { get; init; }

    /// <summary>Print optimized code (<c>--print-opt-code</c>).</summary>
    public bool PrintOptCode { get; init; }
}
