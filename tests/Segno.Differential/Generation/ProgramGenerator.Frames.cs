namespace Segno.Differential.Generation;

/// <summary>
/// Scenes about leaving optimized code: chains of inlined functions whose frames hold values in every representation and objects that
/// nobody else sees, left at every sort of guard, behind calls whose callee marks the code, and by exceptions. Each function tells what
/// its locals are worth at its end, so that a value lost on the way shows.
/// </summary>
internal sealed partial class ProgramGenerator
{
    /// <summary>An expression of <c>v</c> that speculates, a value that it learns with, and values that it was not made for.</summary>
    private readonly record struct Trap(string Expression, string Stable, string[] Surprises);

    private static readonly Trap[] Traps =
    [
        new("v + 1", "i", ["1.5", "'t'", "2147483647"]),
        new("v - 1", "i", ["-2147483648", "0.5", "null"]),
        new("1 - v", "i", ["-2147483648", "-2147483647", "'7'"]),
        new("v * 3", "i + 1", ["1073741824", "2.5", "-1073741824"]),
        new("v * -2", "i + 1", ["0", "2147483647"]),
        new("-v", "i + 1", ["0", "-2147483648", "'3'"]),
        new("v % 3", "i + 1", ["-3", "-4", "1.5"]),
        new("5 % v", "i + 1", ["0", "-1", "0.5"]),
        new("v * 0.5", "i + 0.5", ["'4'", "undefined", "{ valueOf() { note('trap'); return 3; } }"]),
        new("v / 3 - v", "i + 0.5", ["'12'", "null"]),
        new("tab[v * 0.5]", "2", ["1", "7", "-2", "'2'"]),
        new("tab[v]", "i & 1", ["3", "-1", "1.5", "'length'"]),
        new("dtab[v]", "0", ["1", "2", "9"]),
        new("htab[v]", "0", ["1", "2", "9"]),
        new("(tab[v] = 5, tab.length)", "i & 1", ["4", "-1", "'x'"]),
        new("v.x", "{ x: i, y: 1 }", ["{ y: 1, x: 2 }", "7", "null", "{ get x() { note('gx'); return 4; } }"]),
        new("(v.x = 9, v.y)", "{ x: i, y: 1 }", ["{ y: 1, x: 2 }", "'s'", "Object.freeze({ x: 1, y: 2 })"]),
        new("v === tab", "tab", ["dtab", "5", "null", "'tab'"]),
        new("v(3)", "one", ["two", "null", "(q) => q * 2", "Math.abs"]),
        new("v < 5", "i", ["0.5", "'4'", "NaN"]),
        new("v <= 2.5", "i + 0.5", ["'2'", "undefined"]),
        new("(v > 90 ? { k: v }.k + v : 2)", "i", ["95", "99.5"]),
        new("v | 0", "i", ["1.5", "'6'", "4294967296"]),
        new("v >>> 1", "i", ["-1", "2.5", "'8'"]),
        new("~v", "i", ["0.5", "'1'"]),
        new("v++", "i", ["2147483647", "1.5", "'1'"]),
    ];

    private static readonly string[] Strikes =
    [
        "%DeoptimizeFunction(TARGET);", "PROTO.prototype.m = function () { return hits; };", "GLOBAL = hits;", "POINT.prototype = { late: hits };",
        "throw new RangeError('strike');", "throw { x: hits };", "%DeoptimizeFunction(TARGET); throw 'both';", "PROTO.prototype.other = hits;",
    ];

