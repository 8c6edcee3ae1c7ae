namespace Segno.Test262;

/// <summary>Compares outcomes with the known failures and prints what a person wants to know.</summary>
internal sealed class Report(RunOptions options, WorkQueue queue, KnownFailures known)
{
    private const int MaxListed = 40;

    /// <summary>Prints the result; the exit code.</summary>
    public int Print()
    {
        var unexpectedFailures = new List<string>();
        var unexpectedPasses = new List<string>();
        int passed = 0;
        int failed = 0;
        foreach ((string key, Outcome outcome) in queue.Outcomes.OrderBy(static o => o.Key, StringComparer.Ordinal))
        {
            bool isPass = outcome.Kind == OutcomeKind.Pass;
            _ = isPass ? passed++ : failed++;
            if (options.Verbose && !isPass)
            {
                Console.WriteLine($"{key}\t{outcome.Reason}");
            }

            if (options.All)
            {
                if (outcome.Kind is OutcomeKind.Crash or OutcomeKind.Hang)
                {
                    unexpectedFailures.Add($"{key}\t{outcome.Reason}");
                }
            }
            else if (isPass == known.Contains(key))
            {
                (isPass ? unexpectedPasses : unexpectedFailures).Add($"{key}\t{outcome.Reason}");
            }
        }

        List(options.All ? "crashes and hangs" : "unexpected failures", unexpectedFailures);
        List("unexpected passes (run with --update)", unexpectedPasses);
        PrintSummary(passed, failed, unexpectedFailures.Count, unexpectedPasses.Count);
        return unexpectedFailures.Count + unexpectedPasses.Count == 0 ? 0 : 1;
    }

    private void PrintSummary(int passed, int failed, int unexpectedFailures, int unexpectedPasses)
    {
        int total = passed + failed;
        double rate = total == 0 ? 0 : 100.0 * passed / total;
        Console.WriteLine(FormattableString.Invariant($"test262 {options.Under}{(options.All ? " (all files, only crashes and hangs count)" : "")}: {passed} of {total} pass ({rate:F2} %), {failed} fail; {queue.Skipped} not run"));
        // A known failure that fails counts as passed: the run is as expected.
        int unexpected = unexpectedFailures + unexpectedPasses;
        Console.WriteLine($"test262: {total - unexpected} passed, {unexpected} failed, {queue.Skipped} skipped");
    }

    private static void List(string title, List<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        Console.WriteLine($"{lines.Count} {title}:");
        foreach (string line in lines.Take(MaxListed))
        {
            Console.WriteLine("  " + line);
        }

        if (lines.Count > MaxListed)
        {
            Console.WriteLine($"  ... and {lines.Count - MaxListed} more");
        }
    }
}
