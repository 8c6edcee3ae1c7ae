using Segno.Bytecode;
using Segno.Feedback;
using Segno.Layouts;
using Segno.Objects;
using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.InlineCaches;

/// <summary>States of inline caches after given calls (FB-1), and that their answers stay right when shapes change (IC-1).</summary>
public sealed class InlineCacheTests
{
    private const string Uninitialized = "uninitialized";
    private const string Monomorphic = "monomorphic";
    private const string Megamorphic = "megamorphic";

    /// <summary>The state of the first slot of a kind in a global function.</summary>
    private static unsafe string State(ScriptFixture script, string function, params ReadOnlySpan<FeedbackSlotKind> kinds)
    {
        JSFunction f = script.Function(function);
        if (!FeedbackVector.TryAs(f.FeedbackCell.Value, out FeedbackVector vector))
        {
            return "no vector";
        }

        FeedbackMetadata metadata = FeedbackMetadata.Cast(f.Shared.FeedbackMetadata);
        for (int i = 0; i < metadata.Length; i++)
        {
            if (kinds.Contains((FeedbackSlotKind)metadata.Kinds[i]))
            {
                Value first = vector.GetSlots(i);
                return first.IsUndefined ? Uninitialized
                    : first.Bits == FeedbackSentinels.Megamorphic ? Megamorphic
                    : FixedArray.TryAs(first, out FixedArray pairs) ? "polymorphic " + (pairs.Length / 2)
                    : first.IsCell ? Monomorphic
                    : "bits " + first.AsInt32;
            }
        }

        return "no slot";
    }

    [Fact]
    public void NamedLoadsRise()
    {
        using var script = new ScriptFixture();
        script.Run("function f(o) { return o.x } function g(o) { return o.x }");
        Assert.Equal("no vector", State(script, "f", FeedbackSlotKind.LoadProperty));
        script.Equal("1", "f({x: 1})");
        Assert.Equal(Monomorphic, State(script, "f", FeedbackSlotKind.LoadProperty));
        script.Equal("2", "f({x: 2})");
        Assert.Equal(Monomorphic, State(script, "f", FeedbackSlotKind.LoadProperty));
        for (int i = 2; i <= FeedbackSentinels.MaxPolymorphism; i++)
        {
            script.Equal(i.ToString(), $"f({{p{i}: 0, x: {i}}})");
            Assert.Equal("polymorphic " + i, State(script, "f", FeedbackSlotKind.LoadProperty));
        }

        script.Equal("9", "f({q: 0, x: 9})");
        Assert.Equal(Megamorphic, State(script, "f", FeedbackSlotKind.LoadProperty));
        script.Equal("1,7", "[f({x: 1}), f({q: 0, x: 7})].join()");
        Assert.Equal(Megamorphic, State(script, "f", FeedbackSlotKind.LoadProperty));
        // Each closure site learns for itself.
        Assert.Equal("no vector", State(script, "g", FeedbackSlotKind.LoadProperty));
    }

    [Fact]
    public void StoresRise()
    {
        using var script = new ScriptFixture();
        script.Run("function f(o, v) { o.x = v; return o.x }");
        script.Equal("1", "f({x: 0}, 1)");
        Assert.Equal(Monomorphic, State(script, "f", FeedbackSlotKind.StoreSloppy));
        script.Equal("2", "f({}, 2)");
        Assert.Equal("polymorphic 2", State(script, "f", FeedbackSlotKind.StoreSloppy));
        script.Equal("3,4,5,6", "[f({}, 3), f({x: 1}, 4), f({}, 5), f({y: 1}, 6)].join()");
    }

    [Fact]
    public void OperandKindsJoin()
    {
        using var script = new ScriptFixture();
        script.Run("function f(a, b) { return a + b }");
        int last = 0;
        foreach (string call in new[] { "f(1, 2)", "f(1.5, 2)", "f('a', 'b')", "f(1n, 2n)", "f({}, 1)" })
        {
            script.Run(call);
            int bits = int.Parse(State(script, "f", FeedbackSlotKind.BinaryOp).AsSpan(5));
            Assert.Equal(last, bits & last);
            Assert.NotEqual(last, bits);
            last = bits;
        }

        script.Run("f(1, 2)");
        Assert.Equal("bits " + last, State(script, "f", FeedbackSlotKind.BinaryOp));
    }

    [Fact]
    public void CallsLearnTheirTarget()
    {
        using var script = new ScriptFixture();
        script.Run("function f(g) { return g() } const a = () => 1, b = () => 2;");
        script.Equal("1", "f(a)");
        Assert.Equal(Monomorphic, State(script, "f", FeedbackSlotKind.Call));
        script.Equal("2", "f(b)");
        Assert.Equal(Megamorphic, State(script, "f", FeedbackSlotKind.Call));
        script.Equal("1", "f(a)");
    }

