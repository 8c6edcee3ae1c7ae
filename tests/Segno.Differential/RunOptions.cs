using System.Globalization;

namespace Segno.Differential;

/// <summary>The command line.</summary>
internal sealed class RunOptions
{
    public const string Usage = """
        usage: Segno.Differential [options] [file.js]...
          --seed n       the seed of the first program (default 1)
          --count n      how many programs (default 1000)
          --minutes n    random seeds for so long, the first one printed
          --modes a,b    these modes only, beside the interpreter
          --node         compare the interpreter with node instead of other modes
          --corpus       the programs of the corpus folder, before all others
          --counts       tell how often each kind of guard, reason, frame and value was met
          --show n       print the program of a seed, and nothing else
          --reduce       make the failing programs small
          --first        end at the first failure
          --out folder   where failing programs go (default differential-failures)
          --threads n    how many programs at a time (default: one per processor)
          --timeout n    seconds for each run (default 10)
        """;

    public ulong Seed { get; private set; } = 1;

    public int Count { get; private set; } = 1000;

    public double? Minutes { get; private set; }

    public string[]? Modes { get; private set; }

    public bool Node { get; private set; }

    public bool Corpus { get; private set; }

    public bool Counts { get; private set; }

    public ulong? Show { get; private set; }

    public bool Reduce { get; private set; }

    public bool EndsAtFirst { get; private set; }

    public bool IsChild { get; private set; }

    public string Out { get; private set; } = "differential-failures";

    public int Threads { get; private set; } = Environment.ProcessorCount;

    public TimeSpan Timeout { get; private set; } = TimeSpan.FromSeconds(10);

    public List<string> Files { get; } = [];

    /// <exception cref="FormatException">An argument is wrong.</exception>
    public static RunOptions Parse(string[] arguments)
    {
        var options = new RunOptions();
        bool hasCount = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string Next() => ++i < arguments.Length ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value");
            switch (arguments[i])
            {
                case "--seed":
                    options.Seed = ulong.Parse(Next(), CultureInfo.InvariantCulture);
                    break;
                case "--count":
                    options.Count = int.Parse(Next(), CultureInfo.InvariantCulture);
                    hasCount = true;
                    break;
                case "--minutes":
                    options.Minutes = double.Parse(Next(), CultureInfo.InvariantCulture);
                    break;
                case "--modes":
                    options.Modes = Next().Split(',');
                    break;
                case "--node":
                    options.Node = true;
                    break;
                case "--corpus":
                    options.Corpus = true;
                    break;
                case "--counts":
                    options.Counts = true;
                    break;
                case "--show":
                    options.Show = ulong.Parse(Next(), CultureInfo.InvariantCulture);
                    break;
                case "--reduce":
                    options.Reduce = true;
                    break;
                case "--first":
                    options.EndsAtFirst = true;
                    break;
                case "--child":
                    options.IsChild = true;
                    break;
                case "--out":
                    options.Out = Next();
                    break;
                case "--threads":
                    options.Threads = int.Parse(Next(), CultureInfo.InvariantCulture);
                    break;
                case "--timeout":
                    options.Timeout = TimeSpan.FromSeconds(int.Parse(Next(), CultureInfo.InvariantCulture));
                    break;
                case ['-', ..]:
                    throw new FormatException($"unknown option {arguments[i]}\n{Usage}");
                default:
                    options.Files.Add(arguments[i]);
                    break;
            }
        }

        if (!hasCount && (options.Files.Count > 0 || options.Corpus))
        {
            options.Count = 0;
        }

        return options;
    }
}
