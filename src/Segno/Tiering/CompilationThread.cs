using System.Collections.Concurrent;
using Segno.Optimizer;

namespace Segno.Tiering;

/// <summary>
/// The thread that compiles for one agent. Jobs go in prepared and come out finished or given up; it touches no JavaScript object and
/// has no part in safepoints (D11).
/// </summary>
internal sealed class CompilationThread : IDisposable
{
    private readonly BlockingCollection<OptimizationJob> _jobs = [];
    private readonly ConcurrentQueue<OptimizationJob> _done = [];
    private readonly Lock _lock = new();
    private readonly Action _notify;
    private bool _isClosed;

    /// <param name="makeCompiler">Makes the compiler that the thread alone uses.</param>
    /// <param name="notify">Called on the thread when a job is done; not any more once this is disposed.</param>
    public CompilationThread(Func<OptimizingCompiler> makeCompiler, Action notify)
    {
        _notify = notify;
        new Thread(() => Run(makeCompiler), 4 << 20) { IsBackground = true, Name = "Segno compiler" }.Start();
    }

    public void Add(OptimizationJob job) => _jobs.Add(job);

    public bool TryTake(out OptimizationJob? job) => _done.TryDequeue(out job);

    private void Run(Func<OptimizingCompiler> makeCompiler)
    {
        OptimizingCompiler compiler = makeCompiler();
        foreach (OptimizationJob job in _jobs.GetConsumingEnumerable())
        {
            job.Run(compiler);
            lock (_lock)
            {
                if (_isClosed)
                {
                    return;
                }

                _done.Enqueue(job);
                _notify();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        _jobs.CompleteAdding();
    }
}
