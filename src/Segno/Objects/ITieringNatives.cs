using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// What the natives about optimization ask of the tiers. Called on the agent's thread, from a frame of bytecode or of compiled
/// code, with functions of JavaScript in any state: never called, without feedback, compiled, deoptimized, builtin. A request that
/// makes no sense has no effect; nothing here throws into the script.
/// </summary>
internal interface ITieringNatives
{
    /// <summary>The tiers that this engine has.</summary>
    Tiers Available { get; }

    /// <summary>Compiles beside the running script.</summary>
    bool IsConcurrent { get; }

    /// <summary>The bits that hold for every value: stress modes and switches.</summary>
    OptimizationStatus Modes(Agent agent);

    /// <summary>The bits of a function, without those of <see cref="Modes"/> and <see cref="OptimizationStatus.IsFunction"/>.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="function">The function.</param>
    /// <param name="waits">Wait for a compilation of the function that is under way.</param>
    OptimizationStatus Status(Agent agent, JSFunction function, bool waits);

    /// <summary>Keeps bytecode and feedback alive and stops the automatic optimization of a function.</summary>
    void Prepare(Agent agent, JSFunction function);

    /// <summary>
    /// The function runs optimized from its next call on; where <paramref name="isConcurrent"/> and there is a thread for it, as soon as that
    /// has made its code.
    /// </summary>
    void OptimizeOnNextCall(Agent agent, JSFunction function, bool isConcurrent);

    /// <summary>Enters optimized code at the next back-edge of the frame at this depth; 0 is the caller of the native.</summary>
    void OptimizeOsr(Agent agent, int depth);

    /// <summary>Drops the optimized code of a function; its activations deoptimize when control comes back to them.</summary>
    void Deoptimize(Agent agent, JSFunction function);

    /// <summary>The same for the function that called the native.</summary>
    void DeoptimizeNow(Agent agent);

    void NeverOptimize(Agent agent, JSFunction function);

    /// <summary>The feedback of a function was cleared.</summary>
    void FeedbackCleared(Agent agent, JSFunction function);
}
