namespace Segno.Differential.Generation;

/// <summary>Scenes about properties, shapes and prototypes.</summary>
internal sealed partial class ProgramGenerator
{
    private void Loads()
    {
        string f = Name("f");
        Line($"function {f}(o) {{ return {_choice.Pick("o.x", "o.x + o.y", "o.x.y", "[o.x, o.y]", "o['x']", "o.x === undefined ? 'u' : o.x", "o?.x", "(o.x, o.y, o.x)", "typeof o.x")}; }}");
        string shape = _choice.Pick("{ x: i, y: 1 }", "{ x: i + 0.5, y: 'y' }", "{ a: 0, x: { y: i }, y: 2 }", "{ x: i }");
        Drive(f, $"{f}({shape})", Some(
            $"{f}({{ y: 1, x: 2 }})",
            $"{f}({{ x: 'text', y: null }})",
            $"{f}({{ z: 1, y: 3, x: {{ y: 4 }} }})",
            $"{f}(Object.create({{ x: 5, y: 6 }}))",
            $"{f}({{ get x() {{ note('get'); return 9; }}, y: 8 }})",
            $"{f}({{}})",
            $"{f}(null)",
            $"{f}(undefined)",
            $"{f}('string')",
            $"{f}(5)",
            $"{f}([1, 2])",
            $"{f}(Object.freeze({{ x: 1, y: 2 }}))",
            $"for (let i = 0; i < 12; i++) {{ const o = {{}}; o['p' + i] = i; o.x = i; o.y = i * 2; note({f}(o)); }}",
            $"Object.prototype.x = 'proto'; log({f}({{ y: 1 }})); log({f}(1)); delete Object.prototype.x; log({f}({{ y: 1 }}));"));
    }

    private void Stores()
    {
        string f = Name("f");
        string o = Name("o");
        Line($"var {o} = {{ x: 1, y: 2 }};");
        Line($"function {f}(o, v) {{ {_choice.Pick("o.x = v;", "o.x += v;", "o.x = o.y = v;", "o.x++;", "o['x'] = v;", "o.fresh = v;", "o.x = v; o.y = o.x;", "o.x ??= v;", "o.n1 = v; o.n2 = v; o.n3 = v;")} return o; }}");
        Drive(f, $"{f}({_choice.Pick(o, "{ x: i, y: 1 }", "{ y: 1 }", "{}")}, {_choice.Pick("i", "i + 0.5", "'s'", o)}) === {o}", Some(
            $"{f}({o}, 1.5)",
            $"{f}({o}, 'text')",
            $"{f}({o}, {Odd()})",
            $"{f}({{ set x(v) {{ note(v); }}, get x() {{ return 1; }} }}, 3)",
            $"{f}({{ get x() {{ return 1; }} }}, 3)",
            $"{f}(Object.freeze({{ x: 1, y: 2 }}), 5)",
            $"{f}(Object.preventExtensions({{ x: 1 }}), 6)",
            $"{f}(Object.create({{ set x(v) {{ note('inherited'); }} }}), 7)",
            $"{f}(Object.create(Object.freeze({{ x: 1 }})), 8)",
            $"{f}(null, 1)",
            $"{f}('s', 1)",
            $"{f}([], 1)",
            $"Object.defineProperty({o}, 'x', {{ value: 1, writable: {_choice.Pick("true", "false")}, configurable: true, enumerable: false }}); try {{ log({f}({o}, 9)); }} catch (e) {{ log(e); }} Object.defineProperty({o}, 'x', {{ value: 1, writable: true, enumerable: true }});",
            $"log({o});"));
    }