    /// <remarks>The strike is a call or inlined.</remarks>
    private void Frames()
    {
        string p = Name("w");
        Trap trap = _choice.Pick(Traps);
        Lines($$"""
            var tab = [1, 2, 3], dtab = [0.5, , 2.5], htab = ['h', , 'j'], one = (q) => q + 1, two = (q) => q + 2, hits = 0, armed{{p}} = 0, {{p}}global = 4;
            class {{p}}Base { m() { return 1; } }
            class {{p}}Sub extends {{p}}Base { }
            var {{p}}sub = new {{p}}Sub();
            function {{p}}pick(k) { 'use strict'; const o = arguments[k]; if (o && o.q !== undefined) o.q = o.q + 3; return k; }
            function {{p}}poke(h) { if (h.x) h.x.q = h.x.q + 1; }
            %NeverOptimizeFunction({{p}}poke);
            function {{p}}Pt(x, y) { this.x = x; this.y = y; }
            """);
        string strike = p + "strike";
        string last = p + "f";
        string[] strikes = [.. Enumerable.Range(0, 2).Select(_ => _choice.Pick(Strikes).Replace("TARGET", last, StringComparison.Ordinal).Replace("PROTO", p + "Base", StringComparison.Ordinal)
            .Replace("GLOBAL", p + "global", StringComparison.Ordinal).Replace("POINT", p + "Pt", StringComparison.Ordinal))];
        Lines($$"""
            function {{strike}}(v) {
            if (armed{{p}} > 0 && --armed{{p}} === 0) {
            hits++;
            if (hits & 1) {
            {{strikes[0]}}
            }
            else {
            {{strikes[1]}}
            }
            }
            return 7;
            }
            {{_choice.Pick($"%NeverOptimizeFunction({strike});", $"%NeverOptimizeFunction({strike});", "")}}
            """);
        int depth = _choice.Between(0, 3);
        string callee = "";
        for (int i = 0; i <= depth; i++)
        {
            string name = i == depth ? last : $"{p}g{i}";
            FrameFunction(name, callee, callee.Length == 0 || _choice.OneIn(4) ? trap.Expression : "0", strike, p);
            callee = name;
        }

        string call = $"{last}(i, {trap.Stable})";
        string[] surprises = Some([.. trap.Surprises.Select(s => $"{last}(1, {s})")]);
        foreach (string surprise in surprises)
        {
            Relearn(last, call);
            Log(surprise);
        }

        for (int i = _choice.Between(1, 3); i > 0; i--)
        {
            Relearn(last, call);
            Line($"armed{p} = {_choice.Between(1, 4)};");
            Log($"((i) => {call})(2)");
            Line($"armed{p} = 0;");
        }

        Drive(last, call, surprises);
    }

    /// <summary>A callee changes the shape of an object between two accesses to it: what was known before the call is not known behind it.</summary>
    private void Meanwhile()
    {
        string f = Name("f");
        string act = Name("act");
        bool isArray = _choice.OneIn(3);
        string[] acts = isArray
            ? ["o[0] = 'text';", "o[0] = 0.5;", "o.length = 0;", "o[5000] = 1;", "delete o[0];", "Object.freeze(o);", "o.pop(); o.unshift(0.25);"]
            : ["delete o.x;", "Object.defineProperty(o, 'x', { get() { return 'got'; }, configurable: true });", "o.late = 1; o.x = 'late';", "delete o.y; o.x = 0.5;", "Object.setPrototypeOf(o, { x: 'p' }); delete o.x;", "Object.freeze(o);", "for (let i = 0; i < 60; i++) o['k' + i] = i; delete o.k3;"];
        string access = isArray ? _choice.Pick("o[0]", "o[o.length - 1]", "o.length") : _choice.Pick("o.x", "o.x + o.y", "o.y");
        string again = _choice.Pick(access, access, isArray ? "(o[0] = 3, o[0])" : "(o.x = 3, o.x)", isArray ? "o[1]" : "o.x");
        Lines($$"""
            function {{act}}(o, k) {
            if (k === 50) { {{_choice.Pick(acts)}} }
            else if (k === 51) { {{_choice.Pick(acts)}} }
            return k;
            }
            {{_choice.Pick($"%NeverOptimizeFunction({act});", "")}}
            function {{f}}(o, k) {
            const before = {{access}};
            {{_choice.Pick($"{act}(o, k);", $"for (let i = 0; i < 3; i++) {act}(o, k);", $"const r = [o].map((x) => {act}(x, k));", $"const h = {{ o }}; {act}(h.o, k);")}}
            return [before, {{again}}];
            }
            """);
        string fresh = isArray ? "[1, 2, i]" : "{ x: i, y: 1 }";
        string call = $"{f}({fresh}, i & 15)";
        foreach (int k in (ReadOnlySpan<int>)[50, 51])
        {
            Relearn(f, call);
            Log($"((i) => {f}({fresh}, {k}))(7)");
        }

        Drive(f, call, $"((i) => {f}({fresh}, 50))(3)");
    }

