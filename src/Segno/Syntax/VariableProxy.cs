namespace Segno.Syntax;

internal enum HoleCheck : byte
{
    /// <summary>The binding is provably initialized here (or needs no initialization).</summary>
    Elided,

    /// <summary>The binding may still be in its temporal dead zone: throw a ReferenceError on the hole.</summary>
    Required,
}

/// <summary>
/// A reference by name: identifiers, <c>this</c>, <c>new.target</c> (as <see cref="VariableMode.This"/> and so on) and private names.
/// Scope analysis gives every proxy of a fully parsed function its variable.
/// </summary>
internal sealed class VariableProxy : Expression
{
    internal VariableProxy(AstString name, int position, int end)
        : base(NodeKind.VariableProxy, position, end)
    {
        Name = name;
    }

    public AstString Name { get; }

    /// <summary>
    /// The variable, once resolved. A name found nowhere has a variable with location <see cref="VariableLocation.Global"/>; a name that a
    /// <c>with</c> object or a sloppy direct eval may shadow has one with location <see cref="VariableLocation.Lookup"/>, whose
    /// <see cref="Variable.Shadowed"/> is the variable found if nothing shadows it.
    /// </summary>
    public Variable Variable => _variable ?? throw new InvalidOperationException($"unresolved variable '{Name.Value}'");

    public bool IsResolved => _variable is not null;

    public HoleCheck HoleCheck { get; internal set; }

    /// <summary>Some write goes through this reference.</summary>
    public bool IsAssigned { get; internal set; }

    /// <summary>The next reference in the list of unresolved references of the same scope.</summary>
    internal VariableProxy? NextUnresolved;

    /// <summary>The proxy names a binding that is being declared: scope analysis must not resolve it as a reference.</summary>
    internal bool IsRemovedFromUnresolved;

    /// <summary>In the head of a possible arrow function: the end of the parameter, its default included.</summary>
    internal int InitializerEnd;

    private Variable? _variable;

    internal Variable? VariableOrNull => _variable;

    internal void BindTo(Variable variable)
    {
        _variable = variable;
        if (IsAssigned)
            variable.IsAssigned = true;
        variable.IsUsed = true;
    }
}
