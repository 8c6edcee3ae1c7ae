using Segno.Layouts;

namespace Segno.Objects;

/// <summary>In what form a frame runs its bytecode.</summary>
internal enum ExecutionTier
{
    Interpreter,
    Baseline,
    Optimized,
}

/// <summary>Who decides when a function changes its tier; the composition installs it.</summary>
internal interface ITiering : IDisposable
{
    /// <summary>What a new feedback vector may spend before its function is looked at, in bytes of bytecode.</summary>
    int InitialBudget { get; }

    /// <summary>A closure site has got its feedback vector and bytecode, and is about to be entered in the interpreter.</summary>
    void OnFirstCall(JSFunction function);

    /// <summary>
    /// The budget of a function is used up: at a return, or at the back-edge to the loop header at
    /// <paramref name="bytecodeOffset"/>. Gives it a new budget. The answer is where the frame goes on at the loop's header: the entry of another tier, or 0 to stay.
    /// </summary>
    ulong OnBudgetInterrupt(JSFunction function, int bytecodeOffset, bool isLoop, ExecutionTier tier);
}
