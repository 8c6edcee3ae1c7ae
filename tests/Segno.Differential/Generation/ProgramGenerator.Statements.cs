namespace Segno.Differential.Generation;

/// <summary>Random statements and functions.</summary>
internal sealed partial class ProgramGenerator
{
    private const int MaxLoopDepth = 40;

    private void Statements(Scope scope, int count, int depth)
    {
        for (int i = 0; i < count; i++)
        {
            Statement(scope, depth);
        }
    }

    private void Block(string head, Scope scope, int depth, string? first = null, string tail = "}")
    {
        Line(head + " {");
        if (first is not null)
        {
            Line(first);
        }

        Statements(scope, _choice.Between(1, 3), depth - 1);
        Line(tail);
    }

    private void Statement(Scope scope, int depth)
    {
        _cost += _multiplier;
        int kind = _choice.Below(depth <= 0 ? 9 : 19);
        switch (kind)
        {
            case 0:
            case 1:
                ValueKind declared = AnyKind();
                string name = Name("v");
                Line($"{_choice.Pick("let", "let", "var")} {name} = {Expression(scope, declared, 2)};");
                scope.Add(name, declared);
                break;
            case 2:
            case 3:
                ValueKind assigned = AnyKind();
                if (scope.Find(_choice, assigned, forAssignment: true) is { } target)
                {
                    string value = Expression(scope, assigned, 2);
                    Line(assigned switch
                    {
                        ValueKind.Int when _choice.OneIn(2) => $"{target} {_choice.Pick("+=", "-=", "*=", "|=", "^=", "&=", "<<=", ">>=", ">>>=")} {value};",
                        ValueKind.Number when _choice.OneIn(2) => $"{target} {_choice.Pick("+=", "-=", "*=", "/=", "%=")} {value};",
                        ValueKind.String => $"{target} = cut({target} + {value});",
                        _ => $"{target} = {value};",
                    });
                    break;
                }

                goto default;
            case 4:
                Line($"{Operand(scope, ValueKind.Object, 1)}.{Property()} {_choice.Pick("=", "=", "+=")} {Expression(scope, AnyKind(), 2)};");
                break;
            case 5:
                if (scope.Find(_choice, ValueKind.Array) is { } array)
                {
                    ArrayStatement(scope, array);
                    break;
                }

                goto default;
            case 6 when scope.InLoop && _choice.OneIn(3):
                Line($"if ({Expression(scope, ValueKind.Boolean, 2)}) {_choice.Pick("break", "continue")};");
                break;
            case 7 when scope.InFunction && _choice.OneIn(3):
                Line($"if ({Expression(scope, ValueKind.Boolean, 2)}) return {Expression(scope, AnyKind(), 2)};");
                break;
            case 9:
            case 10:
                Line($"if ({Expression(scope, ValueKind.Boolean, 2)}) {{");
                Statements(new Scope(scope), _choice.Between(1, 3), depth - 1);
                if (_choice.OneIn(2))
                {
                    Line("} else {");
                    Statements(new Scope(scope), 1, depth - 1);
                }

                Line("}");
                break;
            case 11:
            case 12:
                Loop(scope, depth);
                break;
            case 13:
                TryStatement(scope, depth);
                break;
            case 14:
                SwitchStatement(scope, depth);
                break;
            case 15:
                IterationStatement(scope, depth);
                break;
            case 16:
                ClosureStatement(scope);
                break;
            case 17 when scope.Find(_choice, ValueKind.Object) is { } victim:
                Line($"delete {victim}.{Property()};");
                break;
            default:
                Line($"note({Expression(scope, AnyKind(), 3)});");
                break;
        }
    }

    private void ArrayStatement(Scope scope, string array)
    {
        string value = Expression(scope, _choice.OneIn(3) ? AnyKind() : ValueKind.Int, 2);
        Line(_choice.Below(7) switch
        {
            0 or 1 => $"if ({array}.length < {MaxLoopDepth}) {array}.push({value});",
            2 => $"note({array}.pop());",
            3 => $"{array}[{Expression(scope, ValueKind.Int, 1)} & 7] = {value};",
            4 => $"{array}.length = {_choice.Between(0, 4)};",
            5 => $"{array}[{array}.length & 31] = {value};",
            _ => $"note({array}[{Expression(scope, ValueKind.Int, 2)}]);",
        });
    }

    private void Loop(Scope scope, int depth)
    {
        int times = _choice.Between(2, 6);
        int outer = _multiplier;
        if (outer * times > 60)
        {
            Line($"note({Expression(scope, ValueKind.Int, 3)});");
            return;
        }

        _multiplier = outer * times;
        string counter = Name("k");
        Scope inner = new Scope(scope) { InLoop = true }.Add(counter, ValueKind.Int, isAssignable: false);
        switch (_choice.Below(3))
        {
            case 0:
                Line($"let {counter} = 0;");
                Block($"while ({counter} < {times})", inner, depth, counter + "++;");
                break;
            case 1:
                Line($"let {counter} = 0;");
                Block("do", inner, depth, counter + "++;", $"}} while ({counter} < {times});");
                break;
            default:
                Block($"for ({_choice.Pick("let", "let", "var")} {counter} = 0; {counter} < {times}; {counter}++)", inner, depth);
                break;
        }

        _multiplier = outer;
    }

