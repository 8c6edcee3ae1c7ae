namespace Segno.Differential.Generation;

/// <summary>Scenes about elements, strings and collections.</summary>
internal sealed partial class ProgramGenerator
{
    private string SomeArray() => _choice.Pick("[1, 2, 3]", "[1, 2, i]", "[0.5, 1.5, 2.5]", "['a', 'b', 'c']", "[1, , 3]", "[1.5, , 3]", "[{ x: 1 }, { x: 2 }]", "[]", "[1, 'a', null]", "[-0, NaN, 1]");

    private string Array() => SomeArray().Replace("i]", "4]", StringComparison.Ordinal);

    private void ArraySum()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(a, n) {
            let s = {{_choice.Pick("0", "''", "0.5")}};
            for (let i = 0; i < {{_choice.Pick("a.length", "n", "a.length + 1")}} && i < 50; i++) {
            {{_choice.Pick("s += a[i];", "s = s + a[i] * 2;", "if (a[i] > 1) s++; else s--;", "s = a[i] === undefined ? 'u' : a[i];", "if (i in a) s += a[i];", "s += typeof a[i];", "s += a[a.length - 1 - i];")}}
            {{_choice.Pick("", "if (i === n) a.push(9);", "if (i === n) a.length = 1;", "if (i === n) a[i] = 'changed';", "if (i === n) a[i + 1] = 1.5;", "if (i === n) a.pop();")}}
            {{_choice.Pick("", "if (typeof s === 'string') s = cut(s);")}}
            }
            return s;
            }
            """);
        Drive(f, $"{f}({SomeArray()}, {_choice.Pick("3", "5", "2")})", Some(
            $"{f}({Array()}, 2)",
            $"{f}({Array()}, 1)",
            $"{f}({Array()}, 4)",
            $"{f}('text', 4)",
            $"{f}({{ length: 2, 0: 5, 1: 6 }}, 2)",
            $"{f}(null, 2)",
            $"Array.prototype[1] = 'hole'; log({f}([1, , 3], 3)); log({f}([1.5, , 3.5], 1)); delete Array.prototype[1];",
            $"Object.prototype[2] = 'deep'; log({f}([1], 3)); delete Object.prototype[2];",
            $"const big = [1, 2]; big[5000] = 3; log({f}(big, 3));",
            $"{f}(Object.freeze([1, 2]), 1)",
            $"{f}({Odd()}, 2)"));
    }

    /// <summary>Objects that nobody else sees are held by arrays that nobody else sees, come out under other names, and are changed under all of them.</summary>
    private void Held()
    {
        string f = Name("f");
        string use = Name("use");
        string leak = Name("leak");
        string[] steps =
        [
            "a.push(o);", "a.push(o, r);", "a.push({ q: v });", "a.push(v);", "a[0] = o;", "a[v & 1] = r;", "a[a.length] = o;", "b.push(a);", "b.push(o);",
            "p = a.pop();", "p = a[0];", "p = a[v & 1];", "p = a[a.length - 1];", "p = b.pop();", "if (b.length) { const h = b.pop(); if (h.push) h.push(r); else p = h; }",
            "if (p && p.q !== undefined) p.q += 2;", "o.q++;", "r.q = v;", "if (a[0] && a[0].q !== undefined) a[0].q *= 2;", "for (let i = 0; i < a.length && i < 3; i++) if (a[i] && a[i].q !== undefined) a[i].q++;",
            "while (a.length > 1) { const h = a.pop(); if (h && h.q !== undefined) h.q -= 1; }", $"{use}(a);", $"{use}(b);", $"if (v > 90) {leak}.push(o);", "a = [o, r, p];", "a = new Array(2);", "if (o === p) r.q += 7;",
        ];
        Lines($$"""
            const {{leak}} = [];
            function {{use}}(list) { if (list.length && list[0] && list[0].q !== undefined) list[0].q += 5; if ({{leak}}.length > 5) {{leak}}.length = 0; }
            {{_choice.Pick($"%NeverOptimizeFunction({use});", "")}}
            function {{f}}(v) {
            let a = {{_choice.Pick("[]", "new Array()", "[0]", "[1.5]", "['s']", "new Array(1)")}}, b = [], o = { q: 1 }, r = { q: 2 }, p;
            {{string.Join('\n', Enumerable.Range(0, _choice.Between(4, 10)).Select(_ => _choice.Pick(steps)))}}
            return o.q + ' ' + r.q + ' ' + (p && p.q) + ' ' + a.length + ' ' + b.length + ' ' + {{leak}}.length;
            }
            """);
        Drive(f, $"{f}(i)", Some($"{f}(95)", $"{f}(1.5)", $"{f}('1')", $"{f}(-1)", $"{f}(undefined)"));
    }

    /// <summary>Literals that hold each other, allocated at once, kept or not, and used behind what collects.</summary>
    private void Literals()
    {
        string f = Name("f");
        string kept = Name("kept");
        string Item(int depth) => depth == 0
            ? _choice.Pick("a", "b", "1", "0.5", "'k'", "null", "a === b")
            : _choice.Pick($"[{Item(depth - 1)}, {Item(depth - 1)}]", $"{{ x: {Item(depth - 1)}, y: {Item(depth - 1)} }}", $"[{Item(depth - 1)}, , {Item(0)}]", $"[...[{Item(0)}], {Item(depth - 1)}]", "() => a", Item(0), "new Array(a, b)", "[0.5, 1.5]");
        string use = _choice.Pick("p.x = q; q[0] = b;", "q[1] = p; p.y = a;", $"{kept}.push(p);", $"{kept}.push(q); p.late = q;", "q.push(p, a); q.length = 2;", "p.x = [p.y, q];", "");
        Lines($$"""
            var {{kept}} = [];
            function {{f}}(a, b, n) {
            const q = [{{Item(1)}}, {{Item(2)}}], p = { x: {{Item(2)}}, y: q, z: { w: {{Item(1)}} } };
            {{_choice.Pick("", $"{kept}.push(p);", $"if (n & 1) {kept}.push(q);")}}
            {{_choice.Pick("", "for (let k = 0; k < n; k++) tick = [tick | 0, k][0];", "%SimulateNewspaceFull();", "[p].forEach((o) => { o.z.w = n; });")}}
            {{use}}
            if ({{kept}}.length > 20) {{kept}}.length = 0;
            return [typeof p.x, p.y === q, q.length, p.z.w === a, typeof q[1], {{_choice.Pick("p.y[0] === q[0]", "p.z === p.z", "q[0] === b")}}];
            }
            """);
        Drive(f, $"{f}({_choice.Pick("i, i", "i, 's'", "{ i }, 0.5")}, i & 7)", Some($"{f}({Odd()}, 1, 30)", $"{f}({Number()}, {Text()}, 3)", $"{f}()", $"{kept}.length", $"{f}({kept}, {kept}, 2)"));
    }

    private void ArrayStores()
    {
        string f = Name("f");
        Line($"function {f}(a, i, v) {{ {_choice.Pick("a[i] = v;", "a[i] += v;", "a[i]++;", "a[a.length] = v;", "a.push(v);", "a.push(v, i);", "a[i] = a[i + 1] = v;", "a.unshift(v);", "a.length = i;", "a[i] = v; a.pop();", "delete a[i];")} return a; }}");
        Drive(f, $"{f}({SomeArray()}, i & 3, {_choice.Pick("i", "i + 0.5", "'s'", "-0")})", Some(
            $"{f}({Array()}, 1, 0.5)",
            $"{f}({Array()}, 1, 'str')",
            $"{f}({Array()}, 7, {Number()})",
            $"{f}({Array()}, -1, 1)",
            $"{f}({Array()}, 1.5, 1)",
            $"{f}({Array()}, '1', 1)",
            $"{f}({Array()}, 'length', 1)",
            $"{f}({Array()}, 2000, 1).length",
            $"{f}({Array()}, 1, {Odd()})",
            $"{f}(Object.freeze([1, 2]), 0, 5)",
            $"{f}(Object.preventExtensions([1, 2]), 5, 5)",
            $"{f}({{ length: 1 }}, 0, 5)",
            $"{f}('s', 0, 1)",
            $"{f}(null, 0, 1)",
            $"{f}({{ length: 1, push(v) {{ note(v); }}, unshift() {{}}, pop() {{}} }}, 3, 5)"));
    }

    private void ArrayHoles()
    {
        string f = Name("f");
        string a = Name("a");
        Line($"var {a} = [{_choice.Pick("1, , 3, , 5", "0.5, , 1.5", "'a', , 'b'", ", , ,")}];");
        Line($"function {f}(a, i) {{ return {_choice.Pick("a[i]", "a[i] + 1", "a[i] === undefined", "[a[i], i in a]", "a[i] || 'none'", "[...a][i]", "a.indexOf(undefined)", "a.includes(undefined)", "a.lastIndexOf(a[i])", "a.join('-')", "Object.keys(a).length")}; }}");
        Drive(f, $"{f}({a}, i % 5)", Some(
            $"{f}({a}, 1)",
            $"Array.prototype[1] = 'p'; log({f}({a}, 1)); delete Array.prototype[1]; log({f}({a}, 1));",
            $"{a}[1] = {_choice.Pick("2", "0.5", "'s'")}; log({f}({a}, 1));",
            $"{a}.length = 1; log({f}({a}, 1));",
            $"{a}[70] = 1; log({f}({a}, 60));",
            $"{f}({a}, -1)",
            $"{f}({a}, 0.5)",
            $"{f}({a}, {Odd()})",
            $"Object.setPrototypeOf({a}, {{ 1: 'object' }}); log({a}[1]);"));
    }

    private void Stack()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(n, v) {
            const a = {{_choice.Pick("[]", "[1]", "[0.5]", "[,]", "['s']")}};
            for (let i = 0; i < n; i++) {
            {{_choice.Pick("a.push(i);", "a.push(i, v);", "a[i] = v;", "a.unshift(i);", "a.push(a.length);")}}
            {{_choice.Pick("", "if (i % 3 === 2) note(a.pop());", "if (i === 5) a.push(v);", "if (i % 4 === 3) note(a.shift());", "if (i === 7) a.splice(1, 2, v);", "if (i === 4) a.length = 2;", "if (i === 6) a.reverse();")}}
            }
            return {{_choice.Pick("a", "a.length", "a.pop()", "a.concat(a, v)", "a.slice(1, -1)", "a.fill(v, 1, 3)", "[a.at(-1), a[a.length]]")}};
            }
            """);
        Drive(f, $"{f}(8, i)", Some($"{f}(3, 0.5)", $"{f}(9, 'v')", $"{f}(12, -0)", $"{f}(20, {Odd()})", $"{f}(0, 1)", $"{f}(100, 1).length", $"{f}(4, {{ x: 1 }})"));
    }

    private void ArrayCallbacks()
    {
        string f = Name("f");
        string method = _choice.Pick("map", "filter", "forEach", "some", "every", "find", "findIndex", "reduce", "reduceRight", "flatMap");
        string callback = _choice.Pick("x => x * 2", "(x, i) => x + i", "x => x > 1", "(x, i, all) => { if (i === k) all.length = 2; return x; }", "(x, i, all) => { if (i === k) all.push(7); return x > 2; }", "(x, i) => { if (i === k) throw new RangeError('cb'); return x; }", "function (x) { return this === undefined ? x : typeof this; }", "(x, y) => cut(String(x) + y)", "(x, i, all) => { if (i === k) all[i + 1] = 'late'; return x; }", "x => [x, x]");
        Line($"function {f}(a, k) {{ return a.{method}({callback}); }}");
        Drive(f, $"{f}({SomeArray()}, 9)", Some(
            $"{f}({Array()}, 0)",
            $"{f}({Array()}, 1)",
            $"{f}({Array()}, 9)",
            $"{f}([], 0)",
            $"{f}([1, , 3], 1)",
            $"{f}([0.5, 1.5, 2.5, 3.5], 1)",
            $"{f}({{ length: 2, 0: 1, 1: 2, {method}: Array.prototype.{method} }}, 1)",
            $"{f}('abc', 1)",
            $"Array.prototype[1] = 5; log({f}([1, , 3], 7)); delete Array.prototype[1];"));
    }

    private void ArrayLike()
    {
        string f = Name("f");
        Line($"function {f}(a, i) {{ return {_choice.Pick("a[i] + a.length", "a.length", "Array.from(a)", "Array.prototype.slice.call(a, i)", "[...a]", "Array.isArray(a) ? a[i] : typeof a", "Array.prototype.indexOf.call(a, i)", "a.concat ? a.concat(i) : 0")}; }}");
        Drive(f, $"{f}({_choice.Pick("[1, 2, 3]", "'string'", "{ length: 3, 0: 1, 1: 2 }")}, i & 1)", Some(
            $"{f}('text', 2)",
            $"{f}([1.5, 2], 1)",
            $"{f}({{ length: 2, 0: 'o' }}, 0)",
            $"(function () {{ return {f}(arguments, 1); }})(1, 2, 3)",
            $"{f}(new String('ab'), 1)",
            $"{f}({{ get length() {{ note('len'); return 1; }} }}, 0)",
            $"{f}(new Set([3, 4]), 0)",
            $"{f}(5, 1)",
            $"{f}(null, 1)"));
    }

    private void Sorting()
    {
        string f = Name("f");
        // A comparison that contradicts itself leaves the order to the engine, so numbers are compared with numbers only.
        bool numeric = _choice.OneIn(2);
        string comparison = numeric
            ? _choice.Pick("(x, y) => x - y", "(x, y) => y - x", "(x, y) => x < y ? -1 : x > y ? 1 : 0")
            : _choice.Pick("", "(x, y) => String(x).length - String(y).length", "() => 0");
        Line($"function {f}(a) {{ return a.sort({comparison}); }}");
        string[] surprises = [$"{f}([3.5, -0, 0, 1])", $"{f}([3, , 1, undefined, 2])", $"{f}([5, 4, 3, 2, 1, 0, 9, 8, 7, 6, 11, 15, 14, 13, 12])", $"{f}(Object.freeze([2, 1]))", $"{f}([])"];
        if (!numeric)
        {
            surprises = [.. surprises, $"{f}(['b', 'a', 'c', 'aa'])", $"{f}([10, 9, 1, 100, NaN])", $"{f}([true, 'x', null, 2, {{}}])", $"{f}({Odd()})"];
        }

        Drive(f, $"{f}([3, i, 1, 2])", Some(surprises));
    }

    private void Collections()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(c, k) {
            {{_choice.Pick("c.set(k, k); return c.get(k);", "c.set(k, (c.get(k) | 0) + 1); return c.size;", "c.delete(k); c.set(k, 1); return [...c.keys()].slice(0, 5);", "let s = ''; for (const [a, b] of c) { s = cut(s + String(a)); if (a === k) c.delete(k); } return s;", "let n = 0; c.forEach((v, key) => { n++; if (n < 9) c.set('x' + n, n); }); return n;", "return c.has(k) ? c.get(k) : c.set(k, k).size;")}}
            }
            """);
        string m = Name("m");
        Line($"var {m} = new Map([[1, 'one'], ['two', 2]]);");
        Drive(f, $"{f}({m}, i & 7)", Some($"{f}({m}, -0)", $"{f}({m}, NaN)", $"{f}({m}, 'two')", $"{f}(new Map(), {Odd()})", $"{f}({m}, 1.5)", $"{f}(new Set([1]), 1)", $"{f}({{ get() {{ return 'fake'; }}, set() {{ return this; }}, has() {{ return true; }}, delete() {{}}, keys() {{ return [1]; }}, size: 3 }}, 1)", $"log([...{m}].slice(0, 6));"));
    }

    private void Strings()
    {
        string f = Name("f");
        Line($"function {f}(s, i) {{ return {_choice.Pick("s[i]", "s.charCodeAt(i)", "s.charAt(i)", "s.length", "s.slice(i)", "s.substring(i, 1)", "s + i", "s === 'ab' + i", "s < 'b'", "s.indexOf('b', i)", "s.at(i)", "s.codePointAt(i)", "s.split('').reverse().join('')", "s.toUpperCase() + s.trim()", "s.padStart(i, '*')", "s.repeat(i & 3)", "s.startsWith('a') || s.endsWith('c')", "s.replace('b', '$&$&')", "s == i", "[...s].length", "s.concat(i, s)", "s.localeCompare === undefined ? 0 : s.lastIndexOf('b')")}; }}");
        Drive(f, $"{f}({_choice.Pick("'abc'", "'ab' + i", "'' + i", "'a\\u0100'")}, i & 3)", Some(
            $"{f}('\\u{{1F600}}b', 1)",
            $"{f}('', 0)",
            $"{f}('abc', -1)",
            $"{f}('abc', 99)",
            $"{f}('abc', 1.7)",
            $"{f}('abc', {Odd()})",
            $"{f}('abcdefghijklmnop' + 'qrstuvwxyz', 20)",
            $"{f}(new String('abc'), 1)",
            $"{f}({Odd()}, 1)",
            $"{f}(12345, 1)",
            $"{f}(null, 1)"));
    }

    private void StringBuilding()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(n, v) {
            let s = '', h = 0;
            for (let i = 0; i < n; i++) {
            {{_choice.Pick("s += v;", "s = v + s;", "s += String.fromCharCode(97 + (i & 15));", "s = `${s}${v}`;", "s += i;", "s += s.length ? s[s.length - 1] : v;")}}
            {{_choice.Pick("h = (h * 31 + s.charCodeAt(i)) | 0;", "if (s === v) h++;", "if (s.length > 30) s = s.slice(5);", "h += s.length;", "if (s > 'm') h--;")}}
            s = cut(s);
            }
            return {{_choice.Pick("s + h", "[s, h]", "s.length + h", "s.slice(-5) + h")}};
            }
            """);
        Drive(f, $"{f}(10, {_choice.Pick("'ab'", "i", "'\\u0100'")})", Some($"{f}(50, 'xyz')", $"{f}(5, '\\u{{1F600}}')", $"{f}(20, 1.5)", $"{f}(3, {Odd()})", $"{f}(30, 'longer than thirteen characters')"));
    }
}
