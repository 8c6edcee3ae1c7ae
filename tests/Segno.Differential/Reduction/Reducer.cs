using System.Diagnostics;
using Segno.Differential.Execution;

namespace Segno.Differential.Reduction;

/// <summary>Makes a failing program smaller, step by step, as long as it fails in the same way.</summary>
/// <param name="compare">Runs a program in the two ways that contradicted each other.</param>
/// <param name="failure">What failed.</param>
internal sealed class Reducer(Func<TestProgram, Failure?> compare, Failure failure)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    private readonly long _start = Stopwatch.GetTimestamp();

    private string Reason { get; } = ReasonOf(failure);

    public string Run()
    {
        string source = failure.Program.Source;
        // The lines that print are needed; everything before the first scene is the prelude.
        int first = Math.Max(source.IndexOf("// ----", StringComparison.Ordinal), 0);
        bool smaller = true;
        while (smaller && !IsOver)
        {
            smaller = false;
            int from = 0;
            List<SyntaxRange> steps = SyntaxRanges.Of(source, first);
            while (from < steps.Count && !IsOver)
            {
                SyntaxRange step = steps[from++];
                string candidate = step.ApplyTo(source);
                if (StillFails(candidate))
                {
                    source = candidate;
                    smaller = true;
                    // Offsets have moved. What was tried before in this order is not tried again before the next turn.
                    steps = SyntaxRanges.Of(source, first);
                    from = Math.Max(0, Math.Min(from - 1, steps.Count));
                }
            }
        }

        return string.Join('\n', source.Split('\n').Where(static l => l.Trim() is not ("" or ";"))) + "\n";
    }

    private bool IsOver => Stopwatch.GetElapsedTime(_start) > TimeLimit;

    private bool StillFails(string candidate)
    {
        Failure? result = compare(failure.Program with { Source = candidate });
        return result is not null && result.Mode == failure.Mode && ReasonOf(result) == Reason && !IsAboutTheStack(result);
    }

    /// <summary>How deep a recursion gets differs between modes and says nothing.</summary>
    private bool IsAboutTheStack(Failure result) =>
        !failure.Actual.Text.Contains("RangeError", StringComparison.Ordinal) && (result.Actual.Text + result.Expected.Text).Contains("RangeError", StringComparison.Ordinal);

    /// <summary>The kind of failure; of an exception of .NET its first line without numbers.</summary>
    private static string ReasonOf(Failure failure)
    {
        bool isEarly = failure.Actual.Text.Contains("SyntaxError", StringComparison.Ordinal) || failure.Expected.Text?.Contains("SyntaxError", StringComparison.Ordinal) == true;
        string text = failure.Actual.Kind == OutcomeKind.Fault ? string.Concat(failure.Actual.Text.Split('\n')[0].Where(static c => !char.IsAsciiHexDigit(c))) : "";
        return $"{failure.Actual.Kind} {isEarly} {text}";
    }
}
