namespace Segno.Differential.Generation;

/// <summary>Scenes about calls, closures, exceptions and control flow.</summary>
internal sealed partial class ProgramGenerator
{
    private void Arguments()
    {
        string f = Name("f");
        string strict = _choice.OneIn(3) ? "'use strict'; " : "";
        string body = _choice.Pick(
            "arguments[0] = 7; return a;",
            "a = 8; return arguments[0];",
            "return arguments.length + (a | 0);",
            "let s = 0; for (let i = 0; i < arguments.length && i < 9; i++) s += arguments[i]; return s;",
            "return Array.prototype.slice.call(arguments, 1);",
            "const g = () => arguments[1]; b = 'moved'; return g();",
            "delete arguments[0]; a = 5; return arguments[0];",
            "arguments.length = 1; return [...arguments];",
            "return typeof arguments[3] + arguments[1];",
            "Object.defineProperty(arguments, 0, { value: 'fixed', writable: false }); a = 1; return arguments[0];",
            "return inner.apply(null, arguments);",
            "return inner(...arguments);");
        if (strict.Length > 0)
        {
            body = body.Replace("arguments[0] = 7; return a;", "arguments[0] = 7; return [a, arguments[0]];", StringComparison.Ordinal);
        }

        string inner = Name("inner");
        Line($"function {inner}(x, y) {{ return [x, y, arguments.length]; }}");
        Line($"function {f}(a, b) {{ {strict}{body.Replace("inner", inner, StringComparison.Ordinal)} }}");
        Drive(f, $"{f}({_choice.Pick("i, 2", "i", "i, 2, 3, 4", "0.5, i")})", Some($"{f}()", $"{f}(1)", $"{f}(1, 2, 3)", $"{f}('a', 'b', 'c', 'd', 'e')", $"{f}.apply(null, [4, 5])", $"{f}.apply(null, {{ length: 2, 0: 'x' }})", $"{f}(...[1, 2, 3])", $"{f}({Odd()}, {Odd()})", $"new {f}(1, 2) instanceof {f}"));
    }

