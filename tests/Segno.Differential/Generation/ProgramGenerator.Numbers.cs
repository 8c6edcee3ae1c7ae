namespace Segno.Differential.Generation;

/// <summary>Scenes about numbers, operators and conversions.</summary>
internal sealed partial class ProgramGenerator
{
    private string Operator() => _choice.Pick("+", "-", "*", "/", "%", "+", "-", "*");

    private void Arithmetic()
    {
        string f = Name("f");
        string op = Operator();
        Line($"function {f}(a, b) {{ return {_choice.Pick($"a {op} b", $"(a {op} b) {Operator()} a", $"a {op} {Int()}", $"-(a {op} b)", $"(a {op} b) | 0")}; }}");
        string stable = _choice.Pick("i, 3", "i + 0.5, 2", "i, i", "-i, 7", "'s', i", "i * 1e6, i");
        Drive(f, $"{f}({stable})", Some(
            $"{f}(2147483647, 1)",
            $"{f}(-2147483648, -1)",
            $"{f}(0, -5)",
            $"{f}(-0, 0)",
            $"{f}(5, 0)",
            $"{f}({Number()}, {Number()})",
            $"{f}({Number()}, {Int()})",
            $"{f}({Odd()}, 1)",
            $"{f}(1, {Odd()})",
            $"{f}({Odd()}, {Odd()})",
            $"{f}({{ valueOf() {{ note('v'); return 2; }} }}, {{ toString() {{ note('t'); return '3'; }} }})",
            $"{f}(10n, 3n)",
            $"{f}()"));
    }

    private void Bits()
    {
        string f = Name("f");
        string Op() => _choice.Pick("&", "|", "^", "<<", ">>", ">>>");
        Line($"function {f}(a, b) {{ return {_choice.Pick($"a {Op()} b", $"(a {Op()} b) {Op()} {Int()}", $"~(a {Op()} b)", $"(a {Op()} 0) + b", $"a >>> (b & 31)")}; }}");
        Drive(f, $"{f}(i, {_choice.Pick("3", "i", "31", "-1")})", Some(
            $"{f}(-1, 0)",
            $"{f}(1, 31)",
            $"{f}(1, 32)",
            $"{f}(-2147483648, 1)",
            $"{f}(4294967295, 0)",
            $"{f}({Number()}, {Number()})",
            $"{f}(1.9, -1.9)",
            $"{f}({Odd()}, 2)",
            $"{f}(3, {Odd()})",
            $"{f}('12', '0x3')",
            $"{f}(12n, 3n)"));
    }

    private void Comparisons()
    {
        string f = Name("f");
        string op = _choice.Pick("<", ">", "<=", ">=", "==", "===", "!=", "!==");
        Line($"function {f}(a, b) {{ {_choice.Pick($"return a {op} b;", $"if (a {op} b) return 'yes'; return 'no';", $"let n = 0; while (a {op} b && n < 5) {{ n++; a++; }} return n;", $"return (a {op} b) + (b {op} a);")} }}");
        string stable = _choice.Pick("i, 10", "i / 2, 3.5", "'a' + i, 'a5'", "undefined, null", "null, i", "o1, o1", "true, i", "Symbol.iterator, Symbol.iterator");
        Drive(f, $"{f}({stable.Replace("o1", "lines", StringComparison.Ordinal)})", Some(
            $"{f}(NaN, NaN)",
            $"{f}(0, -0)",
            $"{f}({Text()}, {Number()})",
            $"{f}({Text()}, {Text()})",
            $"{f}(null, undefined)",
            $"{f}(null, 0)",
            $"{f}({Odd()}, {Odd()})",
            $"{f}({Odd()}, 5)",
            $"{f}(lines, [])",
            $"{f}({{ valueOf() {{ note('l'); return 1; }} }}, {{ valueOf() {{ note('r'); return 2; }} }})",
            $"{f}(2n, 2)",
            $"{f}('2', 2n)"));
    }

    private void Coercions()
    {
        string f = Name("f");
        string o = Name("o");
        Line($"var {o} = {{ n: 0, valueOf() {{ this.n++; return {_choice.Pick("this.n", "'s' + this.n", "1.5", "undefined")}; }}, toString() {{ this.n += 10; return 'T' + this.n; }} }};");
        Line($"function {f}(a, b) {{ return [{_choice.Pick("a + b", "a * b", "a - b")}, {_choice.Pick("`${a}${b}`", "+a", "a == b", "a < b", "!a")}, {_choice.Pick("-b", "~b", "b >>> 1", "String(b)", "typeof b")}]; }}");
        Drive(f, $"{f}(i, {_choice.Pick("1", "'x'", o)})", Some(
            $"{f}({o}, {o})",
            $"{f}({o}, 1)",
            $"{f}({{ [Symbol.toPrimitive](hint) {{ note(hint); return hint === 'number' ? 3 : 'p'; }} }}, 2)",
            $"{f}({{ [Symbol.toPrimitive]() {{ throw new TypeError('no'); }} }}, 2)",
            $"{f}(1, {{ valueOf() {{ return {{}}; }}, toString() {{ return {{}}; }} }})",
            $"{f}(Symbol.iterator, 1)",
            $"{f}({Odd()}, {Odd()})",
            $"{o}.n"));
    }

