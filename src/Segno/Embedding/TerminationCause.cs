namespace Segno;

/// <summary>Why the host ended a call.</summary>
internal enum TerminationCause
{
    None,
    Token,
    Timeout,
}
