using Segno.Base;
using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>What code relies on without a guard, and what becomes of the code when that changes (DEOPT-6).</summary>
public sealed class DependencyTests
{
    private const string Prelude = "function warm(f, ...args) { for (var i = 0; i < 8; i++) f(...args); %OptimizeFunctionOnNextCall(f); return f(...args) }";

    private static ScriptFixture Start(List<EngineEvent> events)
    {
        var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Agent.Events.Add(events.Add);
        script.Run(Prelude);
        return script;
    }

    private static bool IsOptimized(ScriptFixture script, string function) => script.Text($"(%GetOptimizationStatus({function}) & 32) !== 0") == "true"
        || script.Text($"%GetOptimizationStatus({function})") == "49";

    [Fact]
    public void AMethodOfAPrototypeIsConstantUntilItIsReplaced()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Equal("1", "class A { m() { return 1 } } var a = new A; function f(o) { return o.m() } warm(f, a)");
        EngineEvent install = events.Last(static e => e.Kind == EventKind.TierUpInstall && e.Subject == "f");
        Assert.True(install["dependencies"] > 0);
        script.Equal("2", "A.prototype.m = function() { return 2 }; f(a)");
        Assert.Contains(events, e => e.Kind == EventKind.CodeMark && e["code"] == install["code"] && e.Reason == "dependency change");
        Assert.DoesNotContain(events, static e => e.Kind == EventKind.GuardFail && e.Subject == "f");
    }

    [Fact]
    public void AMethodIsReplacedWhileItsCallerRuns()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("class A { m() { return 1 } } var a = new A, armed = true; armed = false; armed = true; armed = false; function change() { %IsSmi(1); if (armed) A.prototype.m = function() { return 20 } } %NeverOptimizeFunction(change);");
        script.Equal("2", "function f(o) { var x = o.m(); change(); return x + o.m() } warm(f, a)");
        script.Equal("21", "armed = true; f(a)");
        Assert.Contains(events, static e => e.Kind == EventKind.ActivationPatch && e["activations"] == 1);
    }

    [Fact]
    public void AShapeOfAPrototypeIsADependency()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("class A { m() { return 1 } } class B extends A {} var b = new B; function f(o) { return o.m() } warm(f, b)");
        script.Equal("3", "B.prototype.m = function() { return 3 }; f(b)");
        script.Run("warm(f, b)");
        script.Equal("4", "b.__proto__ = { m() { return 4 } }; f(b)");
    }

    [Fact]
    public void APrototypeThatIsUsedAsANamespaceIsNotConstant()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("function N() {} N.prototype.count = 0; var n = new N; function f() { N.prototype.count++; return n.count } %NeverOptimizeFunction(N)");
        script.Equal("9", "warm(f)");
        for (int i = 0; i < 20; i++)
        {
            script.Run("warm(f)");
        }

        script.Equal("190", "f()");
        Assert.True(events.Count(static e => e.Kind == EventKind.CodeMark) <= 3, "thrashes");
    }

    [Fact]
    public void AGlobalThatIsAssignedOnceIsConstant()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("let k = 5; const c = 6; function g() { return 1 } function f() { return k + c + g() }");
        script.Equal("12", "warm(f)");
        EngineEvent install = events.Last(static e => e.Kind == EventKind.TierUpInstall && e.Subject == "f");
        Assert.True(install["dependencies"] >= 3);
        script.Equal("13", "k = 6; f()");
        Assert.Contains(events, e => e.Kind == EventKind.CodeMark && e["code"] == install["code"]);
        script.Equal("13", "warm(f)");
        script.Equal("15", "k = 8; f()");
        script.Equal("18", "g = function() { return 4 }; f()");
        script.Equal("throws ReferenceError: v is not defined", "this.v = 1; function h() { return v } warm(h); delete this.v; h()");
    }

    [Fact]
    public void ConstantsAreReassignedByCompiledStores()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("var k = 1; function read() { return k } function write(v) { k = v }");
        script.Equal("1", "warm(read)");
        script.Equal("0,1,2,3,4,5,6,7,8,9", "var seen = []; for (var i = 0; i < 10; i++) { write(i); seen.push(read()) } '' + seen");
        script.Run("warm(write, 3); warm(read)");
        script.Equal("11", "write(11); read()");
    }

    [Fact]
    public void TheInitialMapOfAConstructorIsADependency()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("function P(x) { this.x = x } for (var i = 0; i < 30; i++) new P(i); function f() { return new P(3) } warm(f)");
        script.Equal("7", "P.prototype = { y: 7 }; f().y");
    }
}
