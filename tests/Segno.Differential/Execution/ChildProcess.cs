using System.Diagnostics;
using System.Globalization;

namespace Segno.Differential.Execution;

/// <summary>A process that runs programs for the batch: of the engine, or node. One that dies or does not answer is replaced.</summary>
internal sealed class ChildProcess(Func<ProcessStartInfo> describe, TimeSpan timeout, EventCounts? counts = null) : IDisposable
{
    /// <summary>A fresh process now and then keeps what one program leaves behind from mattering to many.</summary>
    private const int ProgramsPerProcess = 10_000;

    private Process? _process;
    private int _programs;
    private string _lastError = "";

    /// <summary>The engine, as this same program.</summary>
    public static ChildProcess OfEngine(TimeSpan timeout, EventCounts? counts) => new(() =>
    {
        ProcessStartInfo start = Piped(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.ArgumentList.Add("--child");
        start.ArgumentList.Add("--timeout");
        start.ArgumentList.Add(((int)Math.Ceiling(timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        if (counts is not null)
        {
            start.ArgumentList.Add("--counts");
        }

        // A crash is an outcome here; no time for a dump.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return start;
    }, timeout, counts);

    public static ChildProcess OfNode(TimeSpan timeout) => new(() =>
    {
        ProcessStartInfo start = Piped("node");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Execution", "oracle.js"));
        return start;
    }, timeout);

    private static ProcessStartInfo Piped(string fileName) => new(fileName)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    public Outcome Run(string mode, string source)
    {
        if (_programs++ == ProgramsPerProcess)
        {
            Stop();
        }

        Process process = _process ??= Start();
        Outcome outcome = Ask(process, ChildProtocol.Request(mode, source));
        if (outcome.Kind is OutcomeKind.Crash or OutcomeKind.Hang)
        {
            Stop();
        }

        return outcome;
    }

    private Process Start()
    {
        _programs = 0;
        _lastError = "";
        Process process = Process.Start(describe())!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data) && _lastError.Length < 4000)
            {
                _lastError += line.Data + "\n";
            }
        };
        process.BeginErrorReadLine();
        return process;
    }

    private Outcome Ask(Process process, string request)
    {
        try
        {
            process.StandardInput.WriteLine(request);
            process.StandardInput.Flush();
            while (true)
            {
                Task<string?> reply = process.StandardOutput.ReadLineAsync();
                // The child has limits of its own; it is this late only if they do not work.
                if (!reply.Wait((timeout * 3) + TimeSpan.FromSeconds(5)))
                {
                    return new Outcome(OutcomeKind.Hang, "no answer");
                }

                if (reply.Result is not { } line)
                {
                    break;
                }

                if (ChildProtocol.ParseReply(line, counts) is { } outcome)
                {
                    return outcome;
                }
            }
        }
        catch (IOException)
        {
            // The pipe is gone: so is the child.
        }

        process.WaitForExit(2000);
        return new Outcome(OutcomeKind.Crash, (process.HasExited ? $"exit code {process.ExitCode}\n" : "") + _lastError);
    }

    private void Stop()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    public void Dispose() => Stop();
}
