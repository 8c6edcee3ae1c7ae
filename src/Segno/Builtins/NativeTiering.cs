using Segno.BytecodeCompiler;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>
/// Natives about optimization: they sort out their arguments and hand over to <see cref="Agent.TieringNatives"/>. What is not a function of
/// JavaScript is let through without effect.
/// </summary>
internal static class NativeTiering
{
    private static bool TryFunction(RegisterList arguments, out JSFunction function) => JSFunction.TryAs(NativeTable.Argument(arguments, 0), out function);

    private static bool IsText(Value value, string text) => value.IsString && JSString.Cast(value).ToClrString() == text;

    public static Value PrepareFunctionForOptimization(Agent agent, RegisterList arguments)
    {
        if (TryFunction(arguments, out JSFunction function))
        {
            agent.TieringNatives.Prepare(agent, function);
        }

        return Value.Undefined;
    }

    /// <summary>(function, "concurrent"?).</summary>
    public static Value OptimizeFunctionOnNextCall(Agent agent, RegisterList arguments)
    {
        if (TryFunction(arguments, out JSFunction function))
        {
            agent.TieringNatives.OptimizeOnNextCall(agent, function, IsText(NativeTable.Argument(arguments, 1), "concurrent"));
        }

        return Value.Undefined;
    }

    /// <summary>(depth?): of the frame, counted from the caller.</summary>
    public static Value OptimizeOsr(Agent agent, RegisterList arguments)
    {
        Value depth = NativeTable.Argument(arguments, 0);
        agent.TieringNatives.OptimizeOsr(agent, depth.IsSmi ? Math.Max(depth.AsInt32, 0) : 0);
        return Value.Undefined;
    }

    public static Value DeoptimizeFunction(Agent agent, RegisterList arguments)
    {
        if (TryFunction(arguments, out JSFunction function))
        {
            agent.TieringNatives.Deoptimize(agent, function);
        }

        return Value.Undefined;
    }

    public static Value DeoptimizeNow(Agent agent, RegisterList arguments)
    {
        agent.TieringNatives.DeoptimizeNow(agent);
        return Value.Undefined;
    }

    public static Value NeverOptimizeFunction(Agent agent, RegisterList arguments)
    {
        if (TryFunction(arguments, out JSFunction function))
        {
            agent.TieringNatives.NeverOptimize(agent, function);
        }

        return Value.Undefined;
    }

    public static Value ClearFunctionFeedback(Agent agent, RegisterList arguments)
    {
        if (TryFunction(arguments, out JSFunction function) && FeedbackVector.TryAs(function.FeedbackCell.Value, out FeedbackVector vector))
        {
            BytecodeFinalizer.ClearFeedback(vector);
            agent.TieringNatives.FeedbackCleared(agent, function);
        }

        return Value.Undefined;
    }

    /// <summary>(function, "no sync"?): bits of <see cref="OptimizationStatus"/>; a value that is not a function has those of the modes alone.</summary>
    public static Value GetOptimizationStatus(Agent agent, RegisterList arguments)
    {
        OptimizationStatus status = agent.TieringNatives.Modes(agent);
        if (TryFunction(arguments, out JSFunction function))
        {
            bool waits = !IsText(NativeTable.Argument(arguments, 1), "no sync");
            status |= OptimizationStatus.IsFunction | agent.TieringNatives.Status(agent, function, waits);
        }

        return Value.FromInt32((int)status);
    }

    public static Value IsConcurrentRecompilationSupported(Agent agent, RegisterList arguments) => Value.FromBoolean(agent.TieringNatives.IsConcurrent);

    public static Value RunningInSimulator(Agent agent, RegisterList arguments) => Value.False;

    public static Value ICsAreEnabled(Agent agent, RegisterList arguments) => Value.True;
}
