using Segno.Base;
using Segno.Deoptimization;
using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>What events tell of a deoptimization: which guard, what marked the code, the kinds of frames and values.</summary>
public sealed class FrameCensusTests
{
    private static List<EngineEvent> Run(string source, CompilerOptions? options = null)
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true, compilers: options);
        script.Run("function warm(f, ...args) { for (var i = 0; i < 8; i++) f(...args); %OptimizeFunctionOnNextCall(f); f(...args) }");
        script.Agent.Events.Add(events.Add);
        script.Run(source);
        return events;
    }

    private static string[] Of(List<EngineEvent> events, EventKind kind) => [.. events.Where(e => e.Kind == kind).Select(static e => e.Reason)];

    [Fact]
    public void AGuardInAnInlinedFunction()
    {
        List<EngineEvent> events = Run("function g(a, b, c) { return a + 1 } function f(v) { var o = { k: v }; return g(v) + o.k } warm(f, 1); f(1.5)");
        Assert.Equal(["CheckedTaggedToInt32"], Of(events, EventKind.DeoptCapture));
        Assert.Equal(["outermost, caller", "inlined, before", "inlined, fewer arguments"], Of(events, EventKind.DeoptFrame));
        Assert.Contains("CapturedObject", Of(events, EventKind.DeoptValue));
    }

    [Fact]
    public void WithoutEscapeAnalysisObjectsAreMade()
    {
        List<EngineEvent> events = Run("function f(v) { var o = { k: 2 }; return v + 1 + o.k } warm(f, 1); f(1.5)", new CompilerOptions { EscapeAnalysis = false });
        Assert.Equal(["CheckedTaggedToInt32"], Of(events, EventKind.DeoptCapture));
        Assert.DoesNotContain("CapturedObject", Of(events, EventKind.DeoptValue));
    }

    [Theory]
    [InlineData("%DeoptimizeFunction(f)", "marked: requested")]
    [InlineData("A.prototype.m = () => 2", "marked: a chain of prototypes changed")]
    [InlineData("C.prototype = {}", "marked: a constructor got another prototype")]
    [InlineData("shared = 2", "marked: a global changed")]
    [InlineData("ns.k = 2", "marked: a constant field changed")]
    [InlineData("ns.l = 2", "marked: an object left a stable map")]
    public void WhatMarkedTheCode(string strike, string cause)
    {
        List<EngineEvent> events = Run(
            $"var armed = 0, shared = 1, ns = {{ k: 1 }}; class A {{ m() {{ return 1 }} }} var a = new A; function C() {{ this.c = 1 }} function strike() {{ if (armed) {strike} }} %NeverOptimizeFunction(strike); armed = 1; armed = 0;" +
            "function f() { var s = a.m() + shared + ns.k + new C().c; strike(); return s + a.m() + shared + ns.k } warm(f); armed = 1; f()");
        Assert.Contains(cause, Of(events, EventKind.DeoptCapture));
        Assert.Contains(cause, FrameCensus.LazyCauses);
        Assert.Contains("outermost, behind", Of(events, EventKind.DeoptFrame));
    }

    [Fact]
    public void AnExceptionIntoACallersHandler()
    {
        List<EngineEvent> events = Run(
            "function t(v) { if (v) throw v } %NeverOptimizeFunction(t); function g(v) { t(v); return 1 } function f(v) { try { return g(v) } catch (e) { return e } } warm(f, 0); f(1)");
        Assert.Equal(["exception"], Of(events, EventKind.DeoptCapture));
        Assert.Equal(["outermost, handler"], Of(events, EventKind.DeoptFrame));
    }
}
