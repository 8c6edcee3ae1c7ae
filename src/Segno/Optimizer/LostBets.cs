using Segno.Bytecode;
using Segno.Graph;
using Segno.Layouts;

namespace Segno.Optimizer;

/// <summary>
/// The deoptimization history of one slot: which bets were lost there, once or more often. What was lost is not bet on again, so that
/// the same site with the same reason fails at most twice (TIER-1).
/// </summary>
internal readonly unsafe struct LostBets
{
    /// <summary>Of each slot in the history: a bit per reason for the first time, then one for the second.</summary>
    public const int BytesPerSlot = 8;

    private readonly uint _once;
    private readonly uint _twice;

    public LostBets(FeedbackVector vector, int slot)
    {
        if (ByteArray.TryAs(vector.Deoptimizations, out ByteArray history))
        {
            var words = (uint*)history.Bytes;
            _once = words[slot * 2];
            _twice = words[(slot * 2) + 1];
        }
    }

    private bool Any(params ReadOnlySpan<DeoptimizeReason> reasons) => (_once & Bits(reasons)) != 0;

    private bool Twice(params ReadOnlySpan<DeoptimizeReason> reasons) => (_twice & Bits(reasons)) != 0;

    private static uint Bits(ReadOnlySpan<DeoptimizeReason> reasons)
    {
        uint bits = 0;
        foreach (DeoptimizeReason reason in reasons)
        {
            bits |= 1u << (int)reason;
        }

        return bits;
    }

    /// <summary>Notes a failure in the history of a vector.</summary>
    public static void Note(ByteArray history, int slot, DeoptimizeReason reason)
    {
        uint* words = (uint*)history.Bytes + (slot * 2);
        uint bit = 1u << (int)reason;
        words[1] |= words[0] & bit;
        words[0] |= bit;
    }

    /// <summary>What may be assumed of a site, in the light of what was lost there.</summary>
    public static SlotFeedback Apply(SlotFeedback feedback, FeedbackSlotKind kind, LostBets lost)
    {
        if (lost._once == 0)
        {
            return feedback;
        }

        if (kind is FeedbackSlotKind.BinaryOp or FeedbackSlotKind.CompareOp)
        {
            return WithOperands(feedback, lost);
        }

        if (feedback.State == SlotState.Uninitialized)
        {
            return lost.Twice(DeoptimizeReason.InsufficientFeedback) ? SlotFeedback.Megamorphic : feedback;
        }

        // Feedback learns of other maps, targets and keys by itself, and the second bet is a better one.
        bool isLost = lost.Any(DeoptimizeReason.OutOfBounds, DeoptimizeReason.Hole, DeoptimizeReason.WrongValue)
            || lost.Twice(DeoptimizeReason.WrongMap, DeoptimizeReason.WrongCallTarget, DeoptimizeReason.NotAnObject, DeoptimizeReason.NotASmi, DeoptimizeReason.NotANumber,
                DeoptimizeReason.LostPrecision);
        return isLost ? SlotFeedback.Megamorphic : feedback;
    }

    private static SlotFeedback WithOperands(SlotFeedback feedback, LostBets lost)
    {
        OperandFeedback operands = feedback.Operands;
        if (lost.Any(DeoptimizeReason.Overflow, DeoptimizeReason.MinusZero, DeoptimizeReason.LostPrecision, DeoptimizeReason.NotASmi))
        {
            operands |= OperandFeedback.Number;
        }

        if (lost.Any(DeoptimizeReason.NotANumber, DeoptimizeReason.WrongMap)
            || lost.Twice(DeoptimizeReason.InsufficientFeedback, DeoptimizeReason.NotAnObject, DeoptimizeReason.NotASmi, DeoptimizeReason.LostPrecision, DeoptimizeReason.Overflow))
        {
            operands |= OperandFeedback.Any;
        }

        return operands == feedback.Operands ? feedback : new SlotFeedback { State = SlotState.Known, Operands = operands };
    }
}
