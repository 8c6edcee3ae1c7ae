namespace Segno.Test262;

internal enum OutcomeKind
{
    Pass,
    Fail,
    Timeout,
    Memory,
    /// <summary>The process ended.</summary>
    Crash,
    /// <summary>The time limit did not end the test: the worst after a crash.</summary>
    Hang,
}

/// <summary>What became of one file in one mode.</summary>
internal readonly record struct Outcome(OutcomeKind Kind, string Reason)
{
    private const int MaxReasonLength = 100;

    public static readonly Outcome Pass = new(OutcomeKind.Pass, "");

    public static Outcome Fail(string reason) => new(OutcomeKind.Fail, Shorten(reason));

    private static string Shorten(string reason)
    {
        string line = reason.ReplaceLineEndings(" ").Replace('\t', ' ');
        return line.Length <= MaxReasonLength ? line : line[..MaxReasonLength].TrimEnd();
    }
}
