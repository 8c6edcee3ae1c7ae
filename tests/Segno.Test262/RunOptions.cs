using System.Globalization;
using Segno.Objects;
using Segno.Tiering;

namespace Segno.Test262;

/// <summary>The command line of the runner.</summary>
internal sealed class RunOptions
{
    public const string Usage = """
        usage: Segno.Test262 [filter]... [options]
          filter           run only paths that contain one of these texts
          --under folder   the part of the suite, by default language
          --all            ignore the selection and the known failures; only a crash or a hang fails the run
          --isolate        in child processes, so that a crash costs one test
          --update         rewrite known-failures.txt from the outcomes
          --threads n      workers, by default the number of processors
          --timeout s      limit of one test in seconds, by default 10
          --minutes n      stop starting tests after n minutes; the rest counts as skipped
          --verbose        print each failure
          --baseline-only  compile every function to baseline code at its first call
          --no-baseline    leave functions to the interpreter
          --always-opt     optimize every function as soon as it has feedback
          --deopt-every n  let each n-th guard of optimized code fail
          --gc-interval n  collect at every n-th allocation
        """;

    public List<string> Filters { get; } = [];

    public string Under { get; private set; } = "language";

    public bool All { get; private set; }

    public bool Isolate { get; private set; }

    public bool Update { get; private set; }

    public bool Verbose { get; private set; }

    /// <summary>A child of an isolated run: takes tests from standard input.</summary>
    public bool IsChild { get; private set; }

    /// <summary>The tiers that run; the outcomes must not depend on them.</summary>
    public TierSelection Tiers { get; private set; }

    public CompilerOptions Compilers { get; private set; } = CompilerOptions.Default;

    public int GcInterval { get; private set; }

    /// <summary>The arguments that choose how functions run, for a child.</summary>
    public List<string> ExecutionArguments { get; } = [];

    public int Threads { get; private set; } = Environment.ProcessorCount;

    public TimeSpan Timeout { get; private set; } = TimeSpan.FromSeconds(10);

    public TimeSpan? TimeBox { get; private set; }

    /// <exception cref="FormatException">The command line is not understood.</exception>
    public static RunOptions Parse(string[] arguments)
    {
        var result = new RunOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            string Next() => i + 1 < arguments.Length ? arguments[++i] : throw new FormatException($"{arguments[i]} needs a value");
            int Number() => int.Parse(Next(), CultureInfo.InvariantCulture);
            switch (arguments[i])
            {
                case "--under":
                    result.Under = Next();
                    break;
                case "--all":
                    result.All = true;
                    break;
                case "--isolate":
                    result.Isolate = true;
                    break;
                case "--update":
                    result.Update = true;
                    break;
                case "--verbose":
                    result.Verbose = true;
                    break;
                case "--child":
                    result.IsChild = true;
                    break;
                case "--baseline-only":
                    result.Tiers = TierSelection.BaselineOnly;
                    result.ExecutionArguments.Add(arguments[i]);
                    break;
                case "--no-baseline":
                    result.Tiers = TierSelection.InterpreterOnly;
                    result.ExecutionArguments.Add(arguments[i]);
                    break;
                case "--always-opt":
                    result.Compilers = result.Compilers with { AlwaysOptimize = true };
                    result.ExecutionArguments.Add(arguments[i]);
                    break;
                case "--deopt-every":
                    result.Compilers = result.Compilers with { DeoptEveryNTimes = Number() };
                    result.ExecutionArguments.AddRange([arguments[i - 1], arguments[i]]);
                    break;
                case "--gc-interval":
                    result.GcInterval = Number();
                    result.ExecutionArguments.AddRange([arguments[i - 1], arguments[i]]);
                    break;
                case "--threads":
                    result.Threads = Number();
                    break;
                case "--timeout":
                    result.Timeout = TimeSpan.FromSeconds(Number());
                    break;
                case "--minutes":
                    result.TimeBox = TimeSpan.FromMinutes(Number());
                    break;
                case var option when option.StartsWith('-'):
                    throw new FormatException($"unknown option {option}\n{Usage}");
                case var filter:
                    result.Filters.Add(filter);
                    break;
            }
        }

        return result;
    }

    public bool Matches(string path) => Filters.Count == 0 || Filters.Exists(f => path.Contains(f, StringComparison.Ordinal));
}
