namespace Segno.Differential.Generation;

/// <summary>A variable that generated code can name.</summary>
internal readonly record struct Variable(string Name, ValueKind Kind, bool IsAssignable);

/// <summary>The variables in reach, inner scopes seeing the outer ones.</summary>
internal sealed class Scope(Scope? outer = null)
{
    private readonly List<Variable> _variables = outer is null ? [] : [.. outer._variables];

    public bool InFunction { get; init; } = outer?.InFunction ?? false;

    public bool InLoop { get; init; } = outer?.InLoop ?? false;

    public Scope Add(string name, ValueKind kind, bool isAssignable = true)
    {
        _variables.Add(new Variable(name, kind, isAssignable));
        return this;
    }

    public string? Find(Choice choice, ValueKind kind, bool forAssignment = false)
    {
        List<Variable> fitting = _variables.FindAll(v => v.Kind == kind && (v.IsAssignable || !forAssignment));
        return fitting.Count == 0 ? null : choice.PickFrom(fitting).Name;
    }
}
