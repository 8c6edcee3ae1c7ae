namespace Segno.Differential.Generation;

/// <summary>Random expressions.</summary>
internal sealed partial class ProgramGenerator
{
    private static readonly string[] Ints =
        ["0", "1", "2", "3", "5", "7", "10", "31", "32", "33", "100", "255", "65535", "1073741823", "1073741824", "2147483647", "(-1)", "(-2)", "(-7)", "(-128)", "(-2147483648)"];

    private static readonly string[] Numbers =
        ["0.5", "1.5", "(-0)", "(-0.5)", "(-2.25)", "0.1", "1e300", "5e-324", "2147483648", "(-2147483649)", "4294967295", "4294967296.5", "9007199254740991", "1e21", "NaN", "Infinity", "(-Infinity)"];

    private static readonly string[] Texts =
        ["''", "'a'", "'b'", "'abc'", "'0'", "'1'", "'12'", "'-0'", "'1.5'", "'x'", "'y'", "' 7 '", "'0x10'", "'length'", "'\\u00e9'", "'\\u{1F600}'", "'NaN'", "'null'"];

    private static readonly string[] Oddities =
        ["undefined", "null", "true", "false", "NaN", "(-0)", "'3'", "'q'", "1.5", "2147483648", "{ valueOf() { return 4; } }", "[5]", "[]", "{}", "7n", "Symbol.iterator", "function () {}", "[1, 2]"];

    private static readonly string[] PropertyNames = ["x", "y", "z", "w", "length", "a"];

    private string Int() => _choice.Pick(Ints);

    private string Number() => _choice.OneIn(2) ? _choice.Pick(Numbers) : Int();

    private string Text() => _choice.Pick(Texts);

    /// <summary>A value of another kind than whatever was expected, in parentheses.</summary>
    private string Odd() => "(" + _choice.Pick(Oddities) + ")";

    private string Property() => _choice.Pick(PropertyNames);

    private string Literal(ValueKind kind) => kind switch
    {
        ValueKind.Int => Int(),
        ValueKind.Number => Number(),
        ValueKind.String => Text(),
        ValueKind.Boolean => _choice.Pick("true", "false"),
        ValueKind.Object => "({ x: 1, y: 2 })",
        _ => "[1, 2, 3]",
    };

    /// <summary>A condition that holds in some calls or turns: rarely, mostly, now and then.</summary>
    private string Condition(Scope scope)
    {
        string variable = scope.Find(_choice, ValueKind.Int) ?? "tick";
        return _choice.Below(8) switch
        {
            0 or 1 => $"(tick % {_choice.Pick(7, 16, 33, 60)} === {_choice.Below(7)})",
            2 => $"(tick > {_choice.Pick(20, 45, 90)})",
            3 or 4 => $"({variable} {_choice.Pick("<", ">", "===", "!==")} {_choice.Below(9)})",
            5 => $"({variable} & 1)",
            6 => $"({variable} % 3 === 0)",
            _ => _choice.Pick("true", "false"),
        };
    }

    private ValueKind AnyKind() => _choice.Pick(ValueKind.Int, ValueKind.Int, ValueKind.Number, ValueKind.String, ValueKind.Boolean, ValueKind.Object, ValueKind.Array);

    /// <summary>An expression that is complete in itself: an operand anywhere.</summary>
    private string Expression(Scope scope, ValueKind kind, int depth)
    {
        if (_choice.OneIn(40))
        {
            return Odd();
        }

        if (_choice.OneIn(25))
        {
            kind = AnyKind();
        }

        if (depth <= 0 || _choice.OneIn(4))
        {
            return (_choice.OneIn(6) ? null : scope.Find(_choice, kind)) ?? (kind == ValueKind.Boolean ? Condition(scope) : Literal(kind));
        }

        if (_choice.OneIn(12) && TryCall(scope, depth) is { } call)
        {
            return call;
        }

        if (_choice.OneIn(12))
        {
            return $"({Expression(scope, ValueKind.Boolean, depth - 1)} ? {Expression(scope, kind, depth - 1)} : {Expression(scope, kind, depth - 1)})";
        }

        if (_choice.OneIn(16) && scope.Find(_choice, kind, forAssignment: true) is { } variable)
        {
            string value = Expression(scope, kind, depth - 1);
            return kind == ValueKind.String ? $"({variable} = cut({value}))" : $"({variable} = {value})";
        }

        return kind switch
        {
            ValueKind.Int => IntExpression(scope, depth - 1),
            ValueKind.Number => NumberExpression(scope, depth - 1),
            ValueKind.String => StringExpression(scope, depth - 1),
            ValueKind.Boolean => BooleanExpression(scope, depth - 1),
            ValueKind.Object => ObjectExpression(scope, depth - 1),
            _ => ArrayExpression(scope, depth - 1),
        };
    }

