using Segno.Differential.Execution;

namespace Segno.Differential;

/// <summary>A program whose runs contradict each other.</summary>
internal sealed record Failure(TestProgram Program, string Mode, Outcome Expected, Outcome Actual)
{
    /// <summary>What differs, in a few lines.</summary>
    public string Describe()
    {
        string head = $"FAILED {Program.Name} in mode {Mode}: ";
        if (Actual.IsBroken)
        {
            return head + Actual.Kind + "\n  " + string.Join("\n  ", Actual.Text.Split('\n', 8).Take(7));
        }

        string[] expected = Expected.Text.Split('\n');
        string[] actual = Actual.Text.Split('\n');
        int line = 0;
        while (line < expected.Length && line < actual.Length && expected[line] == actual[line])
        {
            line++;
        }

        return $"{head}line {line + 1} of the output\n  expected {At(expected, line)}\n  actual   {At(actual, line)}";
    }

    private static string At(string[] lines, int index) => index < lines.Length ? lines[index] : "(nothing)";
}