    [Fact]
    public void GlobalsLearnTheirCell()
    {
        using var script = new ScriptFixture();
        script.Run("var v = 1; let l = 2; function f() { return v + l } f()");
        Assert.Equal(Monomorphic, State(script, "f", FeedbackSlotKind.LoadGlobal));
        script.Equal("30", "v = 10; l = 20; f()");
        script.Equal("throws ReferenceError: gone is not defined", "gone = 1; function g() { return gone } g(); delete globalThis.gone; g()");
        script.Equal("5", "globalThis.gone = 5; g()");
        script.Equal("6", "Object.defineProperty(globalThis, 'gone', { get() { return 6 }, configurable: true }); g()");
    }

    [Theory]
    [InlineData("1,2", "const p = {x: 1}, o = Object.create(p); let r = [f(o), (p.x = 2, f(o))]; r.join()")]
    [InlineData("1,2", "const p = {x: 1}, o = Object.create(p); let r = [f(o), (o.x = 2, f(o))]; r.join()")]
    [InlineData("1,", "const p = {x: 1}, o = Object.create(p); let r = [f(o), (delete p.x, f(o))]; r.join()")]
    [InlineData("1,3", "const q = {x: 1}, p = Object.create(q), o = Object.create(p); let r = [f(o), (p.x = 3, f(o))]; r.join()")]
    [InlineData(",4", "const q = {}, p = Object.create(q), o = Object.create(p); let r = [f(o), (q.x = 4, f(o))]; r.join()")]
    [InlineData("1,5", "const p = {x: 1}, o = Object.create(p); let r = [f(o), (Object.setPrototypeOf(o, {x: 5}), f(o))]; r.join()")]
    [InlineData("1,6", "const q = {x: 1}, p = Object.create(q), o = Object.create(p); let r = [f(o), (Object.setPrototypeOf(p, {x: 6}), f(o))]; r.join()")]
    [InlineData("1,7", "const p = {x: 1}, o = Object.create(p); let r = [f(o), (Object.defineProperty(p, 'x', {get() { return 7 }}), f(o))]; r.join()")]
    [InlineData(",8", "const o = {}; let r = [f(o), (Object.prototype.x = 8, f(o))]; delete Object.prototype.x; r.join()")]
    [InlineData(",9", "let r = [f('s'), (String.prototype.x = 9, f('t'))]; delete String.prototype.x; r.join()")]
    [InlineData("1,", "const o = {x: 1, y: 2}; let r = [f(o), (delete o.x, f(o))]; r.join()")]
    [InlineData("1,10", "const o = {x: 1}; let r = [f(o), (Object.defineProperty(o, 'x', {get() { return 10 }}), f(o))]; r.join()")]
    public void LoadsSeeChangesOfTheChain(string expected, string code)
    {
        using var script = new ScriptFixture();
        // Warm in all states: the same change is seen by a cold, a monomorphic and a megamorphic load.
        script.Equal(expected, "{ const f = o => o.x; " + code + " }");
        script.Equal(expected, "{ const f = o => (o.x, o.x, o.x); f({x: 0}); " + code + " }");
        script.Equal(expected, "{ const f = o => o.x; for (let i = 0; i < 9; i++) { f({['k' + i]: 1, x: 1}); f({x: 1}); } " + code + " }");
    }

    [Theory]
    [InlineData("set 1", "let s; const p = {set x(v) { s = 'set ' + v }}, o = Object.create(p); f(o, 1); s")]
    [InlineData("1,set 2", "let s; const p = {}, o = Object.create(p); f(o, 1); delete o.x; let r = 1; Object.defineProperty(p, 'x', {set(v) { s = 'set ' + v }}); f(o, 2); r + ',' + s")]
    [InlineData("1", "const o = Object.freeze({x: 1}); f(o, 2); o.x")]
    [InlineData("1,1", "const a = {x: 0}, b = {x: 0}; f(a, 1); Object.defineProperty(b, 'x', {writable: false, value: 1}); f(b, 2); [a.x, b.x].join()")]
    [InlineData("undefined", "const o = Object.preventExtensions({}); f({}, 1); f(o, 1); '' + o.x")]
    [InlineData("undefined", "const p = Object.freeze({x: 1}), o = Object.create(p); f(o, 2); '' + Object.getOwnPropertyDescriptor(o, 'x')")]
    [InlineData("0,1,2,3,4", "const r = []; for (let i = 0; i < 5; i++) { const o = {}; f(o, i); r.push(o.x) } r.join()")]
    public void StoresSeeWhatForbidsThem(string expected, string code)
    {
        using var script = new ScriptFixture();
        script.Equal(expected, "{ const f = (o, v) => { o.x = v }; " + code + " }");
        script.Equal(expected, "{ const f = (o, v) => { o.x = v }; f({}, 0); f({x: 1}, 0); " + code + " }");
        script.Equal(expected, "{ const f = (o, v) => { o.x = v }; for (let i = 0; i < 9; i++) f({['k' + i]: 1}, 0); " + code + " }");
    }