    private void IterationStatement(Scope scope, int depth)
    {
        int outer = _multiplier;
        if (outer * 8 > 60)
        {
            return;
        }

        _multiplier = outer * 8;
        string counter = Name("n");
        string item = Name("v");
        Line($"let {counter} = 0;");
        bool overKeys = _choice.OneIn(2);
        Scope inner = new Scope(scope) { InLoop = true }.Add(item, overKeys ? ValueKind.String : ValueKind.Int);
        string subject = Expression(scope, overKeys ? ValueKind.Object : ValueKind.Array, 1);
        Block($"for (const {item} {(overKeys ? "in" : "of")} {subject})".Replace("const", "let", StringComparison.Ordinal), inner, depth, $"if (++{counter} > 8) break;");
        _multiplier = outer;
    }

    private void TryStatement(Scope scope, int depth)
    {
        bool hasFinally = _choice.OneIn(2);
        bool hasCatch = !hasFinally || _choice.OneIn(2);
        Line("try {");
        Statements(new Scope(scope), 1, depth - 1);
        Line($"if ({Expression(scope, ValueKind.Boolean, 2)}) throw {Expression(scope, AnyKind(), 1)};");
        Statements(new Scope(scope), 1, depth - 1);
        if (hasCatch)
        {
            string error = Name("e");
            Line($"}} catch ({error}) {{");
            Line($"note({error});");
            Statements(new Scope(scope), 1, depth - 1);
        }

        if (hasFinally)
        {
            Line("} finally {");
            Statements(new Scope(scope), 1, depth - 1);
        }

        Line("}");
    }

    private void SwitchStatement(Scope scope, int depth)
    {
        ValueKind kind = _choice.Pick(ValueKind.Int, ValueKind.Int, ValueKind.String);
        Line($"switch ({Expression(scope, kind, 2)}) {{");
        int cases = _choice.Between(2, 4);
        for (int i = 0; i < cases; i++)
        {
            Line(i == 1 && _choice.OneIn(2) ? "default: {" : $"case {Literal(kind)}: {{");
            // A jump to the loop around would be meant; one to the switch is all the same for the program's end.
            Statements(new Scope(scope), 1, depth - 1);
            Line(_choice.OneIn(3) ? "}" : "} break;");
        }

        Line("}");
    }

    private void ClosureStatement(Scope scope)
    {
        string name = Name("c");
        var inner = new Scope(scope) { InFunction = true, InLoop = false };
        inner.Add("p", ValueKind.Int);
        Line($"const {name} = {_choice.Pick("(p) => {", "function (p) {")}");
        if (_choice.OneIn(2))
        {
            Line($"note({Expression(inner, AnyKind(), 2)});");
        }

        Line($"return {Expression(inner, AnyKind(), 2)};");
        Line("};");
        Line($"note({name}({Expression(scope, ValueKind.Int, 1)}));");
    }

    /// <summary>A function with a random body; its parameters are an integer, an object and an array.</summary>
    private Callable DeclareFunction(int statements, int depth)
    {
        int outerCost = _cost;
        _cost = 1;
        _multiplier = 1;
        string name = Name("f");
        Scope scope = new Scope { InFunction = true }.Add("a", ValueKind.Int).Add("b", ValueKind.Object).Add("c", ValueKind.Array);
        if (_choice.OneIn(2))
        {
            scope.Add("gi", ValueKind.Int).Add("gn", ValueKind.Number).Add("gs", ValueKind.String).Add("go", ValueKind.Object).Add("ga", ValueKind.Array);
        }

        Line($"function {name}(a, b, c) {{");
        Line("tick++;");
        Line($"let s = {Text()}, n = {Number()}, t = 0;");
        scope.Add("s", ValueKind.String).Add("n", ValueKind.Number).Add("t", ValueKind.Int);
        Statements(scope, statements, depth);
        Line($"return {Expression(scope, AnyKind(), 3)};");
        Line("}");
        var callable = new Callable(name, 3, _cost);
        _callables.Add(callable);
        _cost = outerCost;
        return callable;
    }

    /// <summary>Functions that call each other, driven with an integer, an object and an array, then with other things.</summary>
    private void RandomFunction()
    {
        int count = _choice.Between(1, 3);
        Callable last = default;
        for (int i = 0; i < count; i++)
        {
            last = DeclareFunction(_choice.Between(2, 5), 3);
        }

        string shared = Name("o");
        Line($"var {shared} = {{ x: 1, y: 2 }};");
        Drive(last.Name, $"{last.Name}(i, {shared}, [i, 2, 3])", Some(
            $"{last.Name}({Number()}, {shared}, [1.5])",
            $"{last.Name}(1, {{ y: 1 }}, [])",
            $"{last.Name}({Odd()}, {shared}, [1])",
            $"{last.Name}(1, {Odd()}, [1])",
            $"{last.Name}(1, {shared}, {Odd()})",
            $"{last.Name}(2, {{ get x() {{ note('g'); return 3; }}, y: 1 }}, [, 1])",
            $"{last.Name}()",
            $"{last.Name}({Int()}, {shared}, [1, 2], 4, 5)"));
    }
}
