namespace Segno.Runtime;

/// <summary>Functions of one or two doubles that optimized code has C# compute; the same that the builtins and operators use.</summary>
internal enum Float64Function
{
    Modulus,
    Power,
    Sine,
    Cosine,
    Tangent,
    Exponential,
    Logarithm,
}
