using Segno.Base;
using Segno.Heap;
using Segno.Layouts;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>Optimized code and feedback are no reason for objects to live; the verifier runs at every collection (DEOPT-8, FB-2).</summary>
public sealed class WeaknessTests
{
    private const string ObjectDied = "object died";

    private static ScriptFixture Start(List<EngineEvent> events)
    {
        var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Agent.Events.Add(events.Add);
        script.Define("collectGarbage", static (agent, hostId, arguments) =>
        {
            agent.Heap.Collect(arguments[0].IsTrue ? CollectionKind.Full : CollectionKind.Scavenge);
            return Value.Undefined;
        });
        script.Run("""
            function collect() { collectGarbage(true) }
            function scavenge() { collectGarbage(false) }
            function deep(n, f) { return n ? deep(n - 1, f) : f() }
            function warm(f, ...args) { for (var i = 0; i < 20; i++) f(...args); %OptimizeFunctionOnNextCall(f); return f(...args) }
            function osr() { %OptimizeOsr(1) }
            %NeverOptimizeFunction(warm); %NeverOptimizeFunction(osr);
            function isOptimized(f) { return (%GetOptimizationStatus(f) & 16) !== 0 }
            """);
        return script;
    }

    /// <summary>Values in dead parts of the C# stack pin what they point to: many runs from different depths leave few.</summary>
    private static void Collect(ScriptFixture script)
    {
        for (int i = 0; i < 4; i++)
        {
            script.Run("deep(3, collect)");
        }
    }

    private static int Marks(List<EngineEvent> events, string function) =>
        events.Count(e => e.Kind == EventKind.CodeMark && e.Reason == ObjectDied && e.Subject == function);

    [Fact]
    public void AMapThatDiesMarksTheCode()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("""
            var fs = [];
            for (var i = 0; i < 10; i++) fs.push(new Function('o', 'return o.x + ' + i));
            (function() { for (var i = 0; i < 10; i++) { var C = new Function('this.a' + i + ' = 0; this.x = 1'); warm(fs[i], new C) } })();
            """);
        script.Equal("10", "fs.filter(isOptimized).length");
        Collect(script);
        int survivors = int.Parse(script.Text("fs.filter(isOptimized).length"), null);
        Assert.InRange(survivors, 0, 2);
        Assert.Equal(10 - survivors, Marks(events, "anonymous"));
        script.Equal("30,31,32,33,34,35,36,37,38,39", "'' + fs.map(f => f({ x: 30 }))");
        script.Equal("10", "for (var f of fs) warm(f, { x: 30 }); fs.filter(isOptimized).length");
        script.Equal("5", "fs[5]({ x: 0 })");