    private void PrototypeChange()
    {
        string k = Name("K");
        string f = Name("f");
        Lines($$"""
            function {{k}}(x) { this.x = x; }
            {{k}}.prototype.m = function (y) { return this.x + y; };
            {{k}}.prototype.p = 1;
            function {{f}}(o, n) { return {{_choice.Pick("o.m(n)", "o.m(n) + o.p", "o.p + n", "o.m(o.p)", "'p' in o ? o.p : n")}}; }
            var o{{k}} = new {{k}}(3);
            """);
        Drive(f, $"{f}(o{k}, i)", Some(
            $"{k}.prototype.m = function (y) {{ return this.x - y; }}; log({f}(o{k}, 1));",
            $"{k}.prototype.p = {_choice.Pick("2", "0.5", "'pp'", "null")}; log({f}(o{k}, 1));",
            $"o{k}.m = function () {{ return 'own'; }}; log({f}(o{k}, 1)); delete o{k}.m; log({f}(o{k}, 1));",
            $"Object.setPrototypeOf(o{k}, {{ m(y) {{ return 'other' + y; }}, p: 7 }}); log({f}(o{k}, 2));",
            $"Object.defineProperty({k}.prototype, 'p', {{ get() {{ note('getter'); return this.x; }}, configurable: true }}); log({f}(o{k}, 2));",
            $"delete {k}.prototype.p; try {{ log({f}(o{k}, 3)); }} catch (e) {{ log(e); }}",
            $"Object.prototype.p = 'deep'; log({f}({{ m() {{ return 1; }} }}, 1)); delete Object.prototype.p;",
            $"{k}.prototype = {{ m() {{ return 'new'; }} }}; log({f}(new {k}(1), 1)); log(o{k} instanceof {k});",
            $"{f}({{ m: 5 }}, 1)",
            $"{f}(null, 1)"));
    }

    private void Accessors()
    {
        string o = Name("o");
        string f = Name("f");
        Lines($$"""
            var {{o}} = {
            n: 0,
            get x() { this.n++; {{_choice.Pick("this.y = this.n;", "note('x');", "if (this.n === 30) this.y = 's';", "if (this.n % 50 === 0) throw new RangeError('g');", $"{o}.z = this.n;")}} return this.n; },
            set x(v) { this.y = v; },
            y: 1,
            };
            function {{f}}(o, i) { {{_choice.Pick("return o.y + o.x + o.y;", "o.x = i; return o.y;", "o.x += i; return o.y;", "return [o.x, o.y, o.x];", "return o.x++ + o.y;", "const a = o.y, b = o.x; return a === o.y ? b : a;")}} }
            """);
        Drive(f, $"{f}({o}, i)", Some(
            $"Object.defineProperty({o}, 'x', {{ value: 5, writable: true, configurable: true, enumerable: true }}); log({f}({o}, 2));",
            $"Object.defineProperty({o}, 'x', {{ get() {{ return 'swapped'; }}, configurable: true }}); try {{ log({f}({o}, 2)); }} catch (e) {{ log(e); }}",
            $"{f}({{ x: 1, y: 2 }}, 3)",
            $"{f}(Object.create({o}), 3)",
            $"delete {o}.x; log({f}({o}, 1));",
            $"log({o}.n);"));
    }

    private void Classes()
    {
        string a = Name("A");
        string f = Name("f");
        Lines($$"""
            class {{a}} {
            constructor(x) { this.x = x; {{_choice.Pick("", "if (x > 30) this.extra = x;", "this.self = this;", "if (x === 'bad') throw new TypeError('bad');")}} }
            get double() { return this.x * 2; }
            m(y) { return this.x + y; }
            static make(x) { return new this(x); }
            }
            class B{{a}} extends {{a}} {
            {{_choice.Pick("field = 1;", "")}}
            constructor(x) { {{_choice.Pick("super(x);", "super(x + 1); this.b = x;", "if (x < 0) return { x: 'returned', m() { return 1; } }; super(x);", "const g = () => super(x); g();")}} }
            m(y) { return {{_choice.Pick("super.m(y) + 1", "super.m(super.m(y))", "super.double + y")}}; }
            }
            function {{f}}(k, x) { const o = {{_choice.Pick("new k(x)", "k.make(x)", "new k(x, x)")}}; return {{_choice.Pick("o.m(1)", "o.double", "o.m(o.x)", "o instanceof " + a, "[o.x, o.m(2)]")}}; }
            """);
        string first = _choice.Pick(a, "B" + a);
        Drive(f, $"{f}({first}, i)", Some(
            $"{f}({a}, 0.5)",
            $"{f}(B{a}, 7)",
            $"{f}(B{a}, -1)",
            $"{f}({a}, 'bad')",
            $"{f}({a}, 31)",
            $"{f}(B{a}, {Odd()})",
            $"{a}.prototype.m = function () {{ return 'patched'; }}; log({f}(B{a}, 1));",
            $"Object.setPrototypeOf(B{a}, class {{ constructor() {{ this.x = 'swapped'; }} static make(x) {{ return new this(x); }} }}); try {{ log({f}(B{a}, 1)); }} catch (e) {{ log(e); }}",
            $"{a}(1)",
            $"{f}(function (x) {{ this.x = x; this.m = function () {{ return 'fn'; }}; }}, 1)"));
    }

