namespace Segno.Tiering;

/// <summary>
/// The jobs that wait for a thread. The hottest function comes first: the one whose budget ended most often while it waited; of several, the
/// oldest. For any threads.
/// </summary>
internal sealed class OptimizationQueue
{
    private readonly object _lock = new();

    /// <summary>Oldest first.</summary>
    private readonly List<OptimizationJob> _jobs = [];

    public void Add(OptimizationJob job)
    {
        lock (_lock)
        {
            _jobs.Add(job);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Waits until there is a job.</summary>
    public OptimizationJob Take()
    {
        lock (_lock)
        {
            while (_jobs.Count == 0)
            {
                Monitor.Wait(_lock);
            }

            int hottest = 0;
            for (int i = 1; i < _jobs.Count; i++)
            {
                if (_jobs[i].Heat > _jobs[hottest].Heat)
                {
                    hottest = i;
                }
            }

            OptimizationJob job = _jobs[hottest];
            _jobs.RemoveAt(hottest);
            return job;
        }
    }
}