    private void Overflow()
    {
        string f = Name("f");
        int steps = _choice.Between(10, 60);
        Line($"function {f}(start, step) {{");
        Line("let s = start;");
        Line($"for (let i = 0; i < {steps}; i++) {{");
        Line(_choice.Pick("s += step;", "s = s * 2 + step;", "s -= step;", "s = (s << 1) + step;", "s = s + step | 0;", "s *= step;"));
        if (_choice.OneIn(2))
        {
            Line($"if (i === {_choice.Below(steps)}) {_choice.Pick("s += 0.5", "s = -0", "s = '1' + s", "step = 1e9", "note(s)", "s = cut(String(s))", "s = NaN")};");
        }

        if (_choice.OneIn(3))
        {
            Line("if (typeof s === 'string') s = cut(s);");
        }

        Line("}");
        Line("return s;");
        Line("}");
        Drive(f, $"{f}(i, {_choice.Pick("1", "3", "-1")})", Some($"{f}(2147483600, 3)", $"{f}(-2147483600, -3)", $"{f}(0.5, 1)", $"{f}({Number()}, {Number()})", $"{f}(0, -0)", $"{f}(1, {Int()})", $"{f}(true, 1)"));
    }

    private void MathFunctions()
    {
        string f = Name("f");
        string One() => _choice.Pick("abs", "floor", "ceil", "round", "trunc", "sign", "fround", "clz32", "sqrt");
        string body = _choice.Pick(
            $"Math.{One()}(a)",
            $"Math.{One()}(a) + Math.{One()}(b)",
            "Math.max(a, b) - Math.min(a, b)",
            "Math.min(a, b, 3)",
            "Math.imul(a, b)",
            $"1 / Math.{_choice.Pick("round", "ceil", "trunc", "max", "min")}(a, b)",
            "a ** 2 + b ** 1");
        Line($"function {f}(a, b) {{ return {body}; }}");
        Drive(f, $"{f}({_choice.Pick("i, 2", "i / 4, 0.5", "-i, i", "i - 0.5, i")})", Some(
            $"{f}(-0.4, -0)",
            $"{f}(0.49999999999999994, 2.5)",
            $"{f}(-2147483648, 4294967295)",
            $"{f}({Number()}, {Number()})",
            $"{f}(NaN, 1)",
            $"{f}({Odd()}, {Odd()})",
            $"{f}()",
            $"var saved = Math.abs; Math.abs = Math.floor = function (x) {{ note('m'); return 42; }}; log({f}(-1, 1)); Math.abs = saved; Math.floor = function (x) {{ return x - x % 1; }};"));
    }

    private void NumberText()
    {
        string f = Name("f");
        Line($"function {f}(v, r) {{ return {_choice.Pick("String(v) + r", "'' + v", "parseInt(v, r)", "Number(v) + r", "parseFloat(v)", "(v | 0).toString(r)", "`${v}:${+v}`", "isNaN(v) ? r : v")}; }}");
        Drive(f, $"{f}({_choice.Pick("i", "i / 8", "'1' + i", "i * 1e20")}, {_choice.Pick("10", "16", "2")})", Some(
            $"{f}({Number()}, 10)",
            $"{f}({Text()}, 8)",
            $"{f}('1e3', 10)",
            $"{f}(-0, 10)",
            $"{f}(123456789012345680000, 10)",
            $"{f}(0.000001, 10)",
            $"{f}(1e-7, 10)",
            $"{f}({Odd()}, 36)",
            $"{f}([1, 2], 10)"));
    }

