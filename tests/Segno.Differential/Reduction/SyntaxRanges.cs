using System.Collections;
using System.Reflection;
using Segno.Builtins;
using Segno.Syntax;

namespace Segno.Differential.Reduction;

/// <summary>
/// The ways to make a program smaller by one step: statements left out, compound statements replaced by a part of them, expressions
/// by an operand or by 0. What is wrong after the step is for the run to find out.
/// </summary>
internal sealed class SyntaxRanges
{
    private readonly string _source;
    private readonly int _first;
    private readonly List<SyntaxRange> _ranges = [];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    private SyntaxRanges(string source, int first)
    {
        _source = source;
        _first = first;
    }

    /// <summary>All steps, those that save most first; none if the program does not parse.</summary>
    /// <param name="source">The program.</param>
    /// <param name="first">What lies before this offset stays.</param>
    public static List<SyntaxRange> Of(string source, int first)
    {
        var ranges = new SyntaxRanges(source, first);
        try
        {
            ranges.Visit(Parser.ParseScript(new SourceText(source), new ParseOptions { Lazy = false, Natives = NativeTable.Instance }));
        }
        catch (SyntaxErrorException)
        {
            return [];
        }

        ranges._ranges.Sort(static (a, b) => b.Saving.CompareTo(a.Saving));
        return ranges._ranges;
    }

    private void Visit(object node)
    {
        if (!_seen.Add(node))
        {
            return;
        }

        List<AstNode> children = [];
        foreach (PropertyInfo property in node.GetType().GetProperties())
        {
            if (property.GetIndexParameters().Length == 0 && property.PropertyType.IsByRefLike is false)
            {
                Collect(property.GetValue(node), children);
            }
        }

        if (node is AstNode { End: > 0 } whole && whole.Position >= _first)
        {
            Shrink(whole, children);
        }

        foreach (AstNode child in children)
        {
            Visit(child);
        }
    }

    /// <summary>Nodes, and nodes inside what is not a node itself: properties, members, clauses, parameters, declarators.</summary>
    private void Collect(object? value, List<AstNode> children)
    {
        switch (value)
        {
            case AstNode node:
                children.Add(node);
                break;
            case Statement[] { Length: > 1 } list:
                AddRuns(list);
                children.AddRange(list);
                break;
            case IEnumerable items and not string:
                foreach (object? item in items)
                {
                    Collect(item, children);
                }

                break;
            case ObjectProperty or ClassMember or CaseClause or Parameter or Declarator when _seen.Add(value):
                foreach (PropertyInfo property in value.GetType().GetProperties())
                {
                    Collect(property.GetValue(value), children);
                }

                break;
        }
    }

    /// <summary>Runs of statements in halves, quarters and so on.</summary>
    private void AddRuns(Statement[] list)
    {
        for (int length = list.Length / 2; length > 1; length /= 2)
        {
            for (int i = 0; i + length <= list.Length; i += length)
            {
                Add(list[i].Position, list[i + length - 1].End, "");
            }
        }
    }

    private void Shrink(AstNode node, List<AstNode> children)
    {
        if (node is Statement)
        {
            Add(node.Position, node.End, node is Block ? "{}" : ";");
            foreach (AstNode child in children.Where(static c => c is Statement))
            {
                Add(node.Position, node.End, Text(child));
            }
        }
        else if (node is Expression and not VariableProxy)
        {
            foreach (AstNode child in children.Where(static c => c is Expression and not FunctionLiteral))
            {
                Add(node.Position, node.End, "(" + Text(child) + ")");
            }

            Add(node.Position, node.End, "0");
            Add(node.Position, node.End, "");
        }
        else if (node is VariableProxy)
        {
            Add(node.Position, node.End, "0");
        }
    }

    private string Text(AstNode node) => node.Position >= 0 && node.End <= _source.Length && node.Position < node.End ? _source[node.Position..node.End] : "0";

    private void Add(int start, int end, string replacement)
    {
        if (start >= _first && end <= _source.Length && start < end && replacement.Length < end - start)
        {
            _ranges.Add(new SyntaxRange(start, end, replacement));
        }
    }
}
