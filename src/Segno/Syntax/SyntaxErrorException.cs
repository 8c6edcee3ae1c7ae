namespace Segno.Syntax;

internal enum SyntaxErrorKind : byte
{
    SyntaxError,
    ReferenceError,

    /// <summary>Nesting too deep.</summary>
    RangeError,
}

/// <summary>An early error: the source is not a valid program.</summary>
internal sealed class SyntaxErrorException : Exception
{
    public SyntaxErrorException(SyntaxErrorKind kind, string message, SourceText source, int start, int end)
        : base(message)
    {
        Kind = kind;
        SourceText = source;
        Start = Math.Min(start, source.Length);
        End = Math.Max(Start, end);
    }

    public SyntaxErrorKind Kind { get; }
    public SourceText SourceText { get; }
    public int Start { get; }
    public int End { get; }
    public int Line => SourceText.GetLineColumn(Start).Line;
    public int Column => SourceText.GetLineColumn(Start).Column;

    /// <summary>The line of the error with carets below.</summary>
    public string Excerpt => SourceText.GetExcerpt(Start, End);
}
