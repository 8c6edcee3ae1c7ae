namespace Segno.Graph;

/// <summary>The representation of a node's value.</summary>
internal enum ValueKind : byte
{
    None,
    /// <summary>A condition.</summary>
    Bit,
    Int32,
    Float64,
    /// <summary>A NaN-boxed value.</summary>
    Tagged,
}
