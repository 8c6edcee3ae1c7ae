using Segno.Base;

namespace Segno.Syntax;

/// <summary>A formal parameter.</summary>
internal sealed class Parameter(Expression target, Expression? initializer, bool isRest, int position)
{
    /// <summary>A <see cref="VariableProxy"/> or a pattern of them.</summary>
    public Expression Target { get; } = target;
    public Expression? Initializer { get; } = initializer;
    public bool IsRest { get; } = isRest;
    public int Position { get; } = position;
}

/// <summary>
/// A function, also the top level of a script, module or eval. The node of a lazy function (<see cref="IsLazy"/>) has neither parameters
/// nor body; <see cref="Parser.ParseLazyFunction"/> fills them in when the function is compiled.
/// </summary>
internal sealed class FunctionLiteral : Expression, IInferredName
{
    internal FunctionLiteral(FunctionKind kind, Scope scope, int position, int end)
        : base(NodeKind.FunctionLiteral, position, end)
    {
        FunctionKind = kind;
        Scope = scope;
    }

    public FunctionKind FunctionKind { get; }

    /// <summary>Unique in the script, in source order; 0 is the top level. The same for a lazy function and its later full parse.</summary>
    public int Id { get; internal set; }

    /// <summary>The name as written, or the literal property key of a method; null if anonymous (the consumer names by context).</summary>
    public AstString? Name { get; internal set; }

    /// <summary>Set when the assignment to a property that holds the function is compiled. Scripts never see it as <c>name</c>.</summary>
    public string? InferredName { get; internal set; }

    /// <summary>IsAnonymousFunctionDefinition holds: functions expressions without name and arrows, but not methods.</summary>
    public bool IsAnonymous { get; internal set; }

    /// <summary>A named function expression: <see cref="Scope.FunctionNameVariable"/> is set if the name is used inside.</summary>
    public bool IsNamedExpression { get; internal set; }
    public bool IsDeclaration { get; internal set; }

    /// <summary>
    /// The function scope: parameters, and for simple parameters also the variables of the body. For a lazy function it only keeps its
    /// <see cref="Scope.Outer"/>, with everything outside allocated for the references from within.
    /// </summary>
    public Scope Scope { get; internal set; }

    /// <summary>The var scope of the body: <see cref="Scope"/>, or with non-simple parameters a scope inside of it.</summary>
    public Scope BodyScope { get; internal set; } = null!;
    public Parameter[] Parameters { get; internal set; } = [];

    /// <summary>The statements; null for a lazy function, and for default constructors (which the consumer synthesizes).</summary>
    public Statement[]? Body { get; internal set; }

    /// <summary>The body was only pre-parsed.</summary>
    public bool IsLazy { get; internal set; }

    public bool IsStrict { get; internal set; }

    /// <summary>ExpectedArgumentCount: the value of the <c>length</c> property.</summary>
    public int Length { get; internal set; }

    /// <summary>Number of formal parameters, without a rest parameter.</summary>
    public int ParameterCount { get; internal set; }
    public bool HasSimpleParameters { get; internal set; } = true;

    /// <summary>Simple sloppy parameters with a name that occurs twice; the last one wins.</summary>
    public bool HasDuplicateParameters { get; internal set; }

    /// <summary>The function itself (or arrows and evals inside) refers to <c>this</c>.</summary>
    public bool UsesThis { get; internal set; }
    public bool UsesArguments { get; internal set; }
    public bool UsesNewTarget { get; internal set; }
    public bool UsesSuperProperty { get; internal set; }
    public bool UsesSuperCall { get; internal set; }

    /// <summary>Contains a direct eval call, itself or in nested blocks (not in nested functions).</summary>
    public bool HasDirectEval { get; internal set; }

    /// <summary>Probably called at once (parenthesized or after an operator): parsed fully, and worth compiling with its outer function.</summary>
    public bool ShouldEagerCompile { get; internal set; }

    /// <summary>Class constructors: instance fields or private methods must be initialized.</summary>
    public bool RequiresInstanceMembersInitializer { get; internal set; }

    /// <summary>How many yield expressions a fully parsed generator has at most.</summary>
    public int YieldCount { get; internal set; }

    /// <summary>A module top level containing <c>await</c>.</summary>
    public bool HasTopLevelAwait { get; internal set; }

    /// <summary>Module records, when this is the top level of a module.</summary>
    public ModuleDescriptor? Module { get; internal set; }

    /// <summary>Source range for Function.prototype.toString; for class constructors the range of the class.</summary>
    public int SourceStart { get; internal set; }
    public int SourceEnd { get; internal set; }

    /// <summary>The upper bound of the ids of the functions inside, exclusive.</summary>
    public int LastInnerId { get; internal set; }

    /// <summary>Offset of the parenthesis that closes the parameters.</summary>
    internal int ParametersEnd { get; set; }

    /// <summary>Where <see cref="Parser.ParseLazyFunction"/> starts: the parenthesis of the parameters, or the start of an arrow function.</summary>
    internal int ReparseStart { get; set; }

    /// <summary>The function id counter at <see cref="ReparseStart"/>.</summary>
    internal int ReparseFirstId { get; set; }

    /// <summary>What was learnt about the functions inside a lazy function, so that they are skipped when it is parsed fully.</summary>
    internal PreparseData? PreparseData { get; set; }

    /// <summary>The script or module this belongs to.</summary>
    public ScriptSyntax Script { get; internal set; } = null!;

    public bool IsClassConstructor => FunctionKind.IsClassConstructor();

    public override string ToString() => Name?.Value ?? "(anonymous)";
}