    private void Constructors()
    {
        string k = Name("K");
        string f = Name("f");
        Lines($$"""
            function {{k}}(a, b) {
            this.a = a;
            if ({{_choice.Pick("a & 1", "a > 20", "typeof a === 'string'", "b")}}) this.b = b; else this.c = b;
            {{_choice.Pick("this.d = new.target === " + k + ";", "", "if (a === 25) return { odd: 1 };", "if (b === 'stop') throw b;", "this.e = arguments.length;")}}
            }
            function {{f}}(a, b) { const o = {{_choice.Pick($"new {k}(a, b)", $"new {k}(a)", $"Reflect.construct({k}, [a, b])", $"new {k}(...[a, b])")}}; return o.a + {{_choice.Pick("o.b", "o.c", "(o.d ? 1 : 2)", "o.a")}}; }
            """);
        Drive(f, $"{f}(i, {_choice.Pick("1", "i", "0.5", "undefined")})", Some(
            $"{f}(1.5, 2)",
            $"{f}('s', 'stop')",
            $"{f}({Odd()}, {Odd()})",
            $"{f}(25, 1)",
            $"new {k}(1, 2)",
            $"{k}.prototype = {{ a: 'inherited', b: 3 }}; log({f}(2, 1)); log(new {k}(1, 2));",
            $"Object.defineProperty({k}.prototype, 'a', {{ set(v) {{ note('set'); }}, get() {{ return 'acc'; }}, configurable: true }}); log({f}(2, 1)); delete {k}.prototype.a;",
            $"try {{ log({k}.call({{}}, 1, 2)); }} catch (e) {{ log(e); }}"));
    }

    private void Escapes()
    {
        string f = Name("f");
        string kept = Name("kept");
        Line($"var {kept} = null;");
        Line($"function {f}(a, b, escape) {{");
        Line($"const p = {{ x: a, y: b{_choice.Pick("", ", q: { z: a }", ", l: [a, b]")} }};");
        if (_choice.OneIn(2))
        {
            Line(_choice.Pick("p.self = p;", "const r = { p, n: 1 }; p.r = r;", "p.x = p.y;", "const c = () => p.x; p.y = c();", "p.late = b;"));
        }

        Line("let s = 0;");
        Line($"for (let i = 0; i < {_choice.Between(2, 5)}; i++) {{");
        Line($"const t = {_choice.Pick("{ x: p.x + i, y: i }", "[p.x, i]", "{ p, i }", "{ x: i, get y() { return this.x; } }")};");
        Line(_choice.Pick("s += (t.x || t[0] || t.i) | 0;", "p.x = t.x === undefined ? p.x : t.x; s++;", "if (t.y === 1) s += 0.5; else s += 1;", "s += Object.keys(t).length;"));
        Line($"if (escape === i) {{ {kept} = {_choice.Pick("t", "p", "{ t, p }", "() => t")}; {_choice.Pick("", "t.x = 'seen';", "p.x = 1.5;", "%DeoptimizeNow();")} }}");
        Line("}");
        Line(_choice.Pick("return p.x + p.y + s;", "return [p.x, s, p === p, p.y];", "if (escape > 5) return p; return s;", $"return {kept} === p ? 'same' : s;"));
        Line("}");
        Drive(f, $"{f}(i, 2, -1)", Some(
            $"{f}(1, 2, 0)",
            $"{kept}",
            $"{f}(1.5, 2, 1)",
            $"typeof {kept} === 'function' ? {kept}() : {kept}",
            $"{f}('a', 'b', 1)",
            $"{f}(1, 2, 9)",
            $"{f}({Odd()}, {Odd()}, 1)",
            $"{kept} && {kept}.x"));
    }