    /// <summary>Loops whose counters stay within bounds that conditions and lengths say, and those that break out of them.</summary>
    private void Counters()
    {
        string f = Name("f");
        string head = _choice.Pick(
            "let i = from; i < to; i++", "let i = from; i <= to; i += step", "let i = to - 1; i >= from; i--", "let i = a.length - 1; i >= 0; i--", "let i = 0; i < a.length; i++", "let i = from; to > i; i += 2",
            "let i = from, j = to; i < j; i++, j--", "let i = to; i-- > from;", "let i = from; i !== to; i = i + step", "let i = from | 0, n = a.length; i < n; ++i");
        string Index() => _choice.Pick("i", "i", "i + 1", "i - 1", "i >> 1", "a.length - i", "i & 3", "i * 2", "(i / 2) | 0", "i / 2");
        string Value() => _choice.Pick($"a[{Index()}]", $"a[{Index()}]", "i * i", "i * (i + 1) / 2", "-i * step", "1 / (i * step)", "i % 3", "(i % step) * -1", "(i + 1) | 0", "(i * 65537) >>> 0", "i / 4", "i - to", "~i", "Math.min(i, 7) * -0");
        string body = _choice.Pick(
            $"s += {Value()};", $"s = {Value()};", $"if (i < {Int()}) s += {Value()}; else s -= {Value()};", $"if (i > from) t = {Value()}; s += t;", $"a[{Index()}] = {Value()};",
            $"for (let k = i; k < to && k < i + 3; k++) s += {Value()} + k;", $"const b = [{Value()}, s]; s = b[0]; t = b.length;", $"switch (i & 3) {{ case 0: s += {Value()}; break; case 1: t = i; break; default: s -= t; }}");
        string upset = _choice.Pick("", "", $"if (i === {_choice.Between(1, 9)}) {_choice.Pick("a.length = 2", "i += 3", "to = 3", "a.push(1, 2)", "step = -step", "a = [0.5, , 'x']", "i = i | 0", "note(i)", "a.pop()")};");
        Lines($$"""
            function {{f}}(a, from, to, step) {
            let s = {{_choice.Pick("0", "0", "0.5", "1")}}, t = 0, turns = 0;
            for ({{head}}) {
            if (++turns > 60) break;
            {{body}}
            {{upset}}
            }
            return [s, t, turns, a.length];
            }
            """);
        string array = _choice.Pick("[1, 2, 3, 4, 5]", "[0.5, 1.5, 2.5]", "[3, , 5, 6]", "['p', 1, null, 2]", "[]");
        Drive(f, $"{f}({array}, {_choice.Pick("0", "1", "i & 1")}, {_choice.Pick("5", "3 + (i & 1)", "8")}, 1)", Some(
            $"{f}({array}, 2147483640, 2147483647, 3)",
            $"{f}([1, 2], -2147483648, -2147483640, 1)",
            $"{f}([1, 2, 3], 0, 5, 0)",
            $"{f}([1.5, 2], -3, 3, 1)",
            $"{f}([1, 2, 3], 5, -5, -2)",
            $"{f}(['a', 'b'], 0.5, 3, 1)",
            $"{f}({array}, 0, {Number()}, {Int()})",
            $"{f}({array}, {Int()}, 4, 1)",
            $"{f}('text', 0, 4, 1)",
            $"{f}({Odd()}, 0, 3, 1)",
            $"{f}([1, 2], -0, 2, -0)"));
    }

    private void LongLoop()
    {
        string f = Name("f");
        int turns = _choice.Pick(200, 1000, 4000);
        int at = _choice.Below(turns);
        Line($"function {f}(o, a) {{");
        Line($"let s = {_choice.Pick("0", "0.5", "''", "-0", "1")}, m = 0, last = null;");
        Line($"for (let i = 0; i < {turns}; i++) {{");
        Line(_choice.Pick("s = s + o.x;", "s = (s + i) % 1000;", "m = (m * 31 + a[i & 3]) | 0;", "o.x = i & 7; m += o.x;", "last = { v: i, w: last && last.v }; m = (m + last.v) | 0;", "m ^= i; s = m & 255;"));
        Line(_choice.Pick("m = (m + a.length) | 0;", "if (i & 1) m++; else m += 2;", "a[i & 3] = i;", "m = Math.max(m, i);", "m = (m + (typeof s === 'string' ? s.length : s | 0)) | 0;"));
        Line($"if (i === {at}) {{ {_choice.Pick("s = 'q'", "o = { y: 0, x: 0.5 }", "a = [1.5, 2.5, , 4]", "a.length = 2", "o.x = 'w'", "m = 0.5", "%DeoptimizeNow()", "a = 'text'", "o = { get x() { return 3; } }", "s = -0", "%OptimizeOsr()", "a[9] = o")}; }}");
        Line("if (typeof s === 'string') s = cut(s);");
        Line("}");
        Line("return [s, m, last && last.v];");
        Line("}");
        Line($"for (let r = 0; r < {_choice.Between(1, 3)}; r++) {{");
        Log($"{f}({{ x: {_choice.Pick("1", "0.5", "'a'")} }}, {_choice.Pick("[1, 2, 3, 4]", "[1.5, 2, 3, 4]", "[1, , 3, 4]")})");
        Line("}");
    }
}