        // Not a bet that was lost: it does not count against the function.
        Assert.InRange(events.Count(static e => e.Kind == EventKind.Reoptimize), 0, survivors);
    }

    [Fact]
    public void AMapThatLivesKeepsTheCode()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("function C() { this.x = 1 } var kept = new C; function f(o) { return o.x } warm(f, kept)");
        Collect(script);
        Assert.Equal(0, Marks(events, "f"));
        script.Equal("true", "isOptimized(f)");
    }

    [Fact]
    public void AFunctionThatDiesMarksItsCallersCode()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("""
            var fs = [];
            for (var i = 0; i < 10; i++) fs.push(new Function('g', 'return g(1) + ' + i));
            (function() { for (var i = 0; i < 10; i++) warm(fs[i], x => x + 100) })();
            """);
        script.Equal("10", "fs.filter(isOptimized).length");
        Collect(script);
        Assert.InRange(Marks(events, "anonymous"), 8, 10);
        script.Equal("3,4,5,6,7,8,9,10,11,12", "'' + fs.map(f => f(x => x + 2))");
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("scavenge")]
    public void ACallSiteForgetsAFunctionThatDied(string collection)
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        var changes = new List<string>();
        script.Core.IcSink = changes.Add;
        script.Run("var fs = []; for (var i = 0; i < 10; i++) fs.push(new Function('g', 'return g(1)')); (function() { for (var f of fs) f(x => x + 100) })();");
        int before = Targets();
        script.Run($"for (var i = 0; i < 3; i++) deep(3, {collection})");
        script.Equal("3,3,3,3,3,3,3,3,3,3", "'' + fs.map(f => f(x => x + 2))");
        int after = Targets();
        Assert.InRange(after - before, 8, 12);

        int Targets() => changes.Count(static c => c.StartsWith("[ic] anonymous", StringComparison.Ordinal) && c.EndsWith("call: uninitialized -> monomorphic", StringComparison.Ordinal));
    }

    [Fact]
    public void AnActivationKeepsWhatItsCodeNames()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("""
            var armed = false, C = function() { this.x = 1; this.y = 2 };
            function maybe() { if (armed) { C = null; held.o = null; for (var i = 0; i < 4; i++) collect(); var more = []; for (var i = 0; i < 500; i++) { var o = {}; o['z' + i] = i; more.push(o) } return more } }
            %NeverOptimizeFunction(maybe);
            function g(p) { return p.x }
            var held = { o: new C };
            function f(other) { var p = { a: held.o.x, b: 'text' }; var r = maybe(); return g(other) + p.a + p.b + (r ? r.length : 0) }
            warm(f, held.o); warm(f, held.o);
            """);
        script.Equal("true", "isOptimized(f)");
        script.Equal("81text500", "armed = true; f({ x: 80 })");
        Assert.DoesNotContain(events, static e => e.Kind == EventKind.CodeMark && e.Reason == ObjectDied && e.Subject == "f");
        Collect(script);
        script.Equal("throws TypeError", "try { f({ x: 80 }) } catch (e) { 'throws ' + e.name }");
    }

    [Fact]
    public void CodeForLoopHeadersGoesWithAFullCollection()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Equal("4950", Loop + "f(100)");
        EngineEvent entered = events.Last(static e => e.Kind == EventKind.OsrEnter);
        Collect(script);
        script.Core.CodeSpace.FreeDead();
        Assert.Contains(events, static e => e.Kind == EventKind.CodeFree && e.Subject.StartsWith("Osr:", StringComparison.Ordinal));
        script.Equal("4950", "f(100)");
        Assert.NotEqual(entered["code"], events.Last(static e => e.Kind == EventKind.OsrEnter)["code"]);
    }

    /// <summary>Nothing serves the queue of dead code between these collections: what it named is gone long before its instructions are.</summary>
    [Fact]
    public void DeadCodeMayWaitThroughManyCollections()
    {
        using ScriptFixture script = Start([]);
        script.Run("var fs = []; for (var i = 0; i < 300; i++) { var f = new Function('o', 'return o.x + ' + i + ' + o.y'); warm(f, { x: i, y: 1 }); fs.push(f) }; fs = f = undefined; deep(3, collect)");
        for (int i = 0; i < 6; i++)
        {
            script.Agent.Heap.Collect(i % 2 == 0 ? CollectionKind.Full : CollectionKind.Scavenge);
        }

        script.Core.CodeSpace.FreeDead();
        script.Equal("3", "1 + 2");
    }

    [Fact]
    public void ScavengesKeepCodeForLoopHeaders()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Equal("4950", Loop + "f(100)");
        EngineEvent entered = events.Last(static e => e.Kind == EventKind.OsrEnter);
        script.Run("deep(3, scavenge); deep(3, scavenge)");
        script.Equal("4950", "f(100)");
        Assert.Equal(entered["code"], events.Last(static e => e.Kind == EventKind.OsrEnter)["code"]);
    }

    private const string Loop = "function f(n) { var s = 0; for (var i = 0; i < n; i++) { if (i === 10) osr(); s += i } return s } ";

    [Fact]
    public void MarkedCodeIsNotEnteredAtALoopHeaderWhileItWaitsForTheCollector()
    {
        var events = new List<EngineEvent>();
        using ScriptFixture script = Start(events);
        script.Run("function f(n, x) { var s = 0; for (var i = 0; i < n; i++) { if (i === 10) osr(); s += x } return s }");
        script.Equal("100", "f(100, 1)");
        script.Equal("150", "f(100, 1.5)");
        EngineEvent marked = events.Last(static e => e.Kind == EventKind.CodeMark);
        int at = events.Count;
        script.Equal("9", "f(9, 1)");
        Collect(script);
        Assert.Contains(events, e => e.Kind == EventKind.CacheClear && e["code"] == marked["code"]);
        script.Equal("150", "f(100, 1.5)");
        Assert.DoesNotContain(events.Skip(at), e => e.Kind == EventKind.OsrEnter && e["code"] == marked["code"]);
        Assert.Equal(0, script.Core.Optimizer.Deoptimized.Count);
    }
}