    /// <summary>A derived constructor that calls its superclass as often as it is told: what it initializes must not be there already.</summary>
    private void SuperCalls()
    {
        string a = Name("A");
        string f = Name("f");
        Lines($$"""
            class {{a}} { constructor(x) { this.x = x; {{_choice.Pick("", "note(x);", "this.y = { z: x };")}} } }
            class D{{a}} extends {{a}} {
            constructor(n, x) {
            {{_choice.Pick("for (let i = 0; i < n; i++) super(x);", "for (let i = 0; i < n; i++) { super(x + i); note(this.x); }", "let i = n; while (i > 0) { i--; super(x); }")}}
            {{_choice.Pick("this.n = n;", "", "if (n === 3) return { x: 'odd' };")}}
            }
            }
            function {{f}}(n, x) { const o = new D{{a}}(n, x); return {{_choice.Pick("o.x", "[o.x, o.n]", "o.x + o.n")}}; }
            """);
        Drive(f, $"{f}(1, i)", Some($"{f}(2, 5)", $"{f}(0, 5)", $"{f}(1, 0.5)", $"{f}(3, 'x')", $"D{a}(1, 2)"));
        Relearn(f, $"{f}(1, i)");
        Log($"{f}(2, 7)");
    }

    /// <summary>A function with locals of many kinds, changed in a loop or not, and a trap, a strike or a call in their midst.</summary>
    private void FrameFunction(string name, string callee, string trap, string strike, string p)
    {
        bool usesArguments = _choice.OneIn(4);
        string key = Name("k");
        Line($"function {name}(a, v) {{");
        if (usesArguments)
        {
            Line("'use strict';");
        }

        Line("let r = 0;");
        // Text does not tell minus zero from zero.
        var digest = new List<string> { "r", "(r === 0 ? 1 / r : '')" };
        var changes = new List<string>();
        int locals = _choice.Between(2, 6);
        for (int i = 0; i < locals; i++)
        {
            Local(key + i, digest, changes, usesArguments, p);
        }

        string middle = callee.Length == 0
            ? $"r = {trap};"
            : _choice.Pick($"r = {callee}(a, v);", $"r = {callee}(a, v, r);", $"r = {callee}.call(tab, a, v);", $"r = [{callee}(a, v), r];", $"r = {callee}(a + 0, v) + '';",
                usesArguments ? $"r = {callee}.apply(tab, arguments);" : $"r = {callee}(a, v);", _choice.OneIn(2) ? $"r = {callee}(a);" : $"r = {callee}(a, v);");
        string called = _choice.Pick($"r = r + {strike}(a);", $"{strike}();", $"const h = {strike}(r); r = [h, r];", "", "");
        string change = changes.Count == 0 ? "r = r;" : string.Join(' ', Enumerable.Range(0, _choice.Between(1, 3)).Select(_ => _choice.PickFrom(changes)));
        string body = _choice.OneIn(2) ? $"{change} {middle} {called}" : $"{called} {change} {middle}";
        if (callee.Length != 0 && trap != "0")
        {
            body += $" r = [r, {trap}];";
        }

        switch (_choice.Below(6))
        {
            case 0 or 1:
                Line($"for (let j = 0; j < {_choice.Between(2, 4)}; j++) {{");
                Line(body);
                Line(changes.Count == 0 ? "}" : _choice.PickFrom(changes) + " }");
                break;
            case 2:
                Line("try {");
                Line(body);
                Line("} catch (e) {");
                Line($"r = 'caught' + (e && e.name) + {_choice.PickFrom(digest)};");
                Line("}");
                break;
            case 3:
                Line("for (let j = 0; j < 3; j++) {");
                Line("try {");
                Line(body);
                Line("} finally {");
                Line(changes.Count == 0 ? "r = [r];" : _choice.PickFrom(changes));
                Line("}");
                Line("}");
                break;
            default:
                Line(body);
                break;
        }

        Line($"return {string.Join(" + ' ' + ", digest)};");
        Line("}");
    }

