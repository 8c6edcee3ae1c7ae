using Segno.Layouts;

namespace Segno.Objects;

/// <summary>The answers of an engine that has the interpreter alone: every function is interpreted, and stays so.</summary>
internal sealed class InterpreterTier : ITieringNatives
{
    public static readonly InterpreterTier Instance = new();

    public Tiers Available => Tiers.Interpreter;

    public bool IsConcurrent => false;

    public OptimizationStatus Modes(Agent agent) => OptimizationStatus.None;

    public OptimizationStatus Status(Agent agent, JSFunction function, bool waits) => OptimizationStatus.Interpreted;

    public void Prepare(Agent agent, JSFunction function)
    {
        // Bytecode and feedback are never dropped, and nothing is optimized.
    }

    public void OptimizeOnNextCall(Agent agent, JSFunction function, bool isConcurrent)
    {
        // There is nothing to optimize with.
    }

    public void OptimizeOsr(Agent agent, int depth)
    {
        // There is nothing to enter.
    }

    public void Deoptimize(Agent agent, JSFunction function)
    {
        // There is no optimized code.
    }

    public void DeoptimizeNow(Agent agent)
    {
        // The caller is interpreted.
    }

    public void NeverOptimize(Agent agent, JSFunction function)
    {
        // As it is.
    }

    public void FeedbackCleared(Agent agent, JSFunction function)
    {
        // No code depends on feedback.
    }
}
