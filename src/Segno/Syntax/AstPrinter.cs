using System.Globalization;
using System.Text;

namespace Segno.Syntax;

/// <summary>Prints a syntax tree with its scopes, one node per line: the output of <c>--print-ast</c>.</summary>
internal sealed partial class AstPrinter
{
    private readonly StringBuilder _text = new();
    private readonly bool _withPositions;
    private int _indentation;

    private AstPrinter(bool withPositions) => _withPositions = withPositions;

    /// <param name="node">The root.</param>
    /// <param name="withPositions">Adds source ranges to the nodes.</param>
    public static string Print(AstNode node, bool withPositions = false)
    {
        var printer = new AstPrinter(withPositions);
        printer.Visit(node);
        return printer._text.ToString();
    }

    private void Line(string text) => _text.Append(' ', _indentation * 2).Append(text).Append('\n');

    private void Line(string text, AstNode node) => Line(_withPositions ? $"{text} [{node.Position}-{node.End}]" : text);

    private void Labelled(string label, AstNode? node)
    {
        if (node is null)
            return;
        Line(label);
        Indented(node);
    }

    private void Indented(AstNode? node)
    {
        _indentation++;
        Visit(node);
        _indentation--;
    }

    private void Indented(IEnumerable<AstNode?> nodes)
    {
        foreach (AstNode? node in nodes)
            Indented(node);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c is < ' ' or > '~')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private void PrintScope(string label, Scope? scope)
    {
        if (scope is null)
            return;
        var line = new StringBuilder($"{label}: {scope.Kind}");
        if (scope.IsStrict)
            line.Append(" strict");
        if (scope.NeedsContext)
            line.Append(CultureInfo.InvariantCulture, $" context({scope.ContextSlotCount})");
        if (scope.CallsEval)
            line.Append(" calls-eval");
        if (scope.InnerScopeCallsEval)
            line.Append(" inner-calls-eval");
        if (scope.CanBeExtendedByEval)
            line.Append(" extended-by-eval");
        Line(line.ToString());
        _indentation++;
        foreach (Variable variable in scope.Variables)
            PrintVariable(variable);
        if (scope.FunctionNameVariable is { } self)
            PrintVariable(self);
        _indentation--;
    }

    private void PrintVariable(Variable variable)
    {
        var line = new StringBuilder($"{variable.Mode} {variable.Name} {Place(variable)}");
        if (variable.IsAssigned)
            line.Append(" assigned");
        if (variable.NeedsHoleInitialization)
            line.Append(" hole");
        if (variable.InitialValueFrom is not null)
            line.Append(" from-parameter");
        Line(line.ToString());
    }

    private static string Place(Variable variable) => variable.Location switch
    {
        VariableLocation.Parameter or VariableLocation.Context or VariableLocation.Module =>
            string.Create(CultureInfo.InvariantCulture, $"{variable.Location}[{variable.Index}]"),
        VariableLocation.Lookup when variable.Shadowed is { } shadowed => $"Lookup({Place(shadowed)})",
        _ => variable.Location.ToString(),
    };

    private void PrintProxy(VariableProxy proxy)
    {
        string place = proxy.IsResolved ? Place(proxy.Variable) : "?";
        Line($"Variable {proxy.Name} {place}{(proxy.HoleCheck == HoleCheck.Required ? " hole-check" : "")}", proxy);
    }

    private void PrintFunction(FunctionLiteral function)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"Function #{function.Id} {function.FunctionKind} {function.Name?.Value ?? "(anonymous)"}");
        line.Append(CultureInfo.InvariantCulture, $" length={function.Length}");
        if (function.IsStrict)
            line.Append(" strict");
        if (function.IsLazy)
            line.Append(" lazy");
        if (!function.HasSimpleParameters)
            line.Append(" non-simple");
        if (function.HasDuplicateParameters)
            line.Append(" duplicates");
        AppendUses(line, function);
        Line(line.ToString(), function);
        if (function.IsLazy)
            return;
        _indentation++;
        PrintScope("Scope", function.Scope);
        if (function.BodyScope != function.Scope)
            PrintScope("BodyScope", function.BodyScope);
        foreach (Parameter parameter in function.Parameters)
        {
            Line(parameter.IsRest ? "RestParameter" : "Parameter");
            Indented(parameter.Target);
            Labelled("Default", parameter.Initializer);
        }

        foreach (Statement statement in function.Body ?? [])
            Visit(statement);
        _indentation--;
    }

    private static void AppendUses(StringBuilder line, FunctionLiteral function)
    {
        if (function.UsesThis)
            line.Append(" this");
        if (function.UsesArguments)
            line.Append(" arguments");
        if (function.UsesNewTarget)
            line.Append(" new.target");
        if (function.UsesSuperProperty)
            line.Append(" super-property");
        if (function.UsesSuperCall)
            line.Append(" super-call");
        if (function.HasDirectEval)
            line.Append(" eval");
    }

    private void PrintClass(ClassLiteral @class)
    {
        Line($"Class {@class.Name?.Value ?? "(anonymous)"}", @class);
        _indentation++;
        PrintScope("Scope", @class.Scope);
        Labelled("Heritage", @class.Heritage);
        Labelled("Constructor", @class.Constructor);
        foreach (ClassMember member in @class.Members)
        {
            string name = member.PrivateName is { } privateName ? $" {privateName.Name}" : "";
            Line($"{(member is { IsStatic: true, StaticBlock: null } ? "Static" : "")}{member.Kind}{name}{(member.IsComputed ? " computed" : "")}");
            foreach (AstNode? part in (ReadOnlySpan<AstNode?>)[member.Key, member.Value, member.StaticBlock])
            {
                if (part is not null)
                    Indented(part);
            }
        }

        PrintInitializer("InstanceInitializer", @class.InstanceInitializer);
        PrintInitializer("StaticInitializer", @class.StaticInitializer);
        _indentation--;
    }

    private void PrintInitializer(string label, FunctionLiteral? initializer)
    {
        if (initializer is null)
            return;
        Line(string.Create(CultureInfo.InvariantCulture, $"{label} #{initializer.Id}"));
        _indentation++;
        PrintScope("Scope", initializer.Scope);
        _indentation--;
    }
}
