namespace Segno.Objects;

/// <summary>What <c>%GetOptimizationStatus</c> answers; the bits are V8's.</summary>
[Flags]
internal enum OptimizationStatus
{
    None = 0,
    IsFunction = 1 << 0,
    NeverOptimize = 1 << 1,
    AlwaysOptimize = 1 << 2,
    MaybeDeoptimized = 1 << 3,
    Optimized = 1 << 4,
    OptimizedByTopTier = 1 << 5,
    Interpreted = 1 << 6,
    MarkedForOptimization = 1 << 7,
    MarkedForConcurrentOptimization = 1 << 8,
    OptimizingConcurrently = 1 << 9,
    IsExecuting = 1 << 10,
    TopmostFrameIsOptimized = 1 << 11,
    LiteMode = 1 << 12,
}
