using System.Diagnostics;
using Segno.Heap;
using Segno.Optimizer;

namespace Segno.Tiering;

/// <summary>One compilation on its way: prepared by the agent's thread, run by any, finished by the agent's again (D11).</summary>
internal sealed class OptimizationJob(Compilation compilation, Handle function, CompilationInbox inbox, bool isRehearsal = false)
{
    public Compilation Compilation { get; } = compilation;

    public Handle Function { get; } = function;

    private int _heat;

    /// <summary>How often the function asked for it again while it waited. Any thread may read it.</summary>
    public int Heat => Volatile.Read(ref _heat);

    /// <summary>The function is still hot; called by its agent's thread.</summary>
    public void AskAgain() => Volatile.Write(ref _heat, _heat + 1);

    /// <summary>Where it goes when it has run on another thread.</summary>
    public CompilationInbox Inbox { get; } = inbox;

    /// <summary>Its result is thrown away: it is run so that .NET compiles the compiler.</summary>
    public bool IsRehearsal { get; } = isRehearsal;

    /// <summary>What came out, or null.</summary>
    public CompiledFunction? Result { get; private set; }

    /// <summary>Why nothing came out.</summary>
    public BailoutException? Bailout { get; private set; }

    /// <summary>A defect of the compiler: thrown again where the job is finished.</summary>
    public Exception? Defect { get; private set; }

    /// <summary>How many lost bets the feedback that it was prepared from could know of.</summary>
    public uint LossesKnown { get; init; }

    /// <summary>What preparing took the agent's thread.</summary>
    public TimeSpan Prepared { get; init; }

    /// <summary>What compiling took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Reads no heap.</summary>
    public void Run(OptimizingCompiler compiler)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            Result = compiler.Compile(Compilation);
        }
        catch (BailoutException e)
        {
            Bailout = e;
        }
        catch (Exception e)
        {
            // The thread that runs jobs serves others, too; the agent's thread reports.
            Defect = e;
        }

        Elapsed = Stopwatch.GetElapsedTime(start);
    }
}
