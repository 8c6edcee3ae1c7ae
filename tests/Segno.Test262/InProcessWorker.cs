using System.Diagnostics;

namespace Segno.Test262;

/// <summary>Runs tests on a thread of this process and watches that each comes to an end.</summary>
internal sealed class InProcessWorker(Suite suite, WorkQueue queue, RunOptions options)
{
    private const int StackSizeInBytes = 8 << 20;
    private const int HangExitCode = 3;

    private readonly Lock _gate = new();
    private WorkItem _running;
    private long _since;

    public Thread Start()
    {
        var thread = new Thread(Work, StackSizeInBytes) { IsBackground = true };
        thread.Start();
        return thread;
    }

    /// <summary>Ends the process when a test runs far beyond its limit: its thread cannot be stopped.</summary>
    public void Watch()
    {
        lock (_gate)
        {
            if (_since != 0 && Stopwatch.GetElapsedTime(_since) > options.Timeout * 3)
            {
                Console.Error.WriteLine($"hang: {_running.Key}");
                Environment.Exit(HangExitCode);
            }
        }
    }

    private void Work()
    {
        var executor = new TestExecutor(suite, options);
        while (queue.TryTake(out WorkItem item))
        {
            lock (_gate)
            {
                _running = item;
                _since = Stopwatch.GetTimestamp();
            }

            Outcome outcome = executor.Run(suite.Read(item.Path), item.Mode);
            lock (_gate)
            {
                _since = 0;
            }

            queue.Report(item, outcome);
        }
    }
}
