using System.Globalization;

namespace Segno.Syntax;

internal sealed partial class AstPrinter
{
    private void Visit(AstNode? node)
    {
        switch (node)
        {
            case null:
                Line("Elision");
                break;
            case Statement statement:
                VisitStatement(statement);
                break;
            case Expression expression:
                VisitExpression(expression);
                break;
        }
    }

    private void VisitStatement(Statement node)
    {
        switch (node)
        {
            case Block block:
                Line("Block", node);
                _indentation++;
                PrintScope("Scope", block.Scope);
                _indentation--;
                Indented(block.Statements);
                break;
            case ExpressionStatement statement:
                Line("ExpressionStatement", node);
                Indented(statement.Expression);
                break;
            case VariableDeclaration declaration:
                Line(declaration.Mode.ToString(), node);
                foreach (Declarator declarator in declaration.Declarators)
                {
                    Indented(declarator.Target);
                    _indentation++;
                    Labelled("Initializer", declarator.Initializer);
                    _indentation--;
                }

                break;
            case FunctionDeclaration declaration:
                Line($"FunctionDeclaration {Place(declaration.Target.Variable)}{(declaration.SloppyBlockTarget is { } target ? $" also {Place(target.Variable)}" : "")}", node);
                Indented(declaration.Function);
                break;
            case ClassDeclaration declaration:
                Line($"ClassDeclaration {Place(declaration.Target.Variable)}", node);
                Indented(declaration.Class);
                break;
            case ExportDefault export:
                Line($"ExportDefault {Place(export.Target.Variable)}", node);
                Indented(export.Value);
                break;
            case IfStatement statement:
                Line("If", node);
                Indented(statement.Condition);
                Labelled("Then", statement.Then);
                Labelled("Else", statement.Else);
                break;
            case IterationStatement loop:
                VisitLoop(loop);
                break;
            case ContinueStatement:
                Line("Continue", node);
                break;
            case BreakStatement:
                Line("Break", node);
                break;
            case ReturnStatement statement:
                Line("Return", node);
                if (statement.Value is not null)
                    Indented(statement.Value);
                break;
            case ThrowStatement statement:
                Line("Throw", node);
                Indented(statement.Value);
                break;
            case TryStatement statement:
                Line("Try", node);
                Indented(statement.Block);
                PrintScope("CatchScope", statement.CatchScope);
                Labelled("CatchParameter", statement.CatchParameter);
                Labelled("Catch", statement.Catch);
                Labelled("Finally", statement.Finally);
                break;
            case SwitchStatement statement:
                Line("Switch", node);
                _indentation++;
                PrintScope("Scope", statement.Scope);
                Visit(statement.Tag);
                foreach (CaseClause clause in statement.Cases)
                {
                    Line(clause.Label is null ? "Default" : "Case");
                    if (clause.Label is not null)
                        Indented(clause.Label);
                    Indented(clause.Statements);
                }

                _indentation--;
                break;
            case WithStatement statement:
                Line("With", node);
                Indented(statement.Object);
                Indented(statement.Body);
                break;
            case LabeledStatement statement:
                Line($"Labeled {statement.Label}", node);
                Indented(statement.Body);
                break;
            default:
                Line(node.Kind.ToString(), node);
                break;
        }
    }

    private void VisitLoop(IterationStatement node)
    {
        switch (node)
        {
            case ForStatement loop:
                Line(loop.NeedsPerIterationBindings ? "For per-iteration" : "For", node);
                _indentation++;
                PrintScope("Scope", loop.LoopScope);
                Labelled("Initializer", loop.Initializer);
                Labelled("Condition", loop.Condition);
                Labelled("Update", loop.Update);
                _indentation--;
                break;
            case ForEachStatement loop:
                Line($"{loop.Kind}{(loop.IsAwait ? " await" : "")} {loop.DeclarationMode?.ToString() ?? "target"}", node);
                _indentation++;
                PrintScope("IterationScope", loop.IterationScope);
                Labelled("Each", loop.Each);
                Labelled("VarInitializer", loop.VarInitializer);
                PrintScope("SubjectScope", loop.SubjectScope);
                Labelled("Subject", loop.Subject);
                _indentation--;
                break;
            case WhileStatement loop:
                Line("While", node);
                Indented(loop.Condition);
                break;
            case DoWhileStatement loop:
                Line("DoWhile", node);
                Indented(loop.Condition);
                break;
        }

        Indented(node.Body);
    }

