namespace Segno.Syntax;

internal enum ScopeKind : byte
{
    Script,
    Module,
    Eval,
    Function,
    Block,
    Catch,
    Class,
    With,
}

/// <summary>
/// A scope of the source. Scopes of functions that are compiled later stay alive as the outer scopes of their inner functions; their
/// allocation is final once the function around them has been parsed.
/// </summary>
internal sealed partial class Scope
{
    private static readonly VariableMap s_empty = new();

    private VariableMap? _variables;

    internal Scope(ScopeKind kind, Scope? outer, bool isVarScope)
    {
        Kind = kind;
        Outer = outer;
        IsVarScope = isVarScope;
        if (outer is not null)
            IsStrict = outer.IsStrict;
    }

    public ScopeKind Kind { get; }
    public Scope? Outer { get; internal set; }
    public bool IsStrict { get; internal set; }

    /// <summary>Holds var declarations: top levels, functions, function bodies behind non-simple parameters, static blocks.</summary>
    public bool IsVarScope { get; }

    /// <summary>The kind of function, for function scopes and top levels.</summary>
    public FunctionKind FunctionKind { get; internal set; }

    /// <summary>Declared and implicit (this, arguments, …) variables in order of declaration.</summary>
    public ReadOnlySpan<Variable> Variables => (_variables ?? s_empty).AsSpan();

    /// <summary>Function declarations to instantiate on entry, in source order, one per name (the last one).</summary>
    public List<FunctionDeclaration>? Functions { get; internal set; }

    /// <summary>A context (environment object) exists at run time while the scope is active.</summary>
    public bool NeedsContext { get; internal set; }

    /// <summary>Number of variables in the context, without its fixed slots.</summary>
    public int ContextSlotCount { get; internal set; }

    /// <summary>A direct eval call stands in this scope itself.</summary>
    public bool CallsEval { get; internal set; }

    /// <summary>A direct eval call stands in a scope inside, nested functions included.</summary>
    public bool InnerScopeCallsEval { get; internal set; }

    /// <summary>A sloppy direct eval may add vars to this var scope at run time: its context needs a place for them.</summary>
    public bool CanBeExtendedByEval { get; internal set; }

    /// <summary>The statements are not executed in order (switch cases), so positions say nothing about initialization.</summary>
    internal bool IsNonlinear { get; set; }

    /// <summary>The implicit variables, present if used. Arrow functions, blocks and so on have none of their own.</summary>
    public Variable? ThisVariable { get; private set; }
    public Variable? ArgumentsVariable { get; private set; }
    public Variable? NewTargetVariable { get; private set; }
    public Variable? ThisFunctionVariable { get; private set; }

    /// <summary>The self-binding of a named function expression, if used. Not in <see cref="Variables"/>.</summary>
    public Variable? FunctionNameVariable { get; private set; }

    /// <summary>The name of a named function expression.</summary>
    internal AstString? FunctionName { get; set; }

    /// <summary>The scope of a function, of a top level or of eval code: variables used across it are captured.</summary>
    public bool IsClosureScope => Kind is ScopeKind.Function or ScopeKind.Script or ScopeKind.Module or ScopeKind.Eval;

    /// <summary>Has <c>this</c>, <c>arguments</c>, <c>new.target</c> of its own.</summary>
    public bool HasThisBinding => Kind switch
    {
        ScopeKind.Function => !FunctionKind.IsArrow(),
        ScopeKind.Script or ScopeKind.Module => true,
        ScopeKind.Eval => Outer is null,
        _ => false,
    };

    /// <summary>The nearest scope (this one included) that holds var declarations.</summary>
    public Scope GetVarScope()
    {
        Scope scope = this;
        while (!scope.IsVarScope)
            scope = scope.Outer!;
        return scope;
    }

    /// <summary>The scope of the function (or top level, or eval) that this scope belongs to.</summary>
    public Scope GetClosureScope()
    {
        Scope scope = this;
        while (!scope.IsClosureScope)
            scope = scope.Outer!;
        return scope;
    }

    /// <summary>The nearest scope with a <c>this</c> binding.</summary>
    public Scope GetReceiverScope()
    {
        Scope scope = this;
        while (!scope.HasThisBinding && scope.Outer is not null)
            scope = scope.Outer;
        return scope;
    }

    /// <summary>How many contexts to walk outwards from the innermost context of this scope to the context of <paramref name="target"/>.</summary>
    public int ContextChainDepthTo(Scope target)
    {
        int depth = 0;
        for (Scope? scope = this; scope != target; scope = scope.Outer)
        {
            if (scope is null)
                throw new ArgumentException("not an outer scope", nameof(target));
            if (scope.NeedsContext)
                depth++;
        }

        return depth;
    }

