namespace Segno.Syntax;

/// <summary>How to parse.</summary>
internal sealed class ParseOptions
{
    public static readonly ParseOptions Default = new();

    /// <summary>Parse functions inside only as far as their outer functions need (the default), or everything fully.</summary>
    public bool Lazy { get; init; } = true;

    /// <summary>Names shared with earlier scripts; null makes a new table.</summary>
    public AstStringTable? Names { get; init; }

    /// <summary>Scripts: start in strict mode (for hosts that force it).</summary>
    public bool ForceStrict { get; init; }

    /// <summary>The natives that <c>%Name(...)</c> may call; null where that is no syntax.</summary>
    public INativeTable? Natives { get; init; }

    /// <summary>Syntax nested deeper than this is refused, whatever the stack would allow.</summary>
    public int MaxDepth { get; init; } = 10_000;
}

/// <summary>Where eval code stands, for PerformEval.</summary>
internal sealed class EvalContext
{
    /// <summary>Indirect eval: no outer scopes, sloppy unless it says otherwise.</summary>
    public static readonly EvalContext Indirect = new();

    public bool IsDirect { get; init; }

    /// <summary>The caller is strict code.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The scope of the call, whose chain resolves free names; null for indirect eval.</summary>
    public Scope? OuterScope { get; init; }

    /// <summary><c>new.target</c> is allowed: in a function that is not an arrow at the top level.</summary>
    public bool InFunction { get; init; }

    /// <summary><c>super.x</c> is allowed.</summary>
    public bool InMethod { get; init; }

    /// <summary><c>super()</c> is allowed.</summary>
    public bool InDerivedConstructor { get; init; }

    /// <summary><c>arguments</c> is an error.</summary>
    public bool InClassFieldInitializer { get; init; }

    /// <summary>The flags as they follow from the scopes around the call.</summary>
    public static EvalContext Direct(Scope outer)
    {
        Scope receiver = outer.GetReceiverScope();
        bool isFunction = receiver.Kind == ScopeKind.Function;
        FunctionKind kind = receiver.FunctionKind;
        return new EvalContext
        {
            IsDirect = true,
            IsStrict = outer.IsStrict,
            OuterScope = outer,
            InFunction = isFunction,
            InMethod = isFunction && kind.HasHomeObject(),
            InDerivedConstructor = isFunction && kind.IsDerivedConstructor(),
            InClassFieldInitializer = isFunction && kind.IsInitializer(),
        };
    }
}
