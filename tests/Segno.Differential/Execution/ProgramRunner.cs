using System.Text;

namespace Segno.Differential.Execution;

/// <summary>Runs a program in this process, in an engine of its own.</summary>
internal static class ProgramRunner
{
    private const long HeapLimitInBytes = 256L << 20;
    /// <summary>Verifying takes ten times as long as collecting.</summary>
    private const int VerifyInterval = 8;
    private const int MaxOutputLength = 1 << 20;

    public static Outcome Run(string source, Mode mode, TimeSpan timeout, EventCounts? counts = null)
    {
        var output = new StringBuilder();
        try
        {
            using var engine = new Engine(new EngineOptions
            {
                Timeout = timeout,
                HeapLimitInBytes = HeapLimitInBytes,
                NativesSyntax = true,
                Compilers = mode.Compilers,
                GcInterval = mode.GcInterval,
                VerifyHeap = mode.GcInterval > 0,
                VerifyInterval = VerifyInterval,
            });
            if (counts is not null)
            {
                engine.Core.Events.Add(counts.On);
            }

            engine.SetValue("print", (_, arguments) =>
            {
                if (output.Length < MaxOutputLength)
                {
                    output.AppendJoin(' ', arguments.Select(static a => a.ToString())).Append('\n');
                }

                return null;
            });
            engine.Execute(source, "program.js");
            return new Outcome(OutcomeKind.Finished, output.ToString());
        }
        catch (JsException e)
        {
            // Messages are not part of the language; the kind of error is.
            string name = e is JsSyntaxException ? e.Message : e.Message.Split(':', 2)[0];
            return new Outcome(OutcomeKind.Finished, output.Append("uncaught ").Append(name).Append('\n').ToString());
        }
        catch (Exception e) when (e is TimeoutException or MemoryLimitException)
        {
            return new Outcome(OutcomeKind.Limit, e.GetType().Name);
        }
        catch (Exception e)
        {
            return new Outcome(OutcomeKind.Fault, e.ToString());
        }
    }
}
