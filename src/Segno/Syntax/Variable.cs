namespace Segno.Syntax;

internal enum VariableMode : byte
{
    Var,
    Let,
    Const,

    /// <summary>A function declaration: var-like at function level (<see cref="Variable.IsLexical"/> is false), let-like in blocks.</summary>
    Function,
    Class,
    Using,
    AwaitUsing,
    Parameter,

    /// <summary>A simple catch parameter; names of a catch pattern are <see cref="Let"/>.</summary>
    CatchParameter,

    /// <summary>The self-binding of a named function expression: constant; writes are ignored in sloppy mode and throw in strict mode.</summary>
    FunctionName,

    /// <summary>The inner binding of a class name: constant.</summary>
    ClassName,
    This,
    Arguments,
    NewTarget,

    /// <summary>The active function, for [[HomeObject]] and for the parent constructor of super calls.</summary>
    ThisFunction,

    /// <summary>A binding imported by a module: constant, reads go through the exporting module.</summary>
    Import,

    /// <summary>The value of a computed field name, or another value without a name in the source.</summary>
    Temporary,
    PrivateField,
    PrivateMethod,
    PrivateGetter,
    PrivateSetter,

    /// <summary>A getter and a setter.</summary>
    PrivateAccessor,

    /// <summary>Not declared in the parsed code: a property of the global object, a lexical binding of another script, or a dynamic lookup.</summary>
    Dynamic,
}

internal enum VariableLocation : byte
{
    /// <summary>Never used, so it has no storage; writes to it need not happen (hole checks never refer to it).</summary>
    Unallocated,

    /// <summary>The argument <see cref="Variable.Index"/> of the frame. For <see cref="VariableMode.This"/>: the receiver.</summary>
    Parameter,

    /// <summary>A register; the consumer assigns it.</summary>
    Local,

    /// <summary>Slot <see cref="Variable.Index"/> of the context of <see cref="Variable.Scope"/>, counted after the fixed slots.</summary>
    Context,

    /// <summary>A property of the global object: top-level var and function of scripts, and names that no scope declares (which may also be lexical bindings of another script).</summary>
    Global,

    /// <summary>A top-level let, const or class of a script: in the script context table of the realm.</summary>
    ScriptLexical,

    /// <summary>Found by name at run time: a with object or a sloppy direct eval is in between. Also the vars that sloppy eval code declares.</summary>
    Lookup,

    /// <summary>A cell of the module: exports have a positive <see cref="Variable.Index"/>, imports a negative one.</summary>
    Module,

    /// <summary><c>this</c> at the top level: the global this value in scripts, undefined in modules.</summary>
    TopLevelThis,
}

/// <summary>A binding.</summary>
internal sealed class Variable
{
    internal Variable(AstString name, VariableMode mode, Scope scope, int position)
    {
        Name = name;
        Mode = mode;
        Scope = scope;
        Position = position;
        InitializerPosition = NeedsInitialization(mode) ? int.MaxValue : position;
    }

    public AstString Name { get; }
    public VariableMode Mode { get; internal set; }

    /// <summary>The declaring scope; for <see cref="VariableMode.Dynamic"/> the scope of the reference.</summary>
    public Scope Scope { get; internal set; }

    /// <summary>Offset of the declaration.</summary>
    public int Position { get; }

    public VariableLocation Location { get; internal set; }

    /// <summary>Argument index, context slot or module cell, by <see cref="Location"/>. For parameters that moved to the context see <see cref="ParameterIndex"/>.</summary>
    public int Index { get; internal set; } = -1;

    /// <summary>The argument that a simple parameter starts with (to be copied at function entry if <see cref="Location"/> is Context); -1 if none.</summary>
    public int ParameterIndex { get; internal set; } = -1;

    /// <summary>A closure (or eval, or with) refers to it.</summary>
    public bool IsCaptured { get; internal set; }

    /// <summary>Written other than by its initialization, or may be by code that is not known.</summary>
    public bool IsAssigned { get; internal set; }

    public bool IsUsed { get; internal set; }

    /// <summary>A let-like binding of a block, function or script (as opposed to var-like ones).</summary>
    public bool IsLexical { get; internal set; }

    /// <summary>Some reference has <see cref="HoleCheck.Required"/>, so the binding must hold the hole from entry of the scope to its initialization.</summary>
    public bool NeedsHoleInitialization { get; internal set; }

    /// <summary>The private name is declared static.</summary>
    public bool IsStaticPrivate { get; internal set; }

    /// <summary>With non-simple parameters: the parameter whose value a var of the same name starts with.</summary>
    public Variable? InitialValueFrom { get; internal set; }

    /// <summary>For <see cref="VariableLocation.Lookup"/>: what the name means if nothing shadows it.</summary>
    public Variable? Shadowed { get; internal set; }

    /// <summary>The hoisted function that initializes the binding on entry of the scope; the last declaration wins.</summary>
    public FunctionDeclaration? Function { get; internal set; }

    /// <summary>Writes (other than the initialization) are errors, or ignored for <see cref="VariableMode.FunctionName"/> in sloppy mode.</summary>
    public bool IsConstant => Mode is
        VariableMode.Const or VariableMode.Using or VariableMode.AwaitUsing or VariableMode.Import or VariableMode.ClassName or VariableMode.FunctionName;

    public bool IsPrivateName => Mode is >= VariableMode.PrivateField and <= VariableMode.PrivateAccessor;

    /// <summary>The binding has a temporal dead zone.</summary>
    public bool HasTemporalDeadZone { get; internal set; }

    /// <summary>A plain function declaration in a sloppy block, which another one may redeclare.</summary>
    internal bool IsPlainSloppyFunction { get; set; }

    /// <summary>References at or after this offset, in the same closure, find the binding initialized.</summary>
    internal int InitializerPosition { get; set; }

    internal static bool NeedsInitialization(VariableMode mode) => mode is
        VariableMode.Let or VariableMode.Const or VariableMode.Class or VariableMode.Using or VariableMode.AwaitUsing or VariableMode.ClassName;

    public override string ToString() => $"{Mode} {Name} {Location}";
}
