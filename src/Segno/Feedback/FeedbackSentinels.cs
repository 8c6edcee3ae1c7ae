using Segno.Layouts;

namespace Segno.Feedback;

/// <summary>
/// What the first word of an inline cache's slot can be besides a map, a global cell, or a call target: uninitialized, or
/// megamorphic. Polymorphic slots hold a fixed array of (map, handler) pairs.
/// </summary>
internal static class FeedbackSentinels
{
    public const ulong Uninitialized = Value.UndefinedBits;

    public const ulong Megamorphic = Value.AbsentBits;

    /// <summary>More receiver maps than this make a slot megamorphic.</summary>
    public const int MaxPolymorphism = 4;
}
