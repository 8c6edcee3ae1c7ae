namespace Segno.Optimizer;

/// <summary>What a remainder has to look for: the number of its node.</summary>
[Flags]
internal enum ModuloFlags
{
    None = 0,
    NegativeDividend = 1,
    NoPositiveDivisor = 2,
}
