namespace Segno.Syntax;

/// <summary>What the parses of one script or module (the first, and those of its lazy functions) share.</summary>
internal sealed class ScriptSyntax(SourceText source, AstStringTable names)
{
    public SourceText Source { get; } = source;

    /// <summary>Kept for later parses of lazy functions, whose names must be the same instances.</summary>
    public AstStringTable Names { get; } = names;

    /// <summary>The natives that its code may call; null if none.</summary>
    public INativeTable? Natives { get; internal init; }

    public bool IsModule { get; internal init; }

    /// <summary>Number of function ids given out, the top level included.</summary>
    public int FunctionCount { get; internal set; }
}
