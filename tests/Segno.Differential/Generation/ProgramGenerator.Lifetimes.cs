namespace Segno.Differential.Generation;

/// <summary>Scenes about constructions in whose midst the code of the constructor is marked, and about code whose objects die.</summary>
internal sealed partial class ProgramGenerator
{
    /// <summary>
    /// A new target that is a bound function has whatever prototype its getter gives: making the receiver runs script, below the call
    /// of super, in a frame of its own or in that of an inlined constructor.
    /// </summary>
    private void NewTargets()
    {
        string a = Name("A");
        string leaf = _choice.Pick("D", "E", "E") + a;
        string strike = _choice.Pick(
            $"%DeoptimizeFunction({leaf});", $"%DeoptimizeFunction({leaf}); %DeoptimizeFunction(D{a});", $"%DeoptimizeFunction({leaf}); throw new RangeError('strike');", "throw 'strike';",
            $"{a}.prototype.late = 1;", $"%DeoptimizeFunction({leaf}); return 7;");
        string super = _choice.Pick("super(x);", "super(x + 1);", "try { super(x); } catch (e) { note(e); super(-1); }", "const r = [x, x * 0.5]; super(r[0]); this.r = r[1];");
        Lines($$"""
            class {{a}} { constructor(x) { this.x = x{{_choice.Pick("", " + 1", " * 2")}}; {{_choice.Pick("", "note(new.target === D" + a + ");", "this.p = { q: x };", "if (x === 9) return { x: 'odd' };")}} } }
            class D{{a}} extends {{a}} { constructor(x) { const o = { v: x }; {{super}} this.d = o.v + ' ' + (new.target === D{{a}}); } }
            class E{{a}} extends D{{a}} { {{_choice.Pick("constructor(x) { let k = x | 0; super(k); this.e = k; }", "constructor(x) { super(x); this.e = x; }", "constructor(x, y) { const o = { w: x }; super(o.w); this.e = [o.w, y]; }")}} }
            var armed{{a}} = 0, target{{a}} = (function () {}).bind(null);
            Object.defineProperty(target{{a}}, 'prototype', { get() {
            if (armed{{a}} > 0 && --armed{{a}} === 0) {
            {{strike}}
            }
            return {{_choice.Pick(a + ".prototype", "{ z: 1 }", "D" + a + ".prototype", "null")}};
            } });
            """);
        string call = $"Reflect.construct({leaf}, [{_choice.Pick("i", "i + 0.5", "i, 2")}], target{a})";
        for (int i = _choice.Between(1, 3); i > 0; i--)
        {
            Relearn(leaf, call);
            Line($"armed{a} = {_choice.Between(1, 2)};");
            Log($"((i) => {call})({_choice.Pick("2", "9", "1.5", "'s'")})");
            Line($"armed{a} = 0;");
        }

        Drive(leaf, call, Some($"new {leaf}(3)", $"Reflect.construct({leaf}, [{Odd()}], D{a})", $"Reflect.construct({a}, [1], target{a})", $"Reflect.construct(E{a}, [9], {a})", $"{leaf}(1)"));
    }

    /// <summary>Code names maps and functions that only it has in the end: they die, and it with them.</summary>
    private void Forgotten()
    {
        string f = Name("f");
        string make = Name("make");
        string held = Name("held");
        string collect = _choice.Pick("%CollectGarbage(0);", "%CollectGarbage(0); %CollectGarbage(0);", "%SimulateNewspaceFull(); %CollectGarbage(0);");
        Lines($$"""
            function {{make}}(k) { {{_choice.Pick("function C() { this.x = k; this.y = 1; } return new C();", "class C { constructor() { this.x = k; } m() { return this.x; } } return new C();", "const o = { x: k }; o['late' + k] = 1; return o;", "return { x: k, m() { return k + 1; } };")}} }
            function {{f}}(o, g) { {{_choice.Pick("", "const t = { o, n: 0.5 };", "let t = [o.x];")}} return {{_choice.Pick("o.x", "g(o.x)", "o.m ? o.m() + 1 : o.x", "[o.x, g(1)]")}}; }
            var {{held}} = null;
            """);
        for (int round = _choice.Between(1, 3); round > 0; round--)
        {
            Line($"{held} = [{make}({round}), {_choice.Pick("(q) => q + 1", "Math.abs", $"function (q) {{ return q * {round}; }}")}];");
            Relearn(f, $"{f}({held}[0], {held}[1])");
            Line($"{held} = null;");
            // Nothing on the stack may look like what has to die.
            Line($"((n) => {{ const pad = [n, n + 0.5, 's']; {collect} return pad; }})(1);");
            Line($"(() => {{ for (let i = 0; i < 3; i++) {{ {collect} }} }})();");
            Log($"{f}({{ x: {Number()} }}, (q) => q)");
        }

        Drive(f, $"{f}({make}(i & 3), (q) => q)", Some($"{f}({make}(0.5), Math.abs)", $"{f}({Odd()}, (q) => q)"));
    }
}
