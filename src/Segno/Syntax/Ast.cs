namespace Segno.Syntax;

/// <summary>A node of the syntax tree. Offsets are in UTF-16 code units from the start of the source.</summary>
internal abstract class AstNode
{
    private protected AstNode(NodeKind kind, int position, int end)
    {
        Kind = kind;
        Position = position;
        End = end;
    }

    public NodeKind Kind { get; }

    /// <summary>Offset of the first code unit.</summary>
    public int Position { get; internal set; }

    /// <summary>Offset after the last code unit.</summary>
    public int End { get; internal set; }
}

internal abstract class Expression : AstNode
{
    private protected Expression(NodeKind kind, int position, int end)
        : base(kind, position, end)
    {
    }

    /// <summary>The expression stood in parentheses (which hides identifiers from function naming and patterns from destructuring).</summary>
    public bool IsParenthesized { get; internal set; }

    /// <summary>IsAnonymousFunctionDefinition: a function, arrow or class without a name of its own.</summary>
    public bool IsAnonymousFunctionDefinition => this switch
    {
        FunctionLiteral function => function.IsAnonymous,
        ClassLiteral @class => @class.Name is null,
        _ => false,
    };

    /// <summary>An object or array literal, which stands for a pattern where a target is expected.</summary>
    public bool IsPattern => Kind is NodeKind.ObjectLiteral or NodeKind.ArrayLiteral;
}

internal abstract class Statement : AstNode
{
    private protected Statement(NodeKind kind, int position, int end)
        : base(kind, position, end)
    {
    }
}
