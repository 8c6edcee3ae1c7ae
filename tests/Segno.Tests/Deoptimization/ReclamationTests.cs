using Segno.Base;
using Segno.Heap;
using Segno.Optimizer;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>Codes that lost their bets are learned from, left, unlinked and freed (CODE-1).</summary>
public sealed class ReclamationTests
{
    private static void Collect(ScriptFixture script)
    {
        for (int i = 0; i < 3; i++)
        {
            script.Agent.Heap.Collect(CollectionKind.Full);
        }

        script.Core.CodeSpace.FreeDead();
    }

    /// <summary>A million with SEGNO_TYPE_CHANGES=1000000 (<c>bench/choreography.py</c>); fewer by default.</summary>
    [Fact]
    public void TheSameBetIsLostAtMostTwice()
    {
        int changes = int.Parse(Environment.GetEnvironmentVariable("SEGNO_TYPE_CHANGES") ?? "24000", System.Globalization.CultureInfo.InvariantCulture);
        using var script = new ScriptFixture(tiering: new TieringOptions { OptimizerBudget = 4000 }, natives: true);
        script.Run("""
            var fs = [], kinds = [1, 1.5, -0, 'a', null, { a: 1 }, { b: 2, a: 3 }, [1], [1.5], true, 2147483647, 'aa'];
            for (var i = 0; i < 50; i++) fs.push(new Function('return function f' + i + '(x, i, k) { var t = x.a; t = t + k[i]; t = t * x; if (t > i) t = x < i; k[i] = t; return [x + i, ' + i + ', -x, k[i + 1]] }')());
            function run(n) { for (var j = 0; j < n; j++) { var f = fs[j % 50]; var k = kinds[(j * 7 + (j >> 9)) % 12]; try { f(k, j % 15, [1, 2, 3, 4, 5, 6, 7, 8]) } catch (e) {} } }
            """);
        script.Run("run(20000)");
        Collect(script);
        int before = script.Core.CodeSpace.LiveBytes;
        var lost = new Dictionary<(string Function, long Slot, string Reason), int>();
        bool freed = false;
        script.Agent.Events.Add(e =>
        {
            freed |= e.Kind == EventKind.CodeFree;
            if (e.Kind == EventKind.GuardFail && e["slot"] >= 0)
            {
                (string, long, string) key = (e.Subject, e["slot"], e.Reason);
                lost[key] = lost.GetValueOrDefault(key) + 1;
            }
        });
        for (int round = 0; round < 6; round++)
        {
            script.Run($"for (var i = 0; i < 50; i++) %OptimizeFunctionOnNextCall(fs[i]); run({changes / 6})");
        }

        Assert.NotEmpty(lost);
        Assert.All(lost, static pair => Assert.True(pair.Value <= 2, $"{pair.Key}: {pair.Value}"));
        script.Run("for (var i = 0; i < 50; i++) %DeoptimizeFunction(fs[i])");
        Collect(script);
        int after = script.Core.CodeSpace.LiveBytes;
        Assert.Equal(0, script.Core.Optimizer.Deoptimized.Count);
        Assert.InRange(after, 0, before + (before / 20));
        Assert.True(freed);
        Console.WriteLine($"type changes: {changes}, bailouts: {lost.Values.Sum()} of at most {2 * lost.Count} (two for each site and reason), code: {before:N0} bytes before, {after:N0} after, weak lists empty");
    }

    [Fact]
    public void AnIndexOutOfBoundsIsLearned()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Agent.Events.Add(events.Add);
        script.Run("function f(a, i) { return a[i] } var a = [1, 2, 3]; for (var i = 0; i < 9; i++) f(a, 1);");
        for (int i = 0; i < 5; i++)
        {
            script.Equal("undefined", "%OptimizeFunctionOnNextCall(f); f(a, 1); f(a, 7)");
        }

