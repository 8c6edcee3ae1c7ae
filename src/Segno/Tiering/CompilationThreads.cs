using Segno.Interpreter;
using Segno.Optimizer;

namespace Segno.Tiering;

/// <summary>
/// The threads that compile for all agents of the process. Jobs go in prepared and come out finished or given up, in the inbox of
/// their agent; no JavaScript object is touched and safepoints do not wait for these threads (D11). They know an agent only while they
/// have a job of it, so that an engine that nobody disposes can be collected.
/// </summary>
internal static class CompilationThreads
{
    private const int StackSizeInBytes = 4 << 20;
    private const int MaxThreads = 4;

    /// <summary>One processor is the script's.</summary>
    private static readonly int s_limit = Math.Clamp(Environment.ProcessorCount - 1, 1, MaxThreads);

    private static readonly OptimizationQueue s_queue = new();
    private static readonly Lock s_lock = new();
    private static int s_threads;
    private static int s_unfinished;

    /// <summary>Has a job run; from any thread.</summary>
    public static void Add(OptimizationJob job)
    {
        lock (s_lock)
        {
            if (++s_unfinished > s_threads && s_threads < s_limit)
            {
                s_threads++;
                new Thread(Run, StackSizeInBytes) { IsBackground = true, Name = "Segno compiler" }.Start();
            }
        }

        s_queue.Add(job);
    }

    private static void Run()
    {
        var compiler = new OptimizingCompiler(HandlerTables.Instance.Configuration, HandlerTables.Instance.DataDistance);
        while (true)
        {
            RunNext(compiler);
        }
    }

    /// <summary>In a method of its own, so that no job outlives it in a local of the loop.</summary>
    private static void RunNext(OptimizingCompiler compiler)
    {
        OptimizationJob job = s_queue.Take();
        if (!job.Inbox.IsClosed)
        {
            job.Run(compiler);
            job.Inbox.Put(job);
        }

        lock (s_lock)
        {
            s_unfinished--;
        }
    }
}
