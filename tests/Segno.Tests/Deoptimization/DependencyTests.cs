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

    /// <summary>Fields of objects that globals hold are constants until they are stored to, by whatever means (OBJ-7).</summary>
    [Theory]
    [InlineData("ns.k = 2", "2")]
    [InlineData("ns['k'] = 3", "3")]
    [InlineData("Object.assign(ns, { k: 4 })", "4")]
    [InlineData("Object.defineProperty(ns, 'k', { value: 5 })", "5")]
    [InlineData("Reflect.set(ns, 'k', 6)", "6")]
    [InlineData("delete ns.last; ns.last = 1; delete ns.last; delete ns.k; ns.k = 7", "7")]
    [InlineData("Object.create(ns).k = 8", "1")]
    [InlineData("ns.__proto__ = { k: 9 }", "1")]
    [InlineData("var p = Object.create(ns); ns.k = 10", "10")]
    [InlineData("for (var i = 11; i < 99; i++) ns.k = i", "98")]
    [InlineData("var { ...copy } = ns; copy.k = 12", "1")]
    [InlineData("for (ns.k of [13]);", "13")]
    [InlineData("[ns.k] = [14]", "14")]
    [InlineData("ns.k++", "2")]
    [InlineData("Object.prototype.k = 15; delete ns.k", "15")]
    public void AFieldOfAConstantObjectIsConstantUntilItChanges(string change, string expected)
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("var ns = { k: 1, f() { return this.k } }; ns.last = 0; function read() { return ns.k } function call() { return ns.f() }");
        script.Equal("1", "warm(read)");
        script.Equal("1", "warm(call)");
        Assert.True(events.Last(static e => e.Kind == EventKind.TierUpInstall && e.Subject == "read")["dependencies"] >= 3);
        script.Run(change);
        script.Equal(expected, "read()");
        script.Equal(expected, "call()");
        script.Equal(expected, "warm(read)");
        script.Run("ns.k = 77");
        script.Equal("77", "read()");
    }

    /// <summary>The first object that stores to a field makes it a variable for all that have it from the same map, on all branches.</summary>
    [Fact]
    public void ConstantFieldsAreThoseOfTheMapThatAddedThem()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("function P(k) { this.k = k } var one = new P(1), two = new P(2), three = new P(3); two.b = 0; three.c = 0; function read() { return one.k + two.k + three.k }");
        script.Equal("6", "warm(read)");
        EngineEvent install = events.Last(static e => e.Kind == EventKind.TierUpInstall && e.Subject == "read");
        script.Run("var four = new P(4); four.d = 1; four.k = 5");
        Assert.Contains(events, e => e.Kind == EventKind.CodeMark && e["code"] == install["code"] && e.Reason == "dependency change");
        script.Equal("15", "three.k = 12; read()");
        script.Equal("15", "warm(read)");
        script.Equal("35", "two.k = 22; read()");
    }

    /// <summary>Stores without an assignment's handler: literals initialize, megamorphic sites store.</summary>
    [Fact]
    public void ALiteralInitializesAndAMegamorphicSiteStores()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("function id(x) { return x } function make(v) { return { k: id(v), l: v } } var ns = make(1), other = make(2); for (var i = 0; i < 20; i++) make(i);");
        script.Run("function set(o, v) { o.k = v } for (var n of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) { var o = {}; o[n] = 1; o.k = 1; set(o, 2) } function read() { return ns.k + ns.l }");
        script.Equal("2", "warm(read)");
        Assert.True(events.Last(static e => e.Kind == EventKind.TierUpInstall && e.Subject == "read")["dependencies"] >= 3);
        script.Equal("3", "set(other, 5); set(ns, 2); read()");
        script.Equal("3", "warm(read)");
    }

    [Fact]
    public void AFieldThatChangesOftenDoesNotThrash()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("var state = { count: 0 }; function f() { state.count++; return state.count }");
        for (int i = 0; i < 20; i++)
        {
            script.Run("warm(f)");
        }

        Assert.True(events.Count(static e => e.Kind == EventKind.CodeMark) <= 2, "thrashes");
    }

    /// <summary>Prototypes, among them the objects of the realm, have validity cells instead (OBJ-6).</summary>
    [Theory]
    [InlineData("Math.max(x, 2)", "Math.max = function() { return 3 }", "3")]
    [InlineData("A.make(x)", "A.make = function() { return 4 }", "4")]
    [InlineData("A.k", "A.k = 5", "5")]
    [InlineData("A.k", "delete A.k", "undefined")]
    public void AFieldOfAConstantPrototypeIsConstantUntilItChanges(string expression, string change, string expected)
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("class A { static make(x) { return x + 1 } static k = 2 } class B extends A {} function f(x) { return " + expression + " }");
        script.Equal("2", "warm(f, 1)");
        EngineEvent install = events.Last(static e => e.Kind == EventKind.TierUpInstall && e.Subject == "f");
        script.Run(change);
        script.Equal(expected, "f(1)");
        Assert.Contains(events, e => e.Kind == EventKind.CodeMark && e["code"] == install["code"] && e.Reason == "dependency change");
        Assert.DoesNotContain(events, static e => e.Kind == EventKind.GuardFail && e.Subject == "f");
        script.Equal(expected, "warm(f, 1)");
    }
}
