using Segno.Frames;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Tiering;

/// <summary>When functions change their tier, and what becomes of their code.</summary>
public sealed unsafe class TieringTests
{
    private static List<string> TraceOf(ScriptFixture script)
    {
        var steps = new List<string>();
        ((TieringPolicy)script.Agent.Tiering!).Trace = (step, name) => steps.Add(step + " " + name);
        return steps;
    }

    [Fact]
    public void AHotLoopIsReplacedOnTheStack()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions());
        List<string> steps = TraceOf(script);
        script.Equal("1999000", "function hot() { var s = 0; for (var i = 0; i < 2000; i++) s += i; return s } hot()");
        Assert.Equal(["request hot", "baseline hot", "osr hot"], steps);
    }

    [Fact]
    public void SmallFunctionsAreCompiledInBatches()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { BaselineBudget = 100, BatchSize = 20 });
        List<string> steps = TraceOf(script);
        script.Run("function one(a) { return a.x + a.x } function two(a) { return a.x - a.x } var o = { x: 1 }; one(o); two(o)");
        script.Run("for (var i = 0; i < 14; i++) { one(o); two(o) }");
        int one = steps.IndexOf("baseline one");
        Assert.Contains("request one", steps);
        Assert.True(one > steps.IndexOf("request two"), string.Join(", ", steps));
        Assert.Equal("baseline two", steps[one + 1]);
    }

    [Fact]
    public void ClosuresShareTheCodeOfTheirFunction()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { Selection = TierSelection.BaselineOnly });
        List<string> steps = TraceOf(script);
        script.Run("function make() { return function inner() { return 1 } } function twice() { return make()() + make()() } twice(); twice()");
        Assert.Single(steps, "baseline inner");
    }

    /// <summary>Its budget ends in its loop nearly always: code for the loop alone would leave each call to baseline code.</summary>
    [Fact]
    public void AFunctionWithAShortLoopGetsCodeForItsEntry()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true, compilers: new CompilerOptions());
        script.Equal("true", """
            function f(a) { var s = 0; for (var i = 0; i < 1000; i++) s += a ^ i; return s }
            function run() { for (var i = 0; i < 2000; i++) f(i) }
            %NeverOptimizeFunction(run);
            run();
            (%GetOptimizationStatus(f) & 16) != 0
            """);
    }

    /// <summary>A construction that C# prepares, and the first call of another closure of the site, leave the optimized code in its place.</summary>
    [Fact]
    public void SlowConstructionsKeepOptimizedCode()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true, compilers: new CompilerOptions());
        script.Run("""
            function make() { return function () { } }
            var A = make(), B = make(), C = make();
            function build(kind) { return new kind() }
            %PrepareFunctionForOptimization(A);
            for (var i = 0; i < 20; i++) { build(A); build(B) }
            %OptimizeFunctionOnNextCall(A);
            new A();
            """);
        const string IsOptimized = "(%GetOptimizationStatus(A) & 16) != 0";
        script.Equal("true", IsOptimized);
        script.Run("class D extends A { }; Reflect.construct(A, [], D); Reflect.construct(B, [], Object); new D(); new C(); build(C)");
        script.Equal("true", IsOptimized);
    }

    [Fact]
    public void EveryBackEdgeCanSwitchEitherWay()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { BaselineBudget = 1, SwitchesAtBackEdges = true });
        List<string> steps = TraceOf(script);
        script.Equal("4950", "function f() { var s = 0; for (var i = 0; i < 100; i++) s += i; return s } f()");
        Assert.InRange(steps.Count(static s => s == "osr f"), 30, 50);
    }

    [Fact]
    public void CodeDiesWithItsFunction()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { Selection = TierSelection.BaselineOnly });
        var freed = new List<string>();
        script.Core.CodeSpace.Freed = info => freed.Add(info.Name);
        script.Run("var keep = new Function('return 1'); keep()");
        Collect(script);
        freed.Clear();
        int before = script.Core.CodeSpace.LiveBytes;
        script.Run("for (var i = 0; i < 50; i++) new Function('return ' + i)()");
        Assert.True(script.Core.CodeSpace.LiveBytes > before);
        Collect(script);
        Assert.True(freed.Count(static n => n == "anonymous") >= 45, "freed " + freed.Count);
        Assert.InRange(script.Core.CodeSpace.LiveBytes, 0, before + 4096);
        script.Equal("1", "keep()");
    }

    [Fact]
    public void AnActivationKeepsItsCode()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { Selection = TierSelection.BaselineOnly });
        bool wasAlive = false;
        script.Define("probe", (agent, _, _) =>
        {
            // Whoever drops valid code redirects the entries first; here the only closure is on the stack.
            for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
            {
                if (walker.Current.Kind == FrameKind.Interpreted)
                {
                    JSFunction function = walker.Current.Function;
                    function.FeedbackCell.Entry = agent.Block->Stubs[(int)StubId.InterpreterEntry];
                    function.Shared.SetBaselineCode(Value.Undefined);
                    break;
                }
            }

            agent.Heap.Collect(CollectionKind.Full);
            agent.Heap.Collect(CollectionKind.Full);
            script.Core.CodeSpace.FreeDead();
            for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
            {
                if (walker.Current.Kind == FrameKind.Interpreted)
                {
                    InstalledCode? code = BaselineFrames.Installed(walker.Current, Unwinder.Registry!);
                    wasAlive = code is not null && Code.Is(code.Handle.Value);
                    break;
                }
            }

            return Value.FromInt32(5);
        });
        int count = script.Core.CodeSpace.LiveCount;
        script.Equal("6", "function f() { return probe() + 1 } f()");
        Assert.True(wasAlive);
        Collect(script);
        Assert.True(script.Core.CodeSpace.LiveCount <= count + 2);
    }

    [Fact]
    public void ATerminationEndsAHotBaselineLoop()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { Selection = TierSelection.BaselineOnly });
        using var timer = new Timer(_ => script.Core.RequestTermination(TerminationReason.Cancelled), null, 50, Timeout.Infinite);
        Assert.Throws<TerminationException>(() => { script.Run("for (;;) { try { for (;;); } catch (e) { } finally { } }"); });
        script.Equal("3", "1 + 2");
    }

    private static void Collect(ScriptFixture script)
    {
        for (int i = 0; i < 3; i++)
        {
            script.Agent.Heap.Collect(CollectionKind.Full);
        }

        script.Core.CodeSpace.FreeDead();
    }
}
