namespace Segno.Tiering;

/// <summary>
/// Where the jobs of one agent come back to. Closed before the agent's heap is freed: a thread that finishes a job later finds nobody
/// to tell.
/// </summary>
/// <param name="notify">Asks the agent to look; called on the compiling thread, and never once the inbox is closed.</param>
internal sealed class CompilationInbox(Action notify) : IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<OptimizationJob> _done = [];
    private bool _isClosed;

    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _isClosed;
            }
        }
    }

    public void Put(OptimizationJob job)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _done.Enqueue(job);
                Monitor.PulseAll(_lock);
                notify();
            }
        }
    }

    public OptimizationJob? Take()
    {
        lock (_lock)
        {
            return _done.TryDequeue(out OptimizationJob? job) ? job : null;
        }
    }

    /// <summary>Waits until a job is there; false if none came in time.</summary>
    public bool WaitForJob(TimeSpan timeout)
    {
        lock (_lock)
        {
            return _done.Count > 0 || (Monitor.Wait(_lock, timeout) && _done.Count > 0);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _done.Clear();
        }
    }
}