    /// <summary>Number of contexts from the innermost one of this scope to the end of the chain.</summary>
    public int ContextChainLength()
    {
        int depth = 0;
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.NeedsContext)
                depth++;
        }

        return depth;
    }

    /// <summary>
    /// Would a var that sloppy eval code in this scope declares have to pass a lexical binding of its name on the way to its var scope
    /// (19.2.1.3)? Parameters that are not simple stand between an eval among them and the vars it declares, and so does the
    /// arguments object beside them.
    /// </summary>
    public bool StopsVarOfEval(AstString name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            Variable? variable = scope.LookupLocal(name);
            if (variable is { IsLexical: true })
                return true;
            if (scope is { Kind: ScopeKind.Function, Function.HasSimpleParameters: false } &&
                (variable is { Mode: VariableMode.Parameter } || (scope.HasThisBinding && ReferenceEquals(name, WellKnownNames.Arguments))))
            {
                return true;
            }

            // The vars of sloppy eval code are not its own.
            if (scope.IsVarScope && (scope.Kind != ScopeKind.Eval || scope.IsStrict))
                return false;
        }

        return false;
    }

    public Variable? LookupLocal(AstString name) => _variables?.Find(name);

    internal Variable Declare(AstString name, VariableMode mode, bool isLexical, int position)
    {
        var variable = new Variable(name, mode, this, position) { IsLexical = isLexical };
        variable.HasTemporalDeadZone = Variable.NeedsInitialization(mode);
        (_variables ??= new VariableMap()).Add(variable);
        return variable;
    }

    /// <summary>A variable without a name in the source. Several of them may be in one scope, so no reference finds it.</summary>
    internal Variable DeclareTemporary(int position)
    {
        var variable = new Variable(WellKnownNames.ComputedKey, VariableMode.Temporary, this, position);
        (_variables ??= new VariableMap()).Add(variable);
        return variable;
    }

    /// <summary>Drops everything declared, when the function was only pre-parsed.</summary>
    internal void ForgetDeclarations()
    {
        _variables = null;
        Functions = null;
        ThisVariable = ArgumentsVariable = NewTargetVariable = ThisFunctionVariable = FunctionNameVariable = null;
    }

    /// <summary>The implicit variable of this scope with the given name, declared at its first use; null if the scope has none of that name.</summary>
    private Variable? DeclareImplicit(AstString name)
    {
        if (!HasThisBinding)
            return null;
        if (ReferenceEquals(name, WellKnownNames.This))
        {
            ThisVariable ??= Declare(name, VariableMode.This, isLexical: false, 0);
            if (FunctionKind.IsDerivedConstructor())
                ThisVariable.HasTemporalDeadZone = true;
            return ThisVariable;
        }

        if (Kind != ScopeKind.Function)
            return null;
        if (ReferenceEquals(name, WellKnownNames.Arguments))
            return FunctionKind.IsInitializer() ? null : ArgumentsVariable ??= Declare(name, VariableMode.Arguments, isLexical: false, 0);
        if (ReferenceEquals(name, WellKnownNames.NewTarget))
            return NewTargetVariable ??= Declare(name, VariableMode.NewTarget, isLexical: false, 0);
        if (ReferenceEquals(name, WellKnownNames.ThisFunction))
            return ThisFunctionVariable ??= Declare(name, VariableMode.ThisFunction, isLexical: false, 0);
        return null;
    }

    /// <summary><c>var arguments</c> does not hide the arguments object: it is the binding of it, or behind non-simple parameters starts with it.</summary>
    internal void AdoptArguments(Scope body)
    {
        if (!HasThisBinding || FunctionKind.IsInitializer() ||
            body.LookupLocal(WellKnownNames.Arguments) is not { Mode: VariableMode.Var } variable)
        {
            return;
        }

        if (body == this)
        {
            variable.Mode = VariableMode.Arguments;
            ArgumentsVariable = variable;
            return;
        }

        variable.InitialValueFrom = LookupLocal(WellKnownNames.Arguments) ?? DeclareImplicit(WellKnownNames.Arguments)!;
        variable.InitialValueFrom.IsUsed = true;
    }

    private Variable? LookupFunctionName(AstString name)
    {
        if (!ReferenceEquals(name, FunctionName))
            return null;
        return FunctionNameVariable ??= new Variable(name, VariableMode.FunctionName, this, 0);
    }

    public override string ToString() => Kind + " scope";
}
