namespace Segno.Objects;

/// <summary>The ways in which an engine can run a function.</summary>
[Flags]
internal enum Tiers
{
    Interpreter = 1,
    Baseline = 2,
    Optimizer = 4,
}