    [Theory]
    [InlineData("1.5", "f([1.5, 2], 0)")]
    [InlineData("undefined", "'' + f([1.5, , 2], 1)")]
    [InlineData("undefined", "'' + f([1, 2], 2)")]
    [InlineData("undefined", "'' + f([1, 2], -1)")]
    [InlineData("b", "f('abc', 1)")]
    [InlineData("undefined", "'' + f('abc', 3)")]
    [InlineData("7", "Array.prototype[1] = 7; const r = f([1, , 3], 1); delete Array.prototype[1]; r")]
    [InlineData("x", "f({a: 'x'}, 'a')")]
    [InlineData("3", "f([1, 2, 3], 'length')")]
    [InlineData("4", "f({1.5: 4}, 1.5)")]
    [InlineData("5", "f({'-1': 5}, -1)")]
    [InlineData("6", "f({4294967295: 6}, 4294967295)")]
    public void KeyedLoads(string expected, string code)
    {
        using var script = new ScriptFixture();
        script.Equal(expected, "{ const f = (o, k) => o[k]; " + code + " }");
        script.Equal(expected, "{ const f = (o, k) => o[k]; f([1, 2, 3], 1); f([1, 2, 3], 1); " + code + " }");
        script.Equal(expected, "{ const f = (o, k) => o[k]; for (let i = 0; i < 9; i++) { f({['k' + i]: 1, 0: 1}, 0); f({['k' + i]: 1}, 'k' + i); f([1], 0); f([.5], 0); f(['s'], 0) } " + code + " }");
    }

    [Theory]
    [InlineData("1,2,3", "const a = [1, 2]; f(a, 2, 3); a.join()")]
    [InlineData("1,2,,4", "const a = [1, 2]; f(a, 3, 4); a.join()")]
    [InlineData("0.5,2", "const a = [1, 2]; f(a, 0, .5); a.join()")]
    [InlineData("s,0.5", "const a = [1.5, .5]; f(a, 0, 's'); a.join()")]
    [InlineData("1,2", "const a = Object.freeze([1, 2]); f(a, 0, 5); a.join()")]
    [InlineData("1", "const a = [1]; Object.defineProperty(a, 'length', {writable: false}); f(a, 1, 2); a.join()")]
    [InlineData("set 9", "let s; Object.defineProperty(Array.prototype, 2, {set(v) { s = 'set ' + v }, configurable: true}); f([1, 2], 2, 9); delete Array.prototype[2]; s")]
    [InlineData("1,2", "const a = Object.preventExtensions([1, 2]); f(a, 2, 3); a.join()")]
    [InlineData("499500", "const a = []; for (let i = 0; i < 1000; i++) f(a, i, i); a.reduce((x, y) => x + y)")]
    [InlineData("1000,999.5", "const a = []; for (let i = 0; i < 1000; i++) f(a, i, i + .5); a.length + ',' + a[999]")]
    [InlineData("NaN", "const a = [.5]; f(a, 0, NaN); '' + a[0]")]
    public void KeyedStores(string expected, string code)
    {
        using var script = new ScriptFixture();
        script.Equal(expected, "{ const f = (o, k, v) => { o[k] = v }; " + code + " }");
        script.Equal(expected, "{ const f = (o, k, v) => { o[k] = v }; f([1, 2, 3], 1, 1); f([1, 2, 3], 3, 1); " + code + " }");
        script.Equal(expected, "{ const f = (o, k, v) => { o[k] = v }; for (let i = 0; i < 9; i++) { f({['k' + i]: 1}, 0, 0); f([], 0, 1); f([.5], 1, .5); f(['s'], 1, 's') } " + code + " }");
    }

    [Fact]
    public void IndicesAsTextInMegamorphicSlots()
    {
        using var script = new ScriptFixture();
        script.Run("const f = (o, k) => o[k]; for (let i = 0; i < 9; i++) f({['k' + i]: 1}, 'k' + i);");
        script.Equal("2", "f([1, 2, 3], '1')");
        script.Equal("b", "f('abc', '1')");
    }

    [Fact]
    public void CachesSurviveCollections()
    {
        using var script = new ScriptFixture(gcInterval: 5);
        script.Equal("3000", """
            function A() { this.x = 1 } A.prototype.m = function () { return this.x };
            function B() { this.y = 2; this.x = 1 } B.prototype = Object.create(A.prototype);
            function f(o) { return o.m() + o.x + (o.z === undefined ? 1 : 0) }
            let sum = 0;
            for (let i = 0; i < 500; i++) sum += f(new A) + f(new B);
            sum
            """);
    }
}
