namespace Segno.Feedback;

/// <summary>Bits of a feedback vector's flags.</summary>
internal static class FeedbackVectorFlags
{
    /// <summary>How often code of the function was deoptimized.</summary>
    public const int DeoptimizationCount = 0xFF;

    /// <summary>The function stays in the tiers below the optimizing one.</summary>
    public const int NeverOptimize = 0x100;

    /// <summary>A native asked for on-stack replacement.</summary>
    public const int OsrRequested = 0x200;

    /// <summary>A native asked that the function be not optimized, in code of others neither.</summary>
    public const int NeverInline = 0x400;
}
