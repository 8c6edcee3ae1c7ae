namespace Segno.Test262;

/// <summary>One file in one mode.</summary>
internal readonly record struct WorkItem(string Path, TestMode Mode)
{
    public string Key => KnownFailures.Key(Path, Mode);
}
