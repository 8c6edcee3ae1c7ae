using Segno.Base;
using Segno.Heap;
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

    [Fact]
    public void TheSameBetIsLostAtMostTwice()
    {
        var events = new List<EngineEvent>();
        using var script = new ScriptFixture(tiering: new TieringOptions { OptimizerBudget = 4000 }, natives: true);
        script.Run("""
            var fs = [], kinds = [1, 1.5, -0, 'a', null, { a: 1 }, { b: 2, a: 3 }, [1], [1.5], true, 2147483647, 'aa'];
            for (var i = 0; i < 50; i++) fs.push(new Function('x', 'i', 'k', 'var t = x.a; t = t + k[i]; t = t * x; if (t > i) t = x < i; k[i] = t; return [x + i, ' + i + ', -x, k[i + 1]]'));
            function run(n) { for (var j = 0; j < n; j++) { var f = fs[j % 50]; var k = kinds[(j * 7 + (j >> 9)) % 12]; try { f(k, j % 15, [1, 2, 3, 4, 5, 6, 7, 8]) } catch (e) {} } }
            """);
        script.Run("run(20000)");
        Collect(script);
        int before = script.Core.CodeSpace.LiveBytes;
        script.Agent.Events.Add(events.Add);
        script.Run("for (var r = 0; r < 6; r++) { for (var i = 0; i < 50; i++) %OptimizeFunctionOnNextCall(fs[i]); run(4000) }");
        var lost = new Dictionary<(string, long, long, string), int>();
        foreach (EngineEvent e in events.Where(static e => e.Kind == EventKind.GuardFail && e["slot"] >= 0))
        {
            // Functions share their name: the bound is that of all together.
            var key = (e.Subject, e["offset"], e["slot"], e.Reason);
            lost[key] = lost.GetValueOrDefault(key) + 1;
        }

        Assert.All(lost, static pair => Assert.True(pair.Value <= 2 * 50, $"{pair.Key}: {pair.Value}"));
        script.Run("for (var i = 0; i < 50; i++) %DeoptimizeFunction(fs[i])");
        Collect(script);
        Assert.Equal(0, script.Core.Optimizer.Deoptimized.Count);
        Assert.InRange(script.Core.CodeSpace.LiveBytes, 0, before + (before / 20) + 4096);
        Assert.Contains(events, static e => e.Kind == EventKind.CodeFree);
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
            EventKind.WeakListVisit, EventKind.WeakListUnlink, EventKind.CodeFree,
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
        events.Clear();
        script.Run("for (var i = 0; i < 9; i++) f('y'); %OptimizeFunctionOnNextCall(f); f('x')");
        Assert.Contains(events, static e => e.Kind == EventKind.Reoptimize);
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
}
