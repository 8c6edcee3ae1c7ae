using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>Code is marked while its activations wait for calls; they leave it when control comes back (DEOPT-7).</summary>
public sealed class LazyDeoptimizationTests
{
    private const string Prelude = """
        var armed = false, target = null;
        function strike() { if (armed) %DeoptimizeFunction(target); return 7 }
        %NeverOptimizeFunction(strike);
        function warm(f, ...args) { for (var i = 0; i < 8; i++) f(...args); %OptimizeFunctionOnNextCall(f); f(...args) }
        function hit(f, ...args) { target = f; armed = true; try { return f(...args) } finally { armed = false } }
        """;

    /// <summary>Runs with and without a hit, in the interpreter and with each interval of collections; returns the traces of bailouts.</summary>
    private static List<string> Check(string expected, string source)
    {
        using (var plain = new ScriptFixture(natives: true, tiering: new TieringOptions { Selection = TierSelection.InterpreterOnly }))
        {
            plain.Run(Prelude);
            plain.Equal(expected, source);
        }

        var trace = new List<string>();
        foreach (int interval in (ReadOnlySpan<int>)[0, 1, 3])
        {
            trace.Clear();
            using var script = new ScriptFixture(interval, new TieringOptions(), natives: true, compilers: new CompilerOptions { TraceDeopt = true });
            script.Agent.CompilerTrace = trace.Add;
            script.Run(Prelude);
            script.Equal(expected, source);
        }

        return trace;
    }

    [Fact]
    public void ACallerIsLeftWhenItsCalleeComesBack()
    {
        List<string> trace = Check("3.5:7", "function f(a) { var x = a * 2 + 0.5; return x + ':' + strike() } warm(f, 1.5); hit(f, 1.5)");
        Assert.Contains(trace, static t => t.Contains("lazy Optimized:f", StringComparison.Ordinal) && t.Contains("requested", StringComparison.Ordinal));
    }

    [Fact]
    public void InlinedFramesComeBackAsFrames()
    {
        List<string> trace = Check(
            "1,7,3 2",
            "function inner(a) { return [a, strike(), a + 2] } function middle(a) { var b = a + 1; return inner(a) + ' ' + b } function outer(a) { return middle(a) } warm(outer, 1); hit(outer, 1)");
        Assert.Contains(trace, static t => t.Contains("lazy Optimized:outer", StringComparison.Ordinal) && t.Contains("3 frames", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryActivationOfTheCodeIsLeft()
    {
        List<string> trace = Check(
            "1282",
            "function f(n) { var t = n * 2; if (n === 0) return strike(); return f(n - 1) + t + (n > 3 ? 0 : 1) * 1 } warm(f, 10); hit(f, 35) + 12");
        Assert.True(trace.Count(static t => t.Contains("lazy Optimized:f", StringComparison.Ordinal)) > 3, string.Join("\n", trace));
    }

    [Fact]
    public void AnExceptionIsHandledByAFrameThatWasMarked() =>
        Check(
            "42 Error: no f,cat",
            "function f() { strike(); if (armed) throw new Error('no') } %NeverOptimizeFunction(f);" +
            "function cat(a) { var z = a + 1; try { f() } catch (e) { return z + ' ' + e + ' ' + e.stack.split('\\n').slice(1, 3).map(s => s.trim().split(' ')[1]) } return z }" +
            "warm(cat, 41); hit(cat, 41)");

    [Fact]
    public void AnExceptionPassesFramesThatWereMarked() =>
        Check(
            "Error: no",
            "function f() { strike(); if (armed) throw new Error('no') } %NeverOptimizeFunction(f);" +
            "function pass(a) { return f() + a } warm(pass, 1); var r; try { hit(pass, 1) } catch (e) { r = e } '' + r");

    [Fact]
    public void AStoreKeepsTheAccumulator() =>
        Check(
            "42",
            "function S() {} Object.defineProperty(S.prototype, 'p', { set(v) { strike(); this.q = v } }); var s = new S;" +
            "function f(v) { return (s.p = v) + 1 } warm(f, 1); warm(f, 2); hit(f, 41)");

    [Fact]
    public void AConstructionKeepsItsReceiver() =>
        Check(
            "5 true",
            "function P(x) { this.x = x; strike() } function f(x) { var p = new P(x); return p.x + ' ' + (p instanceof P) } warm(f, 1); hit(f, 5)");

    [Fact]
    public void AConstructionThatGoesOnMayBailOutItself() =>
        Check(
            "2.5,9",
            "class A { constructor(x) { this.x = x + 1 } } class B extends A { constructor(x) { super(x); this.y = 9 } }" +
            "var bound = function() {}.bind(); Object.defineProperty(bound, 'prototype', { get() { if (armed) %DeoptimizeFunction(target); return A.prototype } });" +
            "function make(x) { return Reflect.construct(B, [x], bound) } for (var i = 0; i < 9; i++) make(i); %OptimizeFunctionOnNextCall(A); Reflect.construct(A, [1], bound);" +
            "%OptimizeFunctionOnNextCall(B); make(1); target = B; armed = true; var o = make(1.5); armed = false; [o.x, o.y].join()");

    [Fact]
    public void AConstructionGoesOnWhenMakingItsReceiverRanScript() =>
        Check(
            "5 9 true",
            "class A { constructor(x) { this.x = x } } class B extends A { constructor(x) { super(x); this.y = 9 } }" +
            "var bound = B.bind(null), proto = { __proto__: B.prototype }; Object.defineProperty(bound, 'prototype', { get() { strike(); return proto } });" +
            "function make(x) { return Reflect.construct(B, [x], bound) } for (var i = 0; i < 9; i++) make(i); %OptimizeFunctionOnNextCall(B); make(1); target = B; armed = true;" +
            "var o = make(5); armed = false; o.x + ' ' + o.y + ' ' + (o.__proto__ === proto)");

    [Fact]
    public void AReceiverIsConvertedAgain() =>
        Check("object 7", "function f() { var t = typeof this; return t + ' ' + strike() } function g(v) { return f.call(v) } warm(f); warm(g, 1); target = f; hit(f, 1)");

    [Fact]
    public void TracesAreTheSameInOptimizedCode() =>
        Check(
            "o.foo.bar is not a function at msg,e1",
            "function msg(o) { return o.foo.bar() } function e1(o) { try { return msg(o) } catch (e) { return e.message + ' at ' + e.stack.split('\\n').slice(1, 3).map(s => s.trim().split(' ')[1]) } }" +
            "warm(e1, { foo: { bar() { return 1 } } }); e1({ foo: { bar: 5 } }); warm(e1, { foo: { bar: 5 } }); e1({ foo: { bar: 5 } })");

    [Fact]
    public void ATraceShowsInlinedFrames() =>
        Check(
            "c,b,a",
            "function c() { return new Error('x').stack } function b() { return c() } function a() { return b() } warm(a);" +
            "a().split('\\n').slice(1, 4).map(s => s.trim().split(' ')[1]).join()");
}
