namespace Segno.Differential.Reduction;

/// <summary>A piece of the text and what may stand in its place.</summary>
internal readonly record struct SyntaxRange(int Start, int End, string Replacement)
{
    public int Saving => End - Start - Replacement.Length;

    public string ApplyTo(string source) => string.Concat(source.AsSpan(0, Start), Replacement, source.AsSpan(End));
}
