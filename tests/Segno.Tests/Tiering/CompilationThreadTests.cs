using System.Runtime.CompilerServices;
using Segno.Layouts;
using Segno.Objects;
using Segno.Realms;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Tiering;

/// <summary>What the threads that compile may know of engines that end.</summary>
public sealed class CompilationThreadTests
{
    private const string HotProgram = "function f(a) { var s = 0; for (var i = 0; i < a; i++) s += i % 7; return s } for (var i = 0; i < 3000; i++) f(50)";

    [Fact]
    public void AClosedInboxTellsNobody()
    {
        int told = 0;
        using var inbox = new CompilationInbox(() => told++);
        var job = new OptimizationJob(null!, default, inbox);
        inbox.Put(job);
        Assert.Equal(1, told);
        inbox.Dispose();
        inbox.Put(job);
        Assert.Equal(1, told);
        Assert.Null(inbox.Take());
    }

    /// <summary>Disposing frees what a job that comes back would write to: compilations are closed before the agent, and that before its heap.</summary>
    [Fact]
    public void CompilationsAreClosedBeforeTheAgentGoes()
    {
        var core = new EngineCore(new EngineCoreOptions());
        var probe = new DisposalProbe(core.Agent.Tiering!, core.Optimizer);
        core.Agent.Tiering = probe;
        Assert.False(core.Optimizer.IsDisposed);
        core.Dispose();
        Assert.True(probe.WasClosed);
    }

    [Fact]
    public void EnginesEndWhileTheirFunctionsAreCompiled()
    {
        for (int i = 0; i < 100; i++)
        {
            using var engine = new Engine();
            engine.Execute(HotProgram);
        }
    }

    [Fact]
    public void AnEngineThatNobodyDisposesCanBeCollected()
    {
        WeakReference engine = Abandon();
        for (int i = 0; i < 50 && engine.IsAlive; i++)
        {
            Thread.Sleep(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(engine.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Abandon()
    {
        var engine = new Engine();
        engine.Execute(HotProgram);
        return new WeakReference(engine);
    }

    private sealed class DisposalProbe(ITiering tiering, OptimizedTier optimizer) : ITiering
    {
        public bool WasClosed { get; private set; }

        public int InitialBudget => tiering.InitialBudget;

        public void OnFirstCall(JSFunction function) => tiering.OnFirstCall(function);

        public ulong OnBudgetInterrupt(JSFunction function, int bytecodeOffset, bool isLoop, ExecutionTier tier) =>
            tiering.OnBudgetInterrupt(function, bytecodeOffset, isLoop, tier);

        public void Dispose()
        {
            WasClosed = optimizer.IsDisposed;
            tiering.Dispose();
        }
    }

    [Fact]
    public void TheHottestFunctionIsCompiledFirst()
    {
        var queue = new OptimizationQueue();
        using var inbox = new CompilationInbox(static () => { });
        OptimizationJob[] jobs = [.. Enumerable.Range(0, 4).Select(_ => new OptimizationJob(null!, default, inbox))];
        foreach (OptimizationJob job in jobs)
        {
            queue.Add(job);
        }

        jobs[2].AskAgain();
        jobs[2].AskAgain();
        jobs[3].AskAgain();
        Assert.Equal([jobs[2], jobs[3], jobs[0], jobs[1]], Enumerable.Range(0, 4).Select(_ => queue.Take()));
    }
}
