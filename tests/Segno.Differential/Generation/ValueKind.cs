namespace Segno.Differential.Generation;

/// <summary>What an expression is meant to be. Meant: now and then it is something else, which is the point.</summary>
internal enum ValueKind
{
    Int,
    Number,
    String,
    Boolean,
    Object,
    Array,
}