    private void VisitExpression(Expression node)
    {
        switch (node)
        {
            case NumberLiteral literal:
                Line("Number " + literal.Value.ToString("R", CultureInfo.InvariantCulture), node);
                break;
            case StringLiteral literal:
                Line("String " + Quote(literal.Value.Value), node);
                break;
            case BooleanLiteral literal:
                Line(literal.Value ? "True" : "False", node);
                break;
            case NullLiteral:
                Line("Null", node);
                break;
            case BigIntLiteral literal:
                Line("BigInt " + literal.Text, node);
                break;
            case RegExpLiteral literal:
                Line($"RegExp {Quote(literal.Pattern)} {literal.Flags}".TrimEnd(), node);
                break;
            case TemplateLiteral template:
                Line("Template " + string.Join(' ', Array.ConvertAll(template.Cooked, cooked => cooked is null ? "(malformed)" : Quote(cooked))), node);
                Indented(template.Substitutions);
                break;
            case TaggedTemplate tagged:
                Line("TaggedTemplate", node);
                Indented(tagged.Tag);
                Indented(tagged.Quasi);
                break;
            case VariableProxy proxy:
                PrintProxy(proxy);
                break;
            case ArrayLiteral array:
                Line("Array", node);
                Indented(array.Elements);
                break;
            case ObjectLiteral literal:
                VisitObject(literal);
                break;
            case FunctionLiteral function:
                PrintFunction(function);
                break;
            case ClassLiteral @class:
                PrintClass(@class);
                break;
            case UnaryOperation operation:
                Line($"Unary {operation.Operator}", node);
                Indented(operation.Operand);
                break;
            case CountOperation operation:
                Line($"{(operation.IsPrefix ? "Prefix" : "Postfix")} {(operation.IsIncrement ? "Increment" : "Decrement")}", node);
                Indented(operation.Target);
                break;
            case BinaryOperation operation:
                Line($"Binary {operation.Operator}", node);
                Indented([operation.Left, operation.Right]);
                break;
            case NaryOperation operation:
                Line($"Nary {operation.Operator}", node);
                Indented(operation.Operands);
                break;
            case LogicalOperation operation:
                Line($"Logical {operation.Operator}", node);
                Indented(operation.Operands);
                break;
            case PrivateIn operation:
                Line("PrivateIn", node);
                Indented([operation.Name, operation.Right]);
                break;
            case Assignment assignment:
                Line(assignment.Operator.ToString(), node);
                Indented([assignment.Target, assignment.Value]);
                break;
            case Conditional conditional:
                Line("Conditional", node);
                Indented([conditional.Condition, conditional.Then, conditional.Else]);
                break;
            case Sequence sequence:
                Line("Sequence", node);
                Indented(sequence.Expressions);
                break;
            default:
                VisitMember(node);
                break;
        }
    }

    private void VisitMember(Expression node)
    {
        switch (node)
        {
            case NamedProperty property:
                Line($"Property {property.Name}{(property.IsOptional ? " optional" : "")}", node);
                Indented(property.Object);
                break;
            case KeyedProperty property:
                Line($"KeyedProperty{(property.IsOptional ? " optional" : "")}", node);
                Indented([property.Object, property.Key]);
                break;
            case PrivateProperty property:
                Line($"PrivateProperty{(property.IsOptional ? " optional" : "")}", node);
                Indented([property.Object, property.Name]);
                break;
            case SuperProperty property:
                Line($"SuperProperty {property.Name?.Value}".TrimEnd(), node);
                if (property.Key is not null)
                    Indented(property.Key);
                Indented([property.ThisFunction, property.Receiver]);
                break;
            case Call call:
                Line($"Call{(call.IsOptional ? " optional" : "")}{(call.IsPossiblyDirectEval ? " eval" : "")}", node);
                Indented(call.Callee);
                Indented(call.Arguments);
                break;
            case SuperCall call:
                Line("SuperCall", node);
                Indented(call.Arguments);
                Indented([call.ThisFunction, call.NewTarget, call.This]);
                break;
            case New creation:
                Line("New", node);
                Indented(creation.Callee);
                Indented(creation.Arguments);
                break;
            case NativeCall call:
                Line($"NativeCall %{call.Name}", node);
                Indented(call.Arguments);
                break;
            case OptionalChain chain:
                Line("OptionalChain", node);
                Indented(chain.Expression);
                break;
            case ImportCall call:
                Line($"ImportCall {call.Phase}", node);
                Indented(call.Specifier);
                if (call.Options is not null)
                    Indented(call.Options);
                break;
            case Spread spread:
                Line("Spread", node);
                Indented(spread.Expression);
                break;
            case Yield yield:
                Line("Yield", node);
                if (yield.Value is not null)
                    Indented(yield.Value);
                break;
            case YieldStar yield:
                Line("YieldStar", node);
                Indented(yield.Iterable);
                break;
            case Await await:
                Line("Await", node);
                Indented(await.Value);
                break;
            default:
                Line(node.Kind.ToString(), node);
                break;
        }
    }

    private void VisitObject(ObjectLiteral literal)
    {
        Line("Object", literal);
        _indentation++;
        foreach (ObjectProperty property in literal.Properties)
        {
            Line($"{property.Kind}{(property.IsComputed ? " computed" : "")}{(property.IsShorthand ? " shorthand" : "")}");
            if (property.Key is not null)
                Indented(property.Key);
            Indented(property.Value);
        }

        _indentation--;
    }
}
