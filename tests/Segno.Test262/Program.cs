using System.Runtime.CompilerServices;

namespace Segno.Test262;

internal static class Program
{
    private const int UsageExitCode = 2;
    private const int ChildStackSizeInBytes = 8 << 20;

    private static int Main(string[] arguments)
    {
        RunOptions options;
        try
        {
            options = RunOptions.Parse(arguments);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            return UsageExitCode;
        }

        if (Suite.Find() is not { } suite)
        {
            Console.WriteLine("test262 is skipped: there is no checkout. tests/Segno.Test262/prepare.sh makes one, or set TEST262_ROOT.");
            Console.WriteLine("test262: 0 passed, 0 failed, 0 skipped");
            return 0;
        }

        if (options.IsChild)
        {
            var thread = new Thread(() => ChildProtocol.Serve(suite, options), ChildStackSizeInBytes);
            thread.Start();
            thread.Join();
            return 0;
        }

        return Run(suite, options);
    }

    private static int Run(Suite suite, RunOptions options)
    {
        string pinned = File.ReadAllText(ProjectFile("test262.commit")).Trim();
        if (suite.Commit() is { } commit && commit != pinned)
        {
            Console.Error.WriteLine($"test262: the checkout is at {commit}, the pinned commit is {pinned}");
            return UsageExitCode;
        }

        Selection selection = Selection.Load(ProjectFile("selection.txt"));
        List<TestFile> files = Select(suite, options, selection);
        if (!options.All && options.Filters.Count == 0 && options.Under == "language" && !CheckCounts(selection, files))
        {
            return 1;
        }

        WorkItem[] items = [.. files.SelectMany(static f => f.Modes.Select(m => new WorkItem(f.Path, m)))];
        files.Clear();
        var queue = new WorkQueue(items, options.TimeBox);
        RunAll(suite, options, queue);
        KnownFailures known = KnownFailures.Load(ProjectFile("known-failures.txt"));
        if (options.Update && !options.All)
        {
            Update(known, queue, items, isComplete: options.Filters.Count == 0);
        }

        return new Report(options, queue, known).Print();
    }

    private static List<TestFile> Select(Suite suite, RunOptions options, Selection selection)
    {
        var files = new List<TestFile>();
        foreach (string path in suite.Paths(options.Under).Where(options.Matches))
        {
            TestFile file = suite.Read(path);
            if (options.All || selection.Contains(file))
            {
                files.Add(file);
            }
        }

        return files;
    }

    private static bool CheckCounts(Selection selection, List<TestFile> files)
    {
        int negative = files.Count(static f => f.IsNegativeSyntax);
        int count = files.Count - negative;
        Console.WriteLine($"test262: {count} files selected to run, {negative} negative syntax tests");
        if (count == selection.ExpectedCount && negative == selection.ExpectedNegativeSyntaxCount)
        {
            return true;
        }

        Console.WriteLine($"test262: selection.txt expects {selection.ExpectedCount} and {selection.ExpectedNegativeSyntaxCount}");
        return false;
    }

    private static void RunAll(Suite suite, RunOptions options, WorkQueue queue)
    {
        if (options.Isolate)
        {
            Thread[] isolated = [.. Enumerable.Range(0, options.Threads).Select(_ => new IsolatedWorker(suite, queue, options).Start())];
            Array.ForEach(isolated, static t => t.Join());
            return;
        }

        InProcessWorker[] workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new InProcessWorker(suite, queue, options))];
        Thread[] threads = [.. workers.Select(static w => w.Start())];
        foreach (Thread thread in threads)
        {
            while (!thread.Join(TimeSpan.FromSeconds(1)))
            {
                Array.ForEach(workers, static w => w.Watch());
            }
        }
    }

    private static void Update(KnownFailures known, WorkQueue queue, WorkItem[] items, bool isComplete)
    {
        foreach ((string key, Outcome outcome) in queue.Outcomes)
        {
            known.Record(key, outcome);
        }

        if (isComplete)
        {
            HashSet<string> selected = [.. items.Select(static i => i.Key)];
            known.Retain(selected.Contains);
        }

        known.Save(ProjectFile("known-failures.txt"));
    }

    /// <summary>A file of the project's folder, where the lists are checked in.</summary>
    private static string ProjectFile(string name, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, name);
}
