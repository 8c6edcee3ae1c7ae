using System.Diagnostics;
using System.Globalization;
using Segno.Differential.Execution;
using Segno.Differential.Reduction;

namespace Segno.Differential;

/// <summary>Runs programs, each in all modes, and reports those whose runs contradict each other.</summary>
internal sealed class Batch(RunOptions options, string corpusFolder)
{
    private readonly Lock _gate = new();
    private readonly Queue<TestProgram> _files = new();
    private readonly List<Failure> _failures = [];
    private readonly EventCounts _counts = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private ulong _nextSeed;
    private int _left;
    private int _passed;
    private int _skipped;

    public int Run()
    {
        foreach (string file in Files())
        {
            _files.Enqueue(TestProgram.FromFile(file));
        }

        Mode[] modes = Modes();
        _left = options.Minutes is null ? options.Count : int.MaxValue;
        // Seeds of a random batch are short enough to type.
        _nextSeed = options.Minutes is null ? options.Seed : (ulong)Random.Shared.Next(1, int.MaxValue) * 1000;
        Console.WriteLine($"differential: modes {string.Join(", ", modes.Select(static m => m.Name))}{(options.Node ? ", node" : "")}; first seed {_nextSeed}");
        Thread[] threads = [.. Enumerable.Range(0, options.Threads).Select(_ => new Thread(() => Work(modes)))];
        System.Array.ForEach(threads, static t => t.Start());
        System.Array.ForEach(threads, static t => t.Join());
        foreach (Failure failure in _failures)
        {
            Console.WriteLine(failure.Describe());
            Save(failure, modes);
        }

        if (options.Counts)
        {
            Console.WriteLine(_counts.Table());
        }

        Console.WriteLine($"differential: {Stopwatch.GetElapsedTime(_start).TotalSeconds:F0} s, last seed {_nextSeed - 1}");
        Console.WriteLine($"differential: {_passed} passed, {_failures.Count} failed, {_skipped} skipped");
        return _failures.Count == 0 ? 0 : 1;
    }

    private IEnumerable<string> Files() => options.Corpus
        ? [.. Directory.GetFiles(corpusFolder, "*.js").Order(StringComparer.Ordinal), .. options.Files]
        : options.Files;

    private Mode[] Modes()
    {
        Mode[] available = options.Node ? [ModeTable.Reference] : ModeTable.Available();
        return options.Modes is null || options.Node ? available : [ModeTable.Reference, .. options.Modes.Select(ModeTable.Find).Where(m => m != ModeTable.Reference)];
    }

    private void Work(Mode[] modes)
    {
        EventCounts? counts = options.Counts ? new EventCounts() : null;
        using var comparison = new Comparison(modes, options.Node, options.Timeout, counts);
        while (Take() is { } program)
        {
            Failure? failure = comparison.Compare(program, out bool saysNothing);
            lock (_gate)
            {
                if (failure is not null)
                {
                    _failures.Add(failure);
                    Console.WriteLine($"FAILED {program.Name} in mode {failure.Mode}");
                }
                else
                {
                    _ = saysNothing ? _skipped++ : _passed++;
                }
            }
        }

        if (counts is not null)
        {
            lock (_gate)
            {
                _counts.Add(counts.Serialize());
            }
        }
    }

    private TestProgram? Take()
    {
        ulong seed;
        lock (_gate)
        {
            if (options.EndsAtFirst && _failures.Count > 0)
            {
                return null;
            }

            if (_files.TryDequeue(out TestProgram? file))
            {
                return file;
            }

            if (_left == 0 || (options.Minutes is { } minutes && Stopwatch.GetElapsedTime(_start).TotalMinutes > minutes))
            {
                return null;
            }

            _left--;
            seed = _nextSeed++;
        }

        return TestProgram.FromSeed(seed);
    }

    private void Save(Failure failure, Mode[] modes)
    {
        Directory.CreateDirectory(options.Out);
        string path = Path.Combine(options.Out, string.Create(CultureInfo.InvariantCulture, $"{failure.Program.Name}-{failure.Mode}"));
        File.WriteAllText(path + ".js", failure.Program.Source);
        if (options.Reduce)
        {
            // Many of the smaller programs never end.
            using var comparison = new Comparison(modes, options.Node, TimeSpan.FromSeconds(2));
            File.WriteAllText(path + ".reduced.js", new Reducer(p => comparison.Compare(p, out _, failure.Mode), failure).Run());
            Console.WriteLine($"  reduced: {path}.reduced.js");
        }
    }
}