    private void ForIn()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(o, drop) {
            let s = '', n = 0;
            for ({{_choice.Pick("const", "var", "let")}} k in o) {
            if (++n > 12) break;
            s = cut(s + k{{_choice.Pick("", " + o[k]", " + typeof o[k]")}});
            {{_choice.Pick("if (k === drop) delete o.c;", "if (k === drop) o.added = 1;", "if (k === drop) continue;", "o[k] = n;", "if (k === drop) Object.defineProperty(o, 'c', { enumerable: false });")}}
            }
            return s;
            }
            """);
        Drive(f, $"{f}({_choice.Pick("{ a: 1, b: i, c: 3 }", "[1, 2, i]", "Object.create({ b: 1, a: 2 }, { c: { value: 1, enumerable: true } })")}, 'z')", Some(
            $"{f}({{ a: 1, b: 2, c: 3 }}, 'a')",
            $"{f}({{ a: 1, b: 2, c: 3 }}, 'b')",
            $"{f}([5, , 7], '0')",
            $"{f}({{ 3: 1, 1: 2, x: 3, 2: 4, c: 5 }}, 'x')",
            $"{f}('str', 'a')",
            $"{f}(null, 'a')",
            $"{f}(Object.create({{ a: 1, c: 2 }}, {{ a: {{ value: 3, enumerable: false }} }}), 'a')",
            $"{f}(Object.assign(Object.create(null), {{ a: 1, c: 2 }}), 'a')",
            $"Object.prototype.extra = 1; log({f}({{ a: 1 }}, 'q')); delete Object.prototype.extra;"));
    }

    private void Globals()
    {
        string g = Name("g");
        string f = Name("f");
        Line($"{_choice.Pick("var", "let")} {g} = {_choice.Pick("1", "0.5", "'g'", "{ x: 1 }", "function () { return 1; }")};");
        Line($"function {f}(i) {{ return {_choice.Pick($"{g}", $"{g} + i", $"typeof {g}", $"(typeof {g} === 'function' ? {g}() : {g}) + i", $"{g} === i")}; }}");
        Line($"function set{g}(v) {{ {g} = v; }}");
        Drive(f, $"{f}(i)", Some(
            $"set{g}({Int()}); log({f}(1));",
            $"set{g}({Number()}); log({f}(1));",
            $"set{g}({Text()}); log({f}(1));",
            $"set{g}({Odd()}); try {{ log({f}(1)); }} catch (e) {{ log(e); }}",
            $"for (let i = 0; i < 10; i++) {{ {g} = i; note({f}(i)); }}",
            $"missing{g}",
            $"typeof missing{g}",
            $"later{g} = 1; log(later{g}); log(delete globalThis.later{g}); log(typeof later{g});",
            $"Object.defineProperty(globalThis, 'prop{g}', {{ get() {{ return 'dynamic'; }}, configurable: true }}); log(prop{g});"));
    }

    /// <summary>Fields of objects that nobody changes are constants of optimized code, until somebody changes them, below a call or between two.</summary>
    private void Namespaces()
    {
        string n = Name("N");
        string f = Name("f");
        string act = Name("act");
        string Change() => _choice.Pick(
            $"{n}.k = {Number()};", $"{n}.k = {Text()};", $"{n}.inner.z = {Odd()};", $"{n}.f = (x) => [x];", $"{n}.late = 1;", $"delete {n}.k;", $"{n}.inner = {{ z: {Int()} }};",
            $"Object.defineProperty({n}, 'k', {{ get() {{ return 'got'; }}, configurable: true }});", $"Object.freeze({n}); {n}.k = 3;", $"{n}.k++;", $"{n}.inner.late = 2; {n}.inner.z = 3;",
            $"Object.setPrototypeOf({n}, {{ k: 'p' }}); delete {n}.k;");
        string Read() => _choice.Pick($"{n}.k", $"{n}.inner.z", $"{n}.f(i)", $"{n}.k + {n}.inner.z", $"{n}.inner", $"{n}.missing");
        Line(_choice.Pick(
            $"var {n} = {{ k: {Int()}, f: (x) => x + 1, inner: {{ z: {Number()} }} }};",
            $"const {n} = {{ k: {Text()}, f(x) {{ return this.k + x; }}, inner: {{ z: [1] }} }};",
            $"class {n} {{ static k = 1; static f(x) {{ return {n}.k * x; }} static inner = {{ z: 2 }}; }}",
            $"function {n}() {{}} {n}.k = {Number()}; {n}.f = function (x) {{ return -x; }}; {n}.inner = {{ z: 'inner' }};"));
        Lines($$"""
            function {{act}}(k) {
            if (k === 50) { {{Change()}} }
            else if (k === 51) { {{Change()}} {{Change()}} }
            return k;
            }
            {{_choice.Pick($"%NeverOptimizeFunction({act});", "")}}
            function {{f}}(i, k) {
            const before = {{Read()}};
            {{_choice.Pick($"{act}(k);", $"for (let j = 0; j < 2; j++) {act}(k);", $"const o = {{ before }}; {act}(k);")}}
            return [before, {{Read()}}, {{Read()}}];
            }
            """);
        string call = $"{f}(i, i & 15)";
        foreach (int k in (ReadOnlySpan<int>)[50, 51])
        {
            Relearn(f, call);
            Log($"((i) => {f}(i, {k}))(7)");
        }

        Drive(f, call, $"{f}(3, 50)", $"{Change()}", $"{f}(4, 1)", $"{Change()}", $"{f}(5, 51)");
    }

    private void DictionaryMode()
    {
        string o = Name("o");
        string f = Name("f");
        Lines($$"""
            var {{o}} = { a: 1, b: 2, x: 3 };
            {{_choice.Pick($"delete {o}.a;", $"for (let i = 0; i < 150; i++) {o}['k' + i] = i;", $"%OptimizeObjectForAddingMultipleProperties({o}, 100);", $"Object.setPrototypeOf({o}, null);")}}
            function {{f}}(o, k) { return {{_choice.Pick("o.x", "o[k]", "o.x = o[k]", "k in o", "delete o[k]", "o.hasOwnProperty ? o.hasOwnProperty(k) : 'none'", "(o[k] = k, o[k])")}}; }
            """);
        Drive(f, $"{f}({o}, {_choice.Pick("'x'", "'k' + i", "'n' + (i & 7)", "'b'")})", Some(
            $"%ToFastProperties({o}); log({f}({o}, 'x'));",
            $"{f}({o}, 'missing')",
            $"{f}({{ x: 'fast' }}, 'x')",
            $"delete {o}.x; log({f}({o}, 'x'));",
            $"{o}.x = 0.5; log({f}({o}, 'x'));",
            $"{f}({o}, 5)",
            $"{f}({o}, Symbol.iterator)",
            $"log(Object.keys({o}).length);"));
    }

    private void PropertyOrder()
    {
        string f = Name("f");
        string t = Name("t");
        string trace = Name("trace");
        string expression = _choice.Pick(
            $"{t}(o).x + {t}(a)",
            $"o[{t}('x')] = {t}(a)",
            $"o[{t}('x')] += {t}(a)",
            $"[{t}(1), {t}(a), ...[{t}(2)]].length",
            $"({{ [{t}('k')]: {t}(a), x: {t}(3) }}).x",
            $"({t}(o).x, {t}(a) || {t}(2))",
            $"{t}(a) && {t}(o)",
            $"o?.[{t}('x')]",
            $"Math.max({t}(a), {t}(3))",
            $"{t}(o)[{t}('x')](...{t}([a]))");
        Line($"var {trace} = '';");
        Line($"function {t}(v) {{ {trace} = cut({trace} + typeof v + (typeof v === 'object' ? '' : String(v))); return v; }}");
        Line($"function {f}(o, a) {{ return {expression}; }}");
        Drive(f, $"{f}({{ x: 1 }}, i)", Some($"{f}(null, 1)", $"{f}({{ get x() {{ return 5; }} }}, 2)", $"{f}({{ x: 's' }}, {Odd()})", $"{f}({{ x(a) {{ return a; }} }}, 3)", $"{f}({Odd()}, 1)", trace));
    }
}