    /// <summary>Declares a local, adds what can be told of it, and ways to change it. Objects are told by what is in them: they stay unseen.</summary>
    private void Local(string n, List<string> digest, List<string> changes, bool usesArguments, string p)
    {
        switch (_choice.Below(usesArguments ? 21 : 20))
        {
            case 0:
                Line($"let {n} = a + 1;");
                digest.Add(n);
                changes.Add($"{n} = {n} + 2;");
                break;
            case 1:
                Line($"let {n} = a * 0.5 + 0.25;");
                digest.Add(n);
                changes.Add($"{n} = {n} * 1.5;");
                break;
            case 2 or 3:
                Line($"let {n} = (a - 50) >>> 0;");
                digest.Add(n);
                changes.Add($"{n} = ({n} - 3) >>> 0;");
                changes.Add($"{n} = ~{n} >>> 0;");
                break;
            case 4 or 5:
                Line($"let {n} = a < 3;");
                digest.Add(n);
                changes.Add($"{n} = {_choice.Pick("a > 2", $"!{n}", "r === 0", "a !== 1")};");
                break;
            case 6:
                Line($"let {n} = 's' + a;");
                digest.Add(n);
                changes.Add($"{n} = {n} + 1;");
                break;
            case 7 or 8:
                Line($"const {n} = {{ k: a, l: {_choice.Pick("0.5", "a", "'l'", "a < 2")}, m: null }};");
                digest.Add($"{n}.k + ' ' + {n}.l");
                digest.Add($"({n}.m && {n}.m.k)");
                changes.Add($"{n}.k = {n}.k + 1;");
                changes.Add($"{n}.m = {{ k: {n}.l, m: {n} }};");
                changes.Add($"{n}.m = {n}; {n}.l = a;");
                break;
            case 9 or 10:
                Line($"const {n} = {{ in: {{ x: a, up: null }}, list: [], self: null }};");
                Line($"{n}.self = {n}; {n}.in.up = {n};");
                digest.Add($"{n}.self.in.up.in.x + ' ' + ({n}.self === {n}.in.up) + {n}.list.length");
                changes.Add($"{n}.in = {{ x: {n}.in.x + 1, up: {n}.in.up }};");
                changes.Add($"{n}.in.x = a * 0.5;");
                changes.Add($"if (r === 'never') tab = {n};");
                break;
            case 11:
                Line($"const {n} = [];");
                digest.Add($"{n}.length");
                changes.Add($"if (a === 3) {n}.push(a);");
                changes.Add($"{n}.extra = a;");
                break;
            case 12:
                Line($"let {n}c = a;");
                Line($"const {n} = {_choice.Pick($"() => {n}c + a", $"() => {n}c++", $"function () {{ return {n}c; }}")};");
                digest.Add($"{n}()");
                changes.Add($"{n}c = {n}c + 1;");
                changes.Add($"{n}c = {{ k: {n}c }}.k;");
                break;
            case 13 or 14:
                Line($"let {n} = new {p}Pt(a, {_choice.Pick("0.5", "{ y: a }", "null")});");
                digest.Add($"{n}.x + ' ' + ({n}.y && {n}.y.y)");
                changes.Add($"{n}.x = {n}.x + 1;");
                changes.Add($"{n}.y = {{ y: {n}.x }};");
                changes.Add($"{n} = new {p}Pt({n}.x, {n});");
                break;
            case 15:
                Line($"let {n} = {p}sub.m();");
                digest.Add($"{n} + {p}sub.m()");
                changes.Add($"{n} = {n} + {p}sub.m();");
                break;
            case 16:
                Line($"let {n} = {p}global;");
                digest.Add($"({n} === {p}global)");
                changes.Add($"{n} = {p}global;");
                break;
            case 17:
                Line($"let {n} = null;");
                digest.Add($"({n} && {n}.i + {n}.p.q)");
                changes.Add($"{n} = {{ i: r === 0 ? 1 : 2, p: {{ q: a, o: {n} }} }};");
                break;
            case 18 or 19:
                // Who holds it depends on the way.
                Line($"const {n} = {{ q: a }}, {n}h = {{ x: {_choice.Pick("null", n, "a < 2 ? " + n + " : null")} }};");
                digest.Add($"{n}.q + ' ' + ({n}h.x && {n}h.x.q)");
                changes.Add($"if (a > 1) {n}h.x = {n};");
                changes.Add($"{n}h.x = a & 1 ? {n} : {{ q: 0 }};");
                changes.Add($"if ({n}h.x) {n}h.x.q = {n}h.x.q + 1;");
                changes.Add($"{n}.q = {n}.q * 2;");
                changes.Add($"{p}poke({n}h);");
                changes.Add($"{p}pick(1, {n});");
                break;
            default:
                Line($"const {n} = arguments;");
                digest.Add($"{n}.length");
                changes.Add($"{n}.length = a;");
                changes.Add($"r = typeof {n}[a & 1];");
                break;
        }
    }

    /// <summary>Lets a function learn from the beginning, and optimizes it.</summary>
    private void Relearn(string function, string call)
    {
        Line($"%ClearFunctionFeedback({function});");
        Repeat(_choice.Between(3, 6), call);
        Line($"%OptimizeFunctionOnNextCall({function});");
        Repeat(2, call);
    }
}
