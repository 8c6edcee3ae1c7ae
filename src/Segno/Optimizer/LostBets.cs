using Segno.Bytecode;
using Segno.Graph;
using Segno.Layouts;

namespace Segno.Optimizer;

/// <summary>
/// The deoptimization history of one slot: which bets were lost there, once or more often. What was lost is not bet on again, so that
/// no code that was prepared after two losses of a bet at a site makes it again (TIER-1).
/// </summary>
internal readonly unsafe struct LostBets
{
    /// <summary>Of each slot in the history: a bit per reason for the first time, one for the second, and the number of the last loss there.</summary>
    public const int BytesPerSlot = 3 * sizeof(uint);

    private readonly uint _once;
    private readonly uint _twice;

    public LostBets(FeedbackVector vector, int slot)
    {
        if (ByteArray.TryAs(vector.Deoptimizations, out ByteArray history))
        {
            var words = (uint*)history.Bytes;
            _once = words[slot * 3];
            _twice = words[(slot * 3) + 1];
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

    /// <summary>
    /// Notes a failure in the history of a vector. Code that was prepared before the last one there - for a loop header, or with the
    /// function inlined - made the same bet without knowing better: that teaches nothing.
    /// </summary>
    /// <param name="history">Of the vector.</param>
    /// <param name="slot">Where the bet was made.</param>
    /// <param name="reason">What was lost.</param>
    /// <param name="known">How many losses of the agent the code could know of.</param>
    /// <param name="number">Of this loss, counted from 1.</param>
    public static void Note(ByteArray history, int slot, DeoptimizeReason reason, uint known, uint number)
    {
        uint* words = (uint*)history.Bytes + (slot * 3);
        uint bit = 1u << (int)reason;
        if ((words[0] & bit) != 0 && known < words[2])
        {
            return;
        }

        words[1] |= words[0] & bit;
        words[0] |= bit;
        words[2] = number;
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
        bool isStore = kind is FeedbackSlotKind.StoreKeyedSloppy or FeedbackSlotKind.StoreKeyedStrict;
        bool isLost = lost.Any(DeoptimizeReason.Hole, DeoptimizeReason.WrongValue) || (isStore ? lost.Twice(DeoptimizeReason.OutOfBounds) : lost.Any(DeoptimizeReason.OutOfBounds))
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
