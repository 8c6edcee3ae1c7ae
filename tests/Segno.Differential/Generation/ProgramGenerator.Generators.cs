namespace Segno.Differential.Generation;

/// <summary>Scenes about functions that stop and go on, and about private names.</summary>
internal sealed partial class ProgramGenerator
{
    private void Generators()
    {
        string g = Name("g");
        string f = Name("f");
        Lines($$"""
            function* {{g}}(n, v) {
            let s = {{_choice.Pick("0", "0.5", "''", "v")}};
            try {
            for (let i = 0; i < n; i++) {
            {{_choice.Pick("s = s + (yield i);", "yield s; s += v;", "const o = { i, s }; yield o.i; s = o.s;", "if (i === 3) yield* [7, 8]; else yield s;", "s = yield [i, s];", "if (i === 2) return s; yield v;", "if (i === 4) throw new RangeError('g'); yield i;")}}
            }
            } {{_choice.Pick("finally { note('end'); }", "catch (e) { note(e); yield 'caught'; }", "finally { yield 'last'; }")}}
            return s;
            }
            function {{f}}(n, v) {
            const it = {{g}}(n, v);
            let r = [], turns = 0;
            {{_choice.Pick("for (const x of it) { r.push(x); if (++turns > 9) break; }", "for (let x = it.next(); !x.done && ++turns < 10; x = it.next(turns)) r.push(x.value);", "r.push(it.next().value, it.return(5).value, it.next().done);", "r.push(it.next().value); try { r.push(it.throw('in').value); } catch (e) { r.push(e); } r.push(it.next().done);", "r = [...it].slice(0, 9);", "const [a, b = 1] = it; r.push(a, b);")}}
            return r;
            }
            """);
        Drive(f, $"{f}(5, i)", Some($"{f}(3, 0.5)", $"{f}(6, 'v')", $"{f}(0, 1)", $"{f}(4, {Odd()})", $"{f}(2, {{ valueOf() {{ note('v'); return 1; }} }})", $"Object.getPrototypeOf({g}).prototype.next === {g}.prototype.next"));
    }

    private void PrivateNames()
    {
        string a = Name("A");
        string f = Name("f");
        Lines($$"""
            class {{a}} {
            #x;
            static #made = 0;
            constructor(x) { this.#x = x; {{a}}.#made++; }
            get #twice() { return this.#x + this.#x; }
            #add(y) { this.#x = {{_choice.Pick("this.#x + y", "y", "this.#twice", "this.#x - y")}}; return this; }
            m(y) { return {{_choice.Pick("this.#add(y).#x", "this.#twice + y", "this.#x++ + y", "(this.#x ??= y)")}}; }
            static is(o) { return #x in o; }
            static read(o) { return o.#x; }
            static get made() { return {{a}}.#made; }
            }
            function {{f}}(o, y) { return {{_choice.Pick("o.m(y)", $"{a}.read(o)", $"{a}.is(o) ? o.m(y) : y", $"[{a}.read(o), o.m(y)]")}}; }
            var o{{a}} = new {{a}}(1);
            """);
        Drive(f, $"{f}({_choice.Pick($"o{a}", $"new {a}(i)")}, i)", Some($"{f}(new {a}(0.5), 1)", $"{f}(new {a}('s'), 2)", $"{f}({{ m() {{ return 'fake'; }} }}, 1)", $"{f}(null, 1)", $"{f}(new (class extends {a} {{}})(3), 4)", $"{f}({Odd()}, {Odd()})", $"{a}.made"));
    }
}
