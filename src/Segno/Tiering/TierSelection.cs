namespace Segno.Tiering;

/// <summary>Which tiers an engine may use.</summary>
internal enum TierSelection
{
    /// <summary>Every tier there is, by budget.</summary>
    All,
    /// <summary>The interpreter, then baseline code (--no-opt).</summary>
    NoOptimizer,
    /// <summary>Baseline code from a function's first call on (--baseline-only).</summary>
    BaselineOnly,
    /// <summary>--no-baseline: the interpreter, then optimized code.</summary>
    NoBaseline,
    /// <summary>--interpreter-only: functions stay in the interpreter unless another tier takes them.</summary>
    InterpreterOnly,
}
