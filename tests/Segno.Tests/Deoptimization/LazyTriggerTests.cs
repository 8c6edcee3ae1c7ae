using Segno.Base;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>
/// Each way in which an assumption without a guard can die while the code that makes it waits for a call. The program says the value of every
/// variable of both frames, in all representations, with objects that were not allocated; the events come in their order.
/// </summary>
public sealed class LazyTriggerTests
{
    private const string Prelude = """
        class A { m() { return 1 } }
        A.prototype.k = 21;
        class B extends A { m2() { return 2 } }
        class C extends B { m() { return 3 } }
        var b = new B, c = new C;
        function P(z) { this.z = z }
        for (var i = 0; i < 40; i++) new P(i);
        var ns = { k: 11, inner: { h() { return 12 } } };
        let lexical = 5;
        var global = 6;
        function h() { return 7 }
        """;

    [Theory]
    [InlineData("b.m()", "A.prototype.m = function() { return 100 }")]
    [InlineData("b.m()", "B.prototype.m = function() { return 101 }")]
    [InlineData("c.m()", "delete C.prototype.m")]
    [InlineData("b.m()", "Object.setPrototypeOf(B.prototype, { m() { return 102 } })")]
    [InlineData("b.m()", "Object.defineProperty(A.prototype, 'm', { get() { return () => 103 }, configurable: true })")]
    [InlineData("b.k", "A.prototype.k = 104")]
    [InlineData("b.k", "Object.defineProperty(A.prototype, 'k', { value: 105 })")]
    [InlineData("lexical", "lexical = 107")]
    [InlineData("global", "global = 108")]
    [InlineData("h()", "h = function() { return 109 }")]
    [InlineData("new P(1).z + (new P(1).w | 0)", "P.prototype = { w: 110 }")]
    [InlineData("ns.k", "ns.k = 111")]
    [InlineData("ns.inner.h()", "ns.inner.h = function() { return 112 }")]
    [InlineData("ns.k", "delete ns.k; Object.prototype.k = 113")]
    [InlineData("ns.inner.h()", "Object.defineProperty(ns, 'inner', { get() { return { h() { return 114 } } } })")]
    [InlineData("ns.k", "ns.added = 115")]
    [InlineData("ns.k", "Object.freeze(ns)")]
    [InlineData("1", "%DeoptimizeFunction(g)")]
    [InlineData("1", "%ClearFunctionFeedback(g)")]
    public void AnAssumptionDiesUnderACall(string expression, string trigger)
    {
        string program = Prelude + $$"""
            // No constant, and not inlined.
            var armed = false; armed = true; armed = false;
            function strike(x) { %IsSmi(1); if (armed) { {{trigger}}; armed = false } return x + 1 }
            %NeverOptimizeFunction(strike);
            function f(a, d, s) {
              var i = a | 0, half = d * 0.5, u = a >>> 0, bit = a > 3, inner = { half: half }, o = { i: i, inner: inner };
              var before = {{expression}};
              var r = strike(i);
              var after = {{expression}};
              return [a, d, s, i, half, u, bit, o.i, o.inner.half, o.inner === inner, before, r, after].join();
            }
            function g(a, d) { var kept = a * 2, frac = d + 0.25, p = { kept: kept }; var t = f(a, d, 'text'); return t + '/' + [a, d, kept, frac, p.kept].join() }
            for (var i = -9; i < 12; i++) g(i, i + 0.5);
            %OptimizeFunctionOnNextCall(g); g(1, 1.5);
            """;
        const string Hit = "armed = true; g(-7, 2.5) + ';' + g(8, 0.5)";
        string expected;
        using (var plain = new ScriptFixture(natives: true, tiering: new TieringOptions { Selection = TierSelection.InterpreterOnly }))
        {
            plain.Run(program);
            expected = plain.Text(Hit);
        }

        Assert.StartsWith("-7,2.5,text,-7,1.25,4294967289,false,-7,1.25,true,", expected, StringComparison.Ordinal);
        foreach (int interval in (ReadOnlySpan<int>)[0, 1])
        {
            var events = new List<EngineEvent>();
            using var script = new ScriptFixture(interval, new TieringOptions(), natives: true);
            script.Run(program);
            script.Agent.Events.Add(events.Add);
            script.Equal(expected, Hit);
            EngineEvent mark = events.First(static e => e.Kind == EventKind.CodeMark && e.Subject == "g");
            Assert.True(mark.Reason is "dependency change" or "requested", mark.Reason + " " + string.Join(" ", events.Where(static e => e.Kind == EventKind.GuardFail)));
            List<EngineEvent> ofCode = [.. events.SkipWhile(e => e != mark).Where(static e => e.Subject is "g" or "f" && e.Kind is (>= EventKind.GuardFail and <= EventKind.WeakListAppend) and not (EventKind.DeoptFrame or EventKind.DeoptValue))];
            EventKind[] order =
            [
                EventKind.CodeMark, EventKind.ActivationPatch, EventKind.WeakListAppend, EventKind.GuardFail, EventKind.DeoptCapture,
                EventKind.DeoptTranslate, EventKind.DeoptWrite, EventKind.DeoptReplace, EventKind.DeoptMaterialize,
            ];
            Assert.Equal(order, ofCode.Take(order.Length).Select(static e => e.Kind));
            Assert.Equal(mark.Reason, ofCode[3].Reason);
            Assert.Equal(1, ofCode[4]["lazy"]);
            Assert.Equal(2, ofCode[5]["frames"]);
            Assert.Equal(3, ofCode[8]["objects"]);
        }
    }
}