        Assert.InRange(events.Count(static e => e.Kind == EventKind.GuardFail && e.Reason == "out of bounds"), 1, 2);
    }

    [Fact]
    public void ClearedFeedbackHasLostNothing()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Agent.Events.Add(events.Add);
        script.Run("var a = [1, 2, 3]; function f(a, i) { return a[i] }");
        for (int i = 0; i < 4; i++)
        {
            script.Equal("undefined", "%ClearFunctionFeedback(f); f(a, 1); f(a, 1); %OptimizeFunctionOnNextCall(f); f(a, 1); f(a, 7)");
        }

        Assert.Equal(4, events.Count(static e => e.Kind == EventKind.GuardFail && e.Reason == "out of bounds"));
    }

    [Fact]
    public void OneCycleInItsOrder()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Run("function f(a) { return a + 1 } for (var i = 0; i < 9; i++) f(1)");
        script.Agent.Events.Add(events.Add);
        script.Run("%OptimizeFunctionOnNextCall(f); f(1); f('x')");
        Collect(script);
        EventKind[] order =
        [
            EventKind.TierUpRequest, EventKind.TierUpCompile, EventKind.TierUpInstall, EventKind.GuardFail, EventKind.DeoptCapture,
            EventKind.DeoptTranslate, EventKind.DeoptWrite, EventKind.DeoptReplace, EventKind.CodeMark, EventKind.WeakListAppend,
            EventKind.CacheClear, EventKind.WeakListVisit, EventKind.WeakListUnlink, EventKind.CodeFree,
        ];
        int at = -1;
        foreach (EventKind kind in order)
        {
            int next = events.FindIndex(at + 1, e => e.Kind == kind);
            Assert.True(next > at, $"{kind.Name()} in {string.Join(", ", events.Select(static e => e.Kind.Name()))}");
            at = next;
        }

        EngineEvent fail = events.First(static e => e.Kind == EventKind.GuardFail);
        Assert.Equal("f", fail.Subject);
        Assert.Equal("not a Smi", fail.Reason);
        Assert.Contains("\"event\":\"guard.fail\"", fail.ToJson(), StringComparison.Ordinal);

        // After many hours, too.
        EngineEvent late = fail with { Timestamp = 100_000 * System.Diagnostics.Stopwatch.Frequency };
        Assert.Contains("\"us\":100000000000,", late.ToJson(), StringComparison.Ordinal);
        events.Clear();
        script.Run("for (var i = 0; i < 9; i++) f('y'); %OptimizeFunctionOnNextCall(f); f('x')");
        Assert.Contains(events, static e => e.Kind == EventKind.Reoptimize);
    }

    [Fact]
    public void ObjectsAreMadeBehindTheReplacement()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Run("function f(a) { var p = { x: a }, q = { p: p }; var r = a + 1; return r + p.x + q.p.x } for (var i = 0; i < 9; i++) f(1); %OptimizeFunctionOnNextCall(f); f(1)");
        script.Agent.Events.Add(events.Add);
        script.Equal("b1bb", "f('b')");
        int replaced = events.FindIndex(static e => e.Kind == EventKind.DeoptReplace);
        Assert.Equal(EventKind.DeoptMaterialize, events[replaced + 1].Kind);
        Assert.Equal(2, events[replaced + 1]["objects"]);
        Assert.True(events[replaced].Timestamp <= events[replaced + 1].Timestamp);
    }

    [Fact]
    public void ACollectionInItsOrder()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Run("function f(a) { return a + 1 } for (var i = 0; i < 9; i++) f(1); %OptimizeFunctionOnNextCall(f); f(1); f('x')");
        script.Agent.Events.Add(events.Add);
        script.Agent.Heap.Collect(CollectionKind.Full);
        EventKind[] order =
        [
            EventKind.SafepointRequest, EventKind.SafepointReached, EventKind.GcStart, EventKind.StoreBufferFlush, EventKind.ScavengeRoots,
            EventKind.ScavengeEvacuate, EventKind.CacheClear, EventKind.WeakListVisit, EventKind.ScavengeWeak, EventKind.MarkStart,
            EventKind.WeakListVisit, EventKind.MarkWeak, EventKind.MarkFinish, EventKind.SweepFinish, EventKind.GcFinish, EventKind.SafepointReleased,
        ];
        Assert.Equal(order, events.Select(static e => e.Kind).Where(static kind => kind is not (EventKind.WeakListUnlink or EventKind.CodeFree)));
    }

    [Fact]
    public void FeedbackChangesAreTold()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Agent.Events.Add(events.Add);
        script.Run("function f(o) { return o.x } f({ x: 1 }); f({ x: 1, y: 1 }); f({ x: 1 })");
        Assert.Equal(
            ["uninitialized -> monomorphic", "monomorphic -> polymorphic (2)"],
            events.Where(static e => e.Kind == EventKind.FeedbackChange && e.Subject == "f").Select(static e => e.Reason));
    }

    [Fact]
    public void DotnetToolsSeeTheEvents()
    {
        using var listener = new Listener();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Run("function seen(a) { return a + 1 } for (var i = 0; i < 9; i++) seen(1); %OptimizeFunctionOnNextCall(seen); seen(1)");
        Assert.Contains(listener.Texts, static t => t.Contains("tierup.install", StringComparison.Ordinal) && t.Contains("\"subject\":\"seen\"", StringComparison.Ordinal));
    }

    private sealed class Listener : System.Diagnostics.Tracing.EventListener
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Texts { get; } = new();

        protected override void OnEventSourceCreated(System.Diagnostics.Tracing.EventSource eventSource)
        {
            if (eventSource.Name == "Segno")
            {
                EnableEvents(eventSource, System.Diagnostics.Tracing.EventLevel.LogAlways);
            }
        }

        protected override void OnEventWritten(System.Diagnostics.Tracing.EventWrittenEventArgs eventData) => Texts?.Enqueue(string.Join(" ", eventData.Payload!));
    }

    [Fact]
    public void TheVerboseTraceShowsFramesAndValues()
    {
        var trace = new List<string>();
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true, compilers: new Segno.Objects.CompilerOptions { TraceDeopt = true, TraceDeoptVerbose = true });
        script.Agent.CompilerTrace = trace.Add;
        script.Run("function f(a, b) { var c = b * 3; return a.x + c } for (var i = 0; i < 9; i++) f({ x: 1 }, 5); %OptimizeFunctionOnNextCall(f); f({ x: 1 }, 5); f({ y: 1 }, 5)");
        Assert.Contains(trace, static t => t.Contains("frame 0: bytecode", StringComparison.Ordinal) && t.Contains("= 15 from", StringComparison.Ordinal));
    }

    /// <summary>Codes that were made before a bet was lost lose it, too: that does not make it a bet lost twice.</summary>
    [Fact]
    public void AStaleBetTeachesNothing()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true);
        script.Run("""
            function g(o) { return o.x } function f1(o) { return g(o) } function f2(o) { return g(o) }
            var a = { x: 1 }, b = { y: 2, x: 3 }, c = { z: 4, x: 5 };
            for (var i = 0; i < 8; i++) { f1(a); f2(a) }
            %OptimizeFunctionOnNextCall(f1); f1(a); %OptimizeFunctionOnNextCall(f2); f2(a);
            """);
        var events = new List<EngineEvent>();
        script.Agent.Events.Add(events.Add);
        script.Equal("3,3", "[f1(b), f2(b)].join()");
        Assert.Equal(2, events.Count(static e => e.Kind == EventKind.GuardFail && e.Reason == "wrong map"));
        Assert.Equal(SlotState.Known, StateOfLoad());

        // Code that knows of both loses the bet once more, and the site is generic from then on.
        script.Run("%OptimizeFunctionOnNextCall(f1); f1(b)");
        script.Equal("5", "f1(c)");
        Assert.Equal(SlotState.Megamorphic, StateOfLoad());

        SlotState StateOfLoad()
        {
            using var constants = new ConstantTable(script.Agent);
            return new Broker(script.Agent, constants).Prepare(script.Function("g")).Slots[0].State;
        }
    }
}