    private void Closures()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(n, v) {
            const fs = [];
            {{_choice.Pick("let", "var")}} shared = v;
            for ({{_choice.Pick("let", "var")}} i = 0; i < n; i++) {
            {{_choice.Pick("const", "let")}} own = i * 2;
            fs.push({{_choice.Pick("() => i", "() => own + i", "() => shared++", "function () { return own + shared; }", "(x) => { shared = x; return own; }", "() => { i += 0; return typeof v; }")}});
            {{_choice.Pick("", "if (i === 2) shared = 'changed';", "shared = fs[0](i);", "if (i & 1) continue;")}}
            }
            let s = 0;
            for (const g of fs) s = s + g(1);
            return [s, shared];
            }
            """);
        Drive(f, $"{f}(4, i)", Some($"{f}(3, 0.5)", $"{f}(5, 'v')", $"{f}(1, {Odd()})", $"{f}(0, 1)", $"{f}(8, undefined)"));
    }

    private void ContextSlots()
    {
        string make = Name("make");
        string c = Name("c");
        Lines($$"""
            function {{make}}(start) {
            {{_choice.Pick("let", "var")}} n = start;
            const k = {{_choice.Pick("2", "start", "'k'", "{ v: 1 }")}};
            return {
            next() { return {{_choice.Pick("n++", "n += 1", "n = n + k", "(n, k)", "n += typeof k === 'object' ? k.v : 1")}}; },
            set(v) { n = v; },
            get: () => n,
            deep() { return (() => (() => n + 1)())(); },
            };
            }
            var {{c}} = {{make}}({{_choice.Pick("0", "0.5", "'s'")}});
            """);
        Drive(c + ".next", $"{c}.next()", Some(
            $"{c}.set({Number()}); log({c}.next());",
            $"{c}.set({Text()}); log({c}.next()); {c}.set(1);",
            $"{c}.set(2147483646); log({c}.next()); log({c}.next()); log({c}.get());",
            $"{c}.deep()",
            $"{make}(5).next()",
            $"{make}({Odd()}).next()",
            $"{c}.get()"));
    }

    private void Inlining()
    {
        int depth = _choice.Between(2, 6);
        string previous = Name("f");
        string fault = _choice.Pick("if (x === 77) throw new RangeError('deep');", "if (x === 77) return 'deep';", "x = x + 0.5;", "note(x === 77 ? arguments.length : 0);", "if (x === 77) %DeoptimizeNow();");
        Line($"function {previous}(x, o) {{ {fault} return {_choice.Pick("x + 1", "x + o.x", "o.x = x", "[x][0]", "x | 0", "{ v: x }")}; }}");
        for (int i = 0; i < depth; i++)
        {
            string f = Name("f");
            string body = _choice.Pick(
                $"return {previous}(x, o) + 1;",
                $"const r = {previous}(x, o); return r;",
                $"return {previous}(x + 0, o, {i});",
                $"try {{ return {previous}(x, o); }} catch (e) {{ return e.name + {i}; }}",
                $"try {{ return {previous}(x, o); }} finally {{ o.n = {i}; }}",
                $"let s = 0; for (let j = 0; j < 3; j++) s = {previous}(x, o); return s;",
                $"const t = {{ a: x, b: o }}; return {previous}(t.a, t.b);",
                $"return {previous}.call(null, x, o);",
                $"return {previous}.apply(this, arguments);",
                $"return [1, 2].map(y => {previous}(x, o))[0];",
                $"return (x > 50 ? {previous}(x, o) : {previous}(x, o));");
            Line($"function {f}(x, o) {{ {body} }}");
            previous = f;
        }

        Drive(previous, $"{previous}(i, {{ x: i }})", Some(
            $"{previous}(77, {{ x: 1 }})",
            $"{previous}(0.5, {{ x: 1 }})",
            $"{previous}(1, {{ y: 1, x: 's' }})",
            $"{previous}(2147483647, {{ x: 2147483647 }})",
            $"{previous}(1, null)",
            $"{previous}({Odd()}, {{ get x() {{ throw new TypeError('getter'); }} }})",
            $"{previous}()"));
    }

    private void CallAndApply()
    {
        string f = Name("f");
        string g = Name("g");
        Lines($$"""
            function {{g}}(a, b) { {{_choice.Pick("'use strict';", "")}} return [{{_choice.Pick("typeof this", "this === undefined", "this && this.x")}}, a, b, arguments.length]; }
            function {{f}}(h, t, a) { return {{_choice.Pick("h.call(t, a, 1)", "h.apply(t, [a, 2])", "h.apply(t, a)", "h.bind(t, a)(3)", "h(...[a], t)", "Reflect.apply(h, t, [a])", "h.call(t)", "t.x(a)", "(0, h)(a)", "new (h.bind(t))(a) instanceof h")}}; }
            """);
        Drive(f, $"{f}({g}, {{ x: {g} }}, {_choice.Pick("i", "[i, 1]", "'s'")})", Some(
            $"{f}({g}, null, 1)",
            $"{f}({g}, 5, [1, 2, 3])",
            $"{f}({g}, 'str', undefined)",
            $"{f}(Math.max, {{ x: Math.max }}, 5)",
            $"{f}((a) => a, {{ x(a) {{ return this === a; }} }}, 5)",
            $"{f}(null, {{}}, 1)",
            $"{f}({g}, {{ x: 5 }}, {{ length: 1, 0: 'z' }})",
            $"{f}({Odd()}, {Odd()}, 1)",
            $"{f}(class {{ constructor() {{}} }}, {{ x: {g} }}, 1)",
            $"{f}({g}.bind({{ x: 'bound' }}, 'first'), null, 2)"));
    }

    private void Exceptions()
    {
        string f = Name("f");
        string g = Name("g");
        Lines($$"""
            function {{g}}(x) { if ({{_choice.Pick("x === 13", "x > 25", "x % 5 === 4", "typeof x !== 'number'")}}) throw {{_choice.Pick("new RangeError('r')", "x", "{ thrown: x }", "new TypeError('t')", "undefined")}}; return x + 1; }
            function {{f}}(x) {
            let s = {{_choice.Pick("0", "''", "[]")}}, at = -1;
            for (let i = 0; i < 5; i++) {
            at = i;
            try {
            {{_choice.Pick("s = " + g + "(x + i);", "s = " + g + "(x) + " + g + "(i);", "s += " + g + "(x);", "if (i === 3) continue; s = " + g + "(x + i);", "if (i === 4) break; s = " + g + "(x + i);", "s = x.y.z;", "s = { a: i }; " + g + "(x + i);")}}
            } catch ({{_choice.Pick("e", "{ message: e }", "e")}}) {
            {{_choice.Pick("s = [s, typeof e];", "note(e); s = at;", "if (i > 2) throw e; s = i;", "return [e, s, at];", "x = 0;")}}
            }{{_choice.Pick("", " finally { at++; }", " finally { if (i === 3) s = 'f'; }")}}
            }
            return [s, at, x];
            }
            """);
        Drive(f, $"{f}({_choice.Pick("i & 7", "1", "i / 2")})", Some($"{f}(13)", $"{f}(9)", $"{f}(26)", $"{f}('s')", $"{f}(0.5)", $"{f}(null)", $"{f}({{ y: {{ z: 'deep' }} }})", $"{f}({Odd()})"));
    }

    private void FinallyBlocks()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(x) {
            let s = '';
            outer: for (let i = 0; i < 4; i++) {
            try {
            s += i;
            {{_choice.Pick("if (x === i) return 'r' + s;", "if (x === i) throw 'th';", "if (x === i) break outer;", "if (x === i) continue outer;", "if (x === i) null.p;")}}
            try { {{_choice.Pick("if (i === 2) throw 'inner';", "s += x.q;", "if (x > 2) return s;")}} } finally { s += 'f'; }
            } {{_choice.Pick("catch (e) { s += typeof e; }", "catch { s += 'c'; if (i === 3) return s; }", "")}} finally {
            s += '.';
            {{_choice.Pick("", "if (x === 7) return 'override';", "if (i === 1 && x === 8) break;", "if (x === 9) continue;", "x = x + 1;")}}
            }
            }
            return s;
            }
            """);
        Drive(f, $"{f}({_choice.Pick("i & 3", "50", "i & 15")})", Some($"{f}(0)", $"{f}(2)", $"{f}(7)", $"{f}(8)", $"{f}(9)", $"{f}({{ q: 'Q' }})", $"{f}(undefined)", $"{f}('s')", $"{f}({Odd()})"));
    }

    private void Defaults()
    {
        string f = Name("f");
        Line($"function {f}(a, b = {_choice.Pick("a", "a + 1", "note('default')", "[]", "() => a")}, {_choice.Pick("...rest", "{ x = 1, y } = {}", "[c, d = 2] = [1]", "e = arguments.length")}) {{ {_choice.Pick("a = 5;", "var b;", "")} return [a, typeof b === 'function' ? b() : b, typeof rest === 'undefined' ? 0 : rest]; }}");
        Drive(f, $"{f}({_choice.Pick("i", "i, 2", "i, undefined, [7]")})", Some($"{f}()", $"{f}(1, undefined)", $"{f}(1, null, {{ x: 3, y: 4 }})", $"{f}(1, 2, [5, 6])", $"{f}(1, 2, null)", $"{f}(1, 2, 'st')", $"{f}({Odd()}, 2, {Odd()})", $"{f}.length"));
    }

    private void Recursion()
    {
        string f = Name("f");
        Line($"function {f}(n, a) {{ if (n > 20) return 'far'; if (n {_choice.Pick("<= 0", "< 1", "=== 0 || !(n > 0)")}) return {_choice.Pick("a", "0", "1", "''", "[a]")}; {_choice.Pick($"return {f}(n - 1, a) + 1;", $"return n * {f}(n - 1, a);", $"return {f}(n - 1, a + n);", $"const o = {{ v: {f}(n - 1, a) }}; return o.v;", $"return {f}(n - 1, a) + {f}(n - 2, a);", $"return n & 1 ? {f}(n - 1, a) : a + {f}(n - 2, a);", $"try {{ return {f}(n - 1, a); }} finally {{ a = n; }}")} }}");
        Drive(f, $"{f}(i & 7, 1)", Some($"{f}(9, 0.5)", $"{f}(10, 'a')", $"{f}(7.5, 1)", $"{f}('5', 2)", $"{f}({Odd()}, 1)", $"{f}(8, {Odd()})"));
    }

    private void Polymorphic()
    {
        string f = Name("f");
        int classes = _choice.Between(2, 6);
        string k = Name("P");
        for (int i = 0; i < classes; i++)
        {
            Line($"class {k}{i}{(i > 0 && _choice.OneIn(2) ? $" extends {k}{i - 1}" : "")} {{ get p() {{ return {i}; }} m(x) {{ return {_choice.Pick("x + " + i, "x * " + Number(), "this.p + x", "'" + i + "' + x", "[x]")}; }} }}");
        }

        string list = Name("list");
        Line($"var {list} = [{string.Join(", ", Enumerable.Range(0, classes).Select(i => $"new {k}{i}()"))}];");
        Line($"function {f}(o, x) {{ {_choice.Pick("return o.m(x);", "return o.p + o.m(x);", "const r = o.m(x); return r === undefined ? 0 : r;", "o.seen = x; return o.m(o.seen);", $"return o instanceof {k}0 ? o.m(x) : o.p;")} }}");
        Drive(f, $"{f}({list}[i % {_choice.Between(1, classes)}], i)", Some(
            $"for (let i = 0; i < 12; i++) note({f}({list}[i % {classes}], i + 0.5));",
            $"{f}({{ m(x) {{ return 'plain' + x; }}, p: 1 }}, 1)",
            $"{k}0.prototype.m = function (x) {{ return 'new' + x; }}; log({f}({list}[0], 1)); log({f}({list}[{classes - 1}], 1));",
            $"{list}[0].m = () => 'own'; log({f}({list}[0], 1));",
            $"{f}(null, 1)",
            $"{f}({list}[1], {Odd()})"));
    }

    private void Switches()
    {
        string f = Name("f");
        bool strings = _choice.OneIn(2);
        string Label() => strings ? Text() : _choice.OneIn(3) ? Number() : Int();
        Lines($$"""
            function {{f}}(v) {
            let r = '';
            switch (v) {
            case {{Label()}}: r += 'a';{{_choice.Pick("", " break;")}}
            case {{Label()}}: r += 'b'; break;
            {{_choice.Pick("default: r += 'd';", "")}}
            case {{Label()}}: r += 'c';{{_choice.Pick("", " return r;")}}
            case {{Label()}}: { let x = r; r = x + 'e'; } break;
            case {{_choice.Pick("note('side')", "undefined", "r", "v")}}: r += 's';
            }
            return r;
            }
            """);
        Drive(f, $"{f}({(strings ? "['a', 'b', 'abc', 'zz'][i & 3]" : "i & 7")})", Some($"{f}(1.5)", $"{f}('1')", $"{f}(-0)", $"{f}(NaN)", $"{f}({Label()})", $"{f}({Label()})", $"{f}({Odd()})", $"{f}()", $"{f}('a' + 'bc')"));
    }

    private void Labels()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(n, m) {
            let s = 0, t = '';
            outer: for (let i = 0; i < n; i++) {
            let j = 0;
            inner: while (j < m) {
            j++;
            {{_choice.Pick("if (i === j) continue outer;", "if (i + j === 5) break outer;", "if (j === 2) continue inner;", "if (s > 20) break inner;", "block: { if (j & 1) break block; s += 0.5; }")}}
            s += i * j;
            {{_choice.Pick("t = cut(t + j);", "if (s === 6) s = 'six';", "s = s | 0;", "do { s++; if (s > 100) break outer; } while (s % 3 !== 0);")}}
            }
            }
            return [s, t];
            }
            """);
        Drive(f, $"{f}(3, {_choice.Pick("3", "i & 3")})", Some($"{f}(5, 5)", $"{f}(2.5, 2)", $"{f}('4', '2')", $"{f}(0, 1)", $"{f}(7, 1)", $"{f}({Odd()}, 3)"));
    }

    private void Destructuring()
    {
        string f = Name("f");
        Line($"function {f}(v) {{ {_choice.Pick("const { x, y = 3, ...rest } = v; return [x, y, rest];", "const [a, b = 1, ...c] = v; return [a, b, c];", "let a = 1, b = 2; [a, b] = [b, a]; return [a, b, v];", "let o = {}; ({ x: o.p, y: o['q'] = 2 } = v); return o;", "const { [typeof v]: z = 'none' } = v; return z;", "const { x: { y } } = v; return y;", "for (const [k, w] of Object.entries(v)) { if (k === 'y') return w; } return 'no';", "return { ...v, x: 9 };", "const [{ x } = { x: 'd' }] = v; return x;")} }}");
        Drive(f, $"{f}({_choice.Pick("{ x: i, y: 2, z: 3 }", "[i, 2, 3]", "{ x: { y: i } }", "[{ x: i }]")})", Some($"{f}({{ x: 1 }})", $"{f}([])", $"{f}('str')", $"{f}(null)", $"{f}(undefined)", $"{f}({{ get x() {{ note('gx'); return 1; }}, get y() {{ note('gy'); return undefined; }} }})", $"{f}([, 5])", $"{f}(new Set([1, 2, 3]))", $"{f}({Odd()})", $"{f}({{ [Symbol.iterator]() {{ let n = 0; return {{ next() {{ note(n); return {{ done: n > 2, value: n++ }}; }}, return() {{ note('closed'); return {{}}; }} }}; }}, x: 1 }})"));
    }

    private void Logical()
    {
        string f = Name("f");
        Line($"function {f}(a, b) {{ {_choice.Pick("return a && b || 'n';", "return a ?? b;", "a ||= b; return a;", "a &&= b; return a;", "a ??= b; return [a, b];", "return !!a === !b;", "if (a || b) return 1; return 0;", "return a ? b ? 'ab' : 'a' : b ? 'b' : '';", "let n = 0; while (a && n < 3) { n++; a = b; } return n;", "return (a, b);", "return void a === b;", "return a?.x?.y ?? b;")} }}");
        Drive(f, $"{f}({_choice.Pick("i, 1", "i & 1, i & 2", "true, false", "'', 'x'", "{ x: { y: i } }, 2")})", Some($"{f}(NaN, 0)", $"{f}(-0, null)", $"{f}('', undefined)", $"{f}(0n, 1n)", $"{f}({Odd()}, {Odd()})", $"{f}({Odd()}, {Odd()})", $"{f}({{ x: null }}, 'd')"));
    }

    private void Evaluation()
    {
        string f = Name("f");
        Line($"function {f}(x, code) {{ var local = x; let block = 2; {_choice.Pick("const r = eval(code); return [r, local, block, x];", "return (0, eval)('1 + 1') + x;", "return new Function('a', 'return a + 1')(x);", "return eval('local') + eval('x');", "const g = () => eval(code); return [g(), local];")} }}");
        Drive(f, $"{f}(i, {_choice.Pick("'local + block'", "'x = local + 1'", "'1'")})", Some($"{f}(1, 'local = 5')", $"{f}(1, 'var fresh = 3; fresh')", $"{f}(1, 'throw new RangeError()')", $"{f}(1, 'syntax error here')", $"{f}('s', 'typeof local')", $"{f}(1, '(function () {{ return block++; }})()')", $"{f}({Odd()}, 'block')"));
    }
}