    /// <summary>An expression that a dot or bracket may follow.</summary>
    private string Operand(Scope scope, ValueKind kind, int depth)
    {
        string expression = Expression(scope, kind, depth);
        return char.IsAsciiDigit(expression[0]) ? "(" + expression + ")" : expression;
    }

    private string IntExpression(Scope scope, int depth)
    {
        string Of(ValueKind kind) => Expression(scope, kind, depth);
        string Member(ValueKind kind) => Operand(scope, kind, depth);
        switch (_choice.Below(12))
        {
            case 0:
            case 1:
            case 2:
                return $"({Of(ValueKind.Int)} {_choice.Pick("+", "-", "*", "+", "-")} {Of(ValueKind.Int)})";
            case 3:
                return $"({Of(ValueKind.Int)} {_choice.Pick("&", "|", "^", "<<", ">>", ">>>")} {Of(ValueKind.Int)})";
            case 4:
                return $"({Of(ValueKind.Number)} | 0)";
            case 5:
                return $"({Of(ValueKind.Int)} % {Of(ValueKind.Int)})";
            case 6:
                return $"({_choice.Pick("-", "~", "+")}{Of(ValueKind.Int)})";
            case 7:
                return $"{Member(ValueKind.Array)}[{Of(ValueKind.Int)} & 3]";
            case 8:
                return $"{Member(ValueKind.Object)}.{Property()}";
            case 9:
                return _choice.OneIn(2) ? $"{Member(ValueKind.Array)}.length" : $"{Member(ValueKind.String)}.charCodeAt({Of(ValueKind.Int)} & 3)";
            case 10:
                return $"Math.{_choice.Pick("imul", "max", "min")}({Of(ValueKind.Int)}, {Of(ValueKind.Int)})";
            default:
                return scope.Find(_choice, ValueKind.Int, forAssignment: true) is { } variable
                    ? _choice.Pick($"({variable}++)", $"(--{variable})", $"({variable} += {Of(ValueKind.Int)})")
                    : $"Math.floor({Of(ValueKind.Number)})";
        }
    }

    private string NumberExpression(Scope scope, int depth)
    {
        string Of(ValueKind kind) => Expression(scope, kind, depth);
        return _choice.Below(8) switch
        {
            0 or 1 or 2 => $"({Of(ValueKind.Number)} {_choice.Pick("+", "-", "*", "/", "%")} {Of(ValueKind.Number)})",
            3 => $"({Of(ValueKind.Int)} / {Of(ValueKind.Int)})",
            4 => $"(-{Of(ValueKind.Number)})",
            5 => $"Math.{_choice.Pick("abs", "floor", "ceil", "round", "trunc", "sign", "fround")}({Of(ValueKind.Number)})",
            6 => $"(+{Of(ValueKind.String)})",
            _ => $"({Of(ValueKind.Int)} * {_choice.Pick("0.5", "-0.25", "1e10")})",
        };
    }

    private string StringExpression(Scope scope, int depth)
    {
        string Of(ValueKind kind) => Expression(scope, kind, depth);
        string Member(ValueKind kind) => Operand(scope, kind, depth);
        return _choice.Below(8) switch
        {
            0 or 1 => $"cut({Of(ValueKind.String)} + {Of(AnyKind())})",
            2 => $"(typeof {Of(AnyKind())})",
            3 => $"{Member(ValueKind.String)}.slice({Of(ValueKind.Int)} & 3)",
            4 => $"String({Of(AnyKind())})",
            5 => $"{Member(ValueKind.String)}[{Of(ValueKind.Int)} & 3]",
            6 => $"`<${{{Of(ValueKind.Int)}}}>`",
            _ => $"{Member(ValueKind.String)}.charAt({Of(ValueKind.Int)} & 7)",
        };
    }

