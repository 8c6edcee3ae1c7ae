using System.Diagnostics;

namespace Segno.Test262;

/// <summary>Runs tests in a child process. A child that ends or does not answer costs the test that it ran; a new one goes on.</summary>
internal sealed class IsolatedWorker(Suite suite, WorkQueue queue, RunOptions options)
{
    private const int TestsPerChild = 2000;

    public Thread Start()
    {
        var thread = new Thread(Work) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Work()
    {
        while (queue.TryTake(out WorkItem first))
        {
            using Process child = StartChild();
            RunIn(child, first);
            if (!child.HasExited)
            {
                child.Kill();
            }

            child.WaitForExit();
        }
    }

    private void RunIn(Process child, WorkItem item)
    {
        for (int i = 0; i < TestsPerChild; i++)
        {
            Outcome outcome = Ask(child, item);
            queue.Report(item, outcome);
            if (outcome.Kind is OutcomeKind.Crash or OutcomeKind.Hang || i + 1 == TestsPerChild || !queue.TryTake(out item))
            {
                return;
            }
        }
    }

    private Outcome Ask(Process child, WorkItem item)
    {
        try
        {
            child.StandardInput.WriteLine(ChildProtocol.Request(item));
            child.StandardInput.Flush();
            while (true)
            {
                Task<string?> reply = child.StandardOutput.ReadLineAsync();
                if (!reply.Wait(options.Timeout * 3))
                {
                    return new Outcome(OutcomeKind.Hang, "hang");
                }

                if (reply.Result is not { } line)
                {
                    break;
                }

                // Anything else was printed by the process on its way.
                if (ChildProtocol.ParseReply(line) is { } outcome)
                {
                    return outcome;
                }
            }
        }
        catch (IOException)
        {
            // The pipe is gone: so is the child.
        }

        child.WaitForExit(1000);
        return new Outcome(OutcomeKind.Crash, child.HasExited ? $"crash, exit code {child.ExitCode}" : "crash");
    }

    private Process StartChild()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(IsolatedWorker).Assembly.Location);
        }

        start.ArgumentList.Add("--child");
        start.ArgumentList.Add("--timeout");
        start.ArgumentList.Add(((int)options.Timeout.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        options.ExecutionArguments.ForEach(start.ArgumentList.Add);

        start.Environment["TEST262_ROOT"] = suite.Root;
        // A crash is an outcome here; no time for a dump.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        Process child = Process.Start(start)!;
        child.ErrorDataReceived += static (_, _) => { };
        child.BeginErrorReadLine();
        return child;
    }
}
