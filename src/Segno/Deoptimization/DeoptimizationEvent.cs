using Segno.Graph;

namespace Segno.Deoptimization;

/// <summary>One deoptimization, for accounting and traces.</summary>
internal sealed record DeoptimizationEvent(
    string Code, int Id, DeoptimizationEntry Entry, DeoptimizeReason Reason, int FeedbackSlot, string Function, bool IsLazy, OptimizedCode Owner, int FrameCount,
    long Captured, long Written, int Words, string? Details)
{
    public int BytecodeOffset => Entry.BytecodeOffset;

    /// <summary>When the interpreter's frames had taken the place of the code's.</summary>
    public long Replaced { get; set; }

    /// <summary>How many objects were made that the code had not allocated.</summary>
    public int Objects { get; set; }
}
