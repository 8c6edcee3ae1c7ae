using System.Runtime.CompilerServices;
using Xunit;

namespace Segno.PublicApi;

public sealed class LifetimeTests
{
    [Fact]
    public void AForgottenEngineIsCollected()
    {
        WeakReference forgotten = Forget();
        for (int i = 0; i < 10 && forgotten.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(forgotten.IsAlive);
    }

    [Fact]
    public void ForgottenValuesGiveTheirRootsBack()
    {
        using var engine = new Engine(new EngineOptions { HeapLimitInBytes = 64L << 20 });
        engine.Execute("function big() { return new Array(1000).fill(1); }");
        for (int i = 0; i < 200; i++)
        {
            Drop(engine);
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(1000, engine.Evaluate<int>("big().length"));
    }

    [Fact]
    public void ManyEnginesOneAfterAnother()
    {
        for (int i = 0; i < 500; i++)
        {
            using var engine = new Engine();
            Assert.Equal(i, engine.Evaluate<int>($"({{ i: {i} }}).i"));
        }
    }

    [Fact]
    public async Task EnginesRunSideBySide()
    {
        int[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            using var engine = new Engine();
            return engine.Evaluate<int>($"let s = 0; for (let i = 0; i < 200000; i++) {{ const o = {{ i }}; s += o.i % {i + 2}; }} s");
        })));
        Assert.Equal(Enumerable.Range(0, 4).Select(static i => Enumerable.Range(0, 200_000).Sum(x => x % (i + 2))), results);
    }

    [Fact]
    public async Task AnEngineMayChangeThreadsBetweenCalls()
    {
        using var engine = new Engine();
        engine.Execute("var n = 0;");
        for (int i = 0; i < 20; i++)
        {
            await Task.Run(() => engine.Execute("n++;"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(20, engine.Evaluate<int>("n"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget()
    {
        var engine = new Engine();
        engine.Execute("var kept = [1, 2, 3];");
        return new WeakReference(engine);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Engine engine)
    {
        for (int i = 0; i < 100; i++)
        {
            engine.Evaluate("big()");
        }
    }
}
