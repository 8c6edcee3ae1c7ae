using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Baseline;

/// <summary>Programs in every mode have one outcome; what only baseline code does.</summary>
public sealed unsafe class BaselineTests
{
    private static readonly TieringOptions[] s_modes =
    [
        new() { Selection = TierSelection.InterpreterOnly },
        new() { Selection = TierSelection.BaselineOnly },
        new() { BaselineBudget = 0, BatchSize = 0 },
        new() { BaselineBudget = 40, SwitchesAtBackEdges = true },
    ];

    public static TheoryData<string, string> Programs() => new()
    {
        { "smi", "function f(a, b) { return [a + b, a - b, a * b, a % b, a / b, a | b, a & b, a ^ b, a << b, a >> b, a >>> b].join() } f(7, 3); f(-7, 3) + ';' + f(2147483647, 2) + ';' + f(0, -5) + ';' + f(-1, 0)" },
        { "constants", "function f(a) { return [a + 1, a - 5, a * -3, a % 8, a % 7, a / 2, a | 0, a & 15, a ^ -1, a << 3, a >> 1, a >>> 0, ~a, -a, +a].join() } f(1); f(9) + ';' + f(-9) + ';' + f(2147483647) + ';' + f(0) + ';' + f('4') + ';' + f(1.5)" },
        { "minusZero", "function f(a, b) { return 1 / (a * b) + ':' + 1 / (a % b) + ':' + 1 / -a + ':' + 1 / (a * -2) + ':' + 1 / (a / b) } f(1, 1); f(0, -1) + f(-4, 2) + f(-0, 3)" },
        { "doubles", "function f(a, b) { return [a + b, a - b, a * b, a / b, a % b, a | b, a < b, a > b, a <= b, a >= b, a == b, a === b].join() } f(1, 2); f(1.5, 2); f(1.5, 2.5) + f(NaN, 1) + f(2, NaN) + f(1e300, 1e300) + f(-0.5, 0.5)" },
        { "strings", "function f(a, b) { return a + b + (a < b) + (a == b) + (a === b) } f('a', 'b'); f('x', 1) + f(1, 'y') + f('q', 'q')" },
        { "overflow", "function f(n) { var s = 2147483600; for (var i = 0; i < n; i++) s++; for (i = 0; i < n; i++) s += i; return s } f(100)" },
        { "conditions", "function f(x) { return (x ? 'T' : 'F') + (!x ? 'n' : 'p') + ((x || 'o') === x) + ((x && 'a') === x) + (x == null) + (x ?? 'd') } [0, 1, -0, NaN, 0.5, '', 's', null, undefined, true, false, {}].map(x => f(x)).join()" },
        { "values", "function f(a, b) { var x = a < b || a > b; var y = a === b && a; return x + ':' + y + ':' + (a < b) + !(a < b) } f(1, 2) + f(2, 1) + f(1, 1) + f(1.5, 2) + f('a', 'b')" },
        { "properties", "function P(x) { this.x = x; this.y = 1 } P.prototype.m = function () { return this.x + this.y }; function f(o) { o.x = o.x + 1; o.z = o.x; return o.m() + o.z } var r = ''; for (var i = 0; i < 20; i++) r += f(new P(i)); r += f({ x: 1, y: 2, m() { return 5 } }); r" },
        { "accessors", "var log = ''; var o = { get a() { log += 'g'; return 1 }, set a(v) { log += 's' + v } }; function f() { for (var i = 0; i < 5; i++) { o.a = o.a + i; o.a++ } } f(); log" },
        { "elements", "function f(a) { var s = 0; for (var i = 0; i < a.length; i++) { s += a[i]; a[i] = a[i] * 2 } return s + ':' + a.join() + a[99] + a[-1] } f([1, 2, 3]) + f([1.5, 2, , 4]) + f(['a', 1, {}]) + f([])" },
        { "keys", "function f(o, k) { return o[k] } f({ a: 1 }, 'a') + f('text', 1) + f([1, 2], '0') + f({ 5: 6 }, 5) + f(new String('ab'), 1)" },
        { "objectsAsKeys", "var n = 0; var key = { toString() { n++; return 'k' + n } }; function f(o, k) { o[k] += 1; o[k]++; --o[k]; o[k] ??= 5; o[k] ||= 6; return o[k]-- } var r = ''; for (var i = 0; i < 4; i++) { f({}, 'x'); f([1, 2], 0) } for (i = 0; i < 3; i++) { var o = {}; f(o, key); r += Object.keys(o) + ';' } r + n" },
        { "keysOfNothing", "var s = ''; var key = { toString() { s += 'converted'; return 'x' } }; function f(o, k) { try { o[k] += s += 'right' } catch (e) { s += e.name } } f([1], 0); f([1], 0); f(null, key); f(undefined, key); f({}, key); s" },
        { "keysKeepTheirVariable", "function f(o, k) { o[k] += k = 9; return k + Object.keys(o).join() } f({}, { toString() { return '7' } }) + f([1, 2], 1) + f({}, 'z') + f([], 1.5) + f([], -0)" },
        { "setterBehindHole", "function f(a, i, v) { a[i] = v } var r = ''; var as = [[0, , 2], [0.5, , 2.5], ['a', , 'c'], { 0: 1, 3: 4 }]; for (var a of as) { for (var i = 0; i < 4; i++) { f(a, 0, a[0]) } f(a, 1, a[0]); delete a[1] } Object.defineProperty(Object.prototype, 1, { set(v) { r += 'set' + v }, configurable: true }); for (a of as) { f(a, 1, a[0]); r += (1 in a) + (a.hasOwnProperty(1)) + ';' } delete Object.prototype[1]; for (a of as) { f(a, 1, a[0]); r += a[1] } r" },
        { "readOnlyBehindHole", "'use strict'; function f(a, i, v) { a[i] = v } var a = [0, , 2]; f(a, 0, 1); f(a, 0, 2); Object.defineProperty(Array.prototype, 1, { value: 5, configurable: true }); var r = ''; try { f(a, 1, 3) } catch (e) { r = e.name } delete Array.prototype[1]; r + a.join()" },
        { "calls", "function none() { return arguments.length + this.v } var o = { v: 7, none: none }; function f() { return o.none() + o.none(1) + o.none(1, 2) + o.none(1, 2, 3) + o.none(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) } f() + f() + f()" },
        { "targets", "function a() { return 1 } function b(x, y, z) { return x + ':' + y + ':' + z } function f(g) { return g() + g(1) + g(1, 2) + g(1, 2, 3) + g(1, 2, 3, 4) } f(a) + f(b) + f(Math.max) + f(b.bind(null, 5)) + f(a)" },
        { "notCallable", "function f(g) { try { return g(1) } catch (e) { return e.name + e.message } } f(1) + f(undefined) + f({}) + f('s') + f(Math.abs)" },
        { "construct", "class A { constructor(x) { this.x = x; this.t = new.target === A } } class B extends A { constructor() { super(4); this.y = 2 } } function F() { return { own: 1 } } function f() { var b = new B(), a = new A(3); return a.x + b.x + b.y + a.t + b.t + new F().own } f(); f() + f()" },
        { "closures", "function f() { var fs = []; for (let i = 0; i < 5; i++) fs.push(d => i += d); return fs.map(g => g(1) + g(2)).join() } f() + f()" },
        { "globals", "var g = 1; let l = 2; const c = 3; function f() { g = g + l; l = l + c; return g + l } f(); f() + f() + g + l" },
        { "deadZone", "function f(n) { try { if (n) return x; let x = 1; return x } catch (e) { return e.message } } f(0) + f(1)" },
        { "switches", "function f(x) { switch (x) { case 0: return 'a'; case 1: return 'b'; case 2: case 3: return 'c'; case 10: return 'd'; default: return 'e' } } [0, 1, 2, 3, 4, 10, -1, 1.5, 'x', 2147483647].map(x => f(x)).join()" },
        { "finally", "function f(n) { var s = ''; for (var i = 0; i < 4; i++) { try { if (i == n) continue; if (i == n + 1) break; s += i } finally { s += 'f' } } try { return s } finally { s += 'x' } } f(0) + f(1) + f(5)" },
        { "catch", "function thrower(n) { if (n > 0) thrower(n - 1); else throw { v: 42 } } function f(n) { var a = n, s = 0; for (var i = 0; i < 30; i++) { try { thrower(i % 4); s -= 100 } catch (e) { s += e.v + a } } return s } f(1)" },
        { "rethrow", "function f() { try { try { null.x } catch (e) { throw new Error('o:' + e.message) } finally { g = 1 } } catch (e) { return e.message } } var g; f() + g" },
        { "forIn", "function f(o) { var s = ''; for (var k in o) { s += k; delete o.c } return s } f({ a: 1, b: 2, c: 3 }) + f([5, 6]) + f('ab')" },
        { "forOf", "function f(o) { var s = ''; for (var v of o) { if (v == 3) break; s += v } return s } f([1, 2, 3, 4]) + f('xyz') + f(new Set([7, 8]))" },
        { "typeof", "function f(x) { return (typeof x == 'number') + typeof x + (typeof x === 'function' ? 1 : 2) } f(1) + f('') + f(f) + f(undefined) + f(null) + f(f instanceof Function) + ('a' in { a: 1 })" },
        { "recursion", "function d(n) { return d(n + 1) + 1 } function f() { try { d(0) } catch (e) { return e instanceof RangeError } } f() + ':' + f()" },
        { "destructuring", "function f([a, b = 2, ...r], { x, y: { z } = { z: 9 } }) { return a + b + r.join() + x + z } f([1], { x: 3 }) + f([1, 5, 6, 7], { x: 3, y: { z: 4 } })" },
        { "arguments", "function f(a, b) { arguments[0] = 9; b = 8; return a + ':' + arguments[1] + arguments.length } f(1, 2) + f(1) + f()" },
        { "apply", "function f() { return Math.max.apply(null, arguments) + g(...arguments) } function g(a, b) { return a - b } f(3, 4); f(5, 1, 2)" },
        { "labels", "function f() { var n = 0; outer: for (var i = 0; i < 10; i++) for (var j = 0; j < 10; j++) { if (j == 5) continue outer; if (i == 5) break outer; n += j } do { n++ } while (n < 60); return n } f()" },
        { "wide", "var body = 'var s = 0;'; for (var i = 0; i < 400; i++) body += 'var v' + i + ' = s + ' + i + '; s += v' + i + ' % 7; if (s > 1e9) { s = o.p' + i + ' }'; var w = new Function('o', body + 'for (var k = 0; k < 3; k++) { s += k; try { if (k == 1) throw 5 } catch (e) { s += e } } return s'); w({}) + ':' + w({})" },
        { "stacks", "function a() { return new Error('x').stack.split('\\n').slice(0, 3).join('|') } function b() { var s; for (var i = 0; i < 3; i++) s = a(); return s } b()" },
        { "eval", "function f(x) { var y = 2; return eval('x + y') + eval('var z = 5; z') + z } f(1) + f(2)" },
        { "with", "function f(o) { var r = 0; with (o) { r += a; a = 7 } return r + o.a } f({ a: 1 }) + f({ a: 2 })" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void EveryModeHasTheSameOutcome(string name, string source)
    {
        Assert.NotEmpty(name);
        var outcomes = new List<string>();
        foreach (TieringOptions mode in s_modes)
        {
            using var script = new ScriptFixture(tiering: mode);
            outcomes.Add(script.Text(source) + "\n" + script.Text(source));
        }

        Assert.All(outcomes, outcome => Assert.Equal(outcomes[0], outcome));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void CollectionsAtEveryAllocationChangeNothing(string name, string source)
    {
        if (name is "recursion" or "wide")
        {
            return;
        }

        string plain = Outcome(source, 0, s_modes[0]);
        Assert.Equal(plain, Outcome(source, 7, s_modes[1]));
        Assert.Equal(plain, Outcome(source, 11, s_modes[3]));
    }

    private static string Outcome(string source, int gcInterval, TieringOptions tiering)
    {
        using var script = new ScriptFixture(gcInterval, tiering);
        return script.Text(source);
    }

    [Fact]
    public void TheReturnAddressTellsTheTier()
    {
        using var script = new ScriptFixture(tiering: s_modes[1]);
        var tiers = new List<string>();
        script.Define("probe", (agent, _, _) =>
        {
            for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
            {
                if (walker.Current.Kind == FrameKind.Interpreted)
                {
                    tiers.Add(BaselineFrames.Installed(walker.Current, Unwinder.Registry!)?.Info.Name ?? "interpreter");
                }
            }

            return Value.Undefined;
        });
        // The second frame stands in a stub: the getter is called by the runtime.
        script.Run("var o = { get inner() { return probe() } }; function outer() { return o.inner } outer()");
        Assert.Equal(["get inner", "outer", ""], tiers.Select(static n => n == "inner" ? "get inner" : n));
    }

    [Fact]
    public void AHandlerInBaselineCodeIsEnteredDirectly()
    {
        using var script = new ScriptFixture(tiering: s_modes[1]);
        CodeKind kind = CodeKind.MacroStub;
        script.Define("probe", (agent, _, _) =>
        {
            for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
            {
                if (walker.Current.Kind == FrameKind.Interpreted)
                {
                    kind = BaselineFrames.Installed(walker.Current, Unwinder.Registry!)?.Info.Kind ?? CodeKind.BytecodeHandler;
                    break;
                }
            }

            return Value.Undefined;
        });
        script.Run("function f() { try { null.x } catch (e) { probe() } } f()");
        Assert.Equal(CodeKind.Baseline, kind);
    }

    [Fact]
    public void OffsetsGoBothWays()
    {
        var builder = new BytecodeOffsetTable.Builder();
        (int Bytecode, int Native)[] pairs = [(0, 60), (1, 60), (5, 300), (400, 9000), (401, 9001)];
        foreach ((int bytecode, int native) in pairs)
        {
            builder.Add(bytecode, native);
        }

        BytecodeOffsetTable table = builder.Build();
        Assert.All(pairs, p => Assert.Equal(p.Native, table.NativeOffsetOf(p.Bytecode)));
        Assert.Equal(-1, table.NativeOffsetOf(3));
        Assert.Equal(-1, table.NativeOffsetOf(1000));
        Assert.Equal(1, table.BytecodeOffsetOf(299));
        Assert.Equal(5, table.BytecodeOffsetOf(300));
        Assert.Equal(401, table.BytecodeOffsetOf(100000));
    }
}
