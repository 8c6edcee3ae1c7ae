using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Tiering;

/// <summary>What natives ask of the tiers.</summary>
internal sealed unsafe class TieringNatives(Agent agent, OptimizedTier optimizer, CompilerOptions options, TieringOptions tiers) : ITieringNatives
{
    public Tiers Available => Tiers.Interpreter | Tiers.Baseline | (options.NoOptimize ? 0 : Tiers.Optimizer);

    public bool IsConcurrent => HasOptimizer && optimizer.IsConcurrent;

    public OptimizationStatus Modes(Agent owner) =>
        (options.NoOptimize || !HasOptimizer ? OptimizationStatus.NeverOptimize : 0) |
        (options.AlwaysOptimize ? OptimizationStatus.AlwaysOptimize : 0) |
        (options.DeoptEveryNTimes > 0 ? OptimizationStatus.MaybeDeoptimized : 0);

    private bool HasOptimizer => tiers.Selection is TierSelection.All or TierSelection.NoBaseline;

    public OptimizationStatus Status(Agent owner, JSFunction function, bool waits)
    {
        OptimizationStatus status = 0;
        if (waits)
        {
            optimizer.WaitFor(function);
        }
        else if (optimizer.IsPending(function))
        {
            status |= OptimizationStatus.OptimizingConcurrently;
        }

        FeedbackCell cell = function.FeedbackCell;
        if (FeedbackVector.TryAs(cell.Value, out FeedbackVector vector) && Code.TryAs(vector.OptimizedCode, out Code code) && cell.Entry == code.InstructionStart)
        {
            status |= OptimizationStatus.Optimized | OptimizationStatus.OptimizedByTopTier;
        }
        else if (!Code.Is(cell.Code))
        {
            status |= OptimizationStatus.Interpreted;
        }

        for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
        {
            StackFrame frame = walker.Current;
            if (frame.Kind is FrameKind.Interpreted or FrameKind.Optimized && frame.Function.Address == function.Address)
            {
                status |= OptimizationStatus.IsExecuting | (frame.Kind == FrameKind.Optimized ? OptimizationStatus.TopmostFrameIsOptimized : 0);
                break;
            }
        }

        return status;
    }

    public void Prepare(Agent owner, JSFunction function)
    {
        if (!function.Shared.IsBuiltin())
        {
            Compilation.EnsureReady(agent, function);
        }
    }

    public void OptimizeOnNextCall(Agent owner, JSFunction function, bool isConcurrent)
    {
        if (function.Shared.IsBuiltin() || !HasOptimizer || options.NoOptimize)
        {
            return;
        }

        Compilation.EnsureReady(agent, function);
        FeedbackVector vector = FeedbackVector.Cast(function.FeedbackCell.Value);
        if (!OptimizedTier.IsNeverOptimized(vector) && !optimizer.HasCode(vector))
        {
            optimizer.Compile(function, atOnce: !isConcurrent);
        }
    }

    public void OptimizeOsr(Agent owner, int depth)
    {
        StackFrame frame = ScriptFrame(depth);
        if (frame.FramePointer != 0 && frame.Kind == FrameKind.Interpreted)
        {
            // The next back-edge asks.
            FeedbackVector vector = new(frame.Slot(FrameLayout.FeedbackVector));
            vector.Budget = -1;
            optimizer.RequestOsr(vector);
        }
    }

    private StackFrame ScriptFrame(int depth)
    {
        for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
        {
            if (walker.Current.Kind is FrameKind.Interpreted or FrameKind.Optimized && depth-- == 0)
            {
                return walker.Current;
            }
        }

        return default;
    }

    public void Deoptimize(Agent owner, JSFunction function)
    {
        if (FeedbackVector.TryAs(function.FeedbackCell.Value, out FeedbackVector vector))
        {
            optimizer.Invalidate(vector);
        }
    }

    public void DeoptimizeNow(Agent owner)
    {
        StackFrame frame = ScriptFrame(0);
        if (frame.FramePointer != 0)
        {
            Deoptimize(agent, frame.Function);
        }
    }

    public void NeverOptimize(Agent owner, JSFunction function)
    {
        if (!function.Shared.IsBuiltin())
        {
            Compilation.EnsureReady(agent, function);
            OptimizedTier.SetNeverOptimized(FeedbackVector.Cast(function.FeedbackCell.Value));
        }
    }

    public void FeedbackCleared(Agent owner, JSFunction function)
    {
        Deoptimize(agent, function);
        OptimizedTier.ForgetLostBets(FeedbackVector.Cast(function.FeedbackCell.Value));
    }
}