    private string BooleanExpression(Scope scope, int depth)
    {
        string Of(ValueKind kind) => Expression(scope, kind, depth);
        ValueKind either = AnyKind();
        return _choice.Below(8) switch
        {
            0 or 1 => $"({Of(ValueKind.Int)} {_choice.Pick("<", ">", "<=", ">=")} {Of(ValueKind.Int)})",
            2 => $"({Of(either)} {_choice.Pick("==", "===", "!=", "!==")} {Of(either)})",
            3 => $"(!{Of(ValueKind.Boolean)})",
            4 => $"({Of(ValueKind.Boolean)} {_choice.Pick("&&", "||")} {Of(ValueKind.Boolean)})",
            5 => $"('{Property()}' in {Of(ValueKind.Object)})",
            6 => $"({Of(ValueKind.Object)} instanceof {_choice.Pick("Object", "Array")})",
            _ => $"({Of(ValueKind.Number)} < {Of(ValueKind.Number)})",
        };
    }

    private string ObjectExpression(Scope scope, int depth)
    {
        string Of(ValueKind kind) => Expression(scope, kind, depth);
        return _choice.Below(7) switch
        {
            0 => $"({{ x: {Of(ValueKind.Int)}, y: {Of(ValueKind.Number)} }})",
            1 => $"({{ y: {Of(ValueKind.Int)}, x: {Of(ValueKind.Int)} }})",
            2 => $"({{ {Property()}: {Of(AnyKind())}, ['{Property()}']: {Of(ValueKind.Int)} }})",
            3 => $"({{ get x() {{ return {Int()}; }}, y: {Of(ValueKind.Int)} }})",
            4 => $"({{ valueOf() {{ return {Number()}; }} }})",
            5 => $"Object.assign({{ z: {Of(ValueKind.Int)} }}, {Of(ValueKind.Object)})",
            _ => $"({{ x: {Of(ValueKind.String)} }})",
        };
    }

    private string ArrayExpression(Scope scope, int depth)
    {
        string Of(ValueKind kind) => Expression(scope, kind, depth);
        string Member(ValueKind kind) => Operand(scope, kind, depth);
        return _choice.Below(7) switch
        {
            0 => $"[{Of(ValueKind.Int)}, {Of(ValueKind.Int)}]",
            1 => $"[{Of(ValueKind.Number)}, 1.5]",
            2 => $"[{Of(AnyKind())}, , {Of(ValueKind.Int)}]",
            3 => $"{Member(ValueKind.Array)}.slice({Of(ValueKind.Int)} & 1)",
            4 => $"{Member(ValueKind.Array)}.concat({Of(ValueKind.Int)}).slice(-6)",
            5 => $"[...{Of(ValueKind.Array)}, {Of(ValueKind.Int)}].slice(-6)",
            _ => $"[{Of(ValueKind.Object)}]",
        };
    }

    /// <summary>A call of a function made before, unless that would make this one too costly.</summary>
    private string? TryCall(Scope scope, int depth)
    {
        if (_callables.Count == 0)
        {
            return null;
        }

        Callable callee = _choice.PickFrom(_callables);
        int cost = _cost + (_multiplier * callee.Cost);
        if (cost > MaxCost)
        {
            return null;
        }

        _cost = cost;
        int count = Math.Max(0, callee.Arity + (_choice.OneIn(5) ? _choice.Between(-1, 2) : 0));
        var arguments = new string[count];
        for (int i = 0; i < count; i++)
        {
            arguments[i] = Expression(scope, i == 0 ? ValueKind.Int : AnyKind(), Math.Min(depth - 1, 1));
        }

        return $"{callee.Name}({string.Join(", ", arguments)})";
    }
}
