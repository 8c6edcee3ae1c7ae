namespace Segno.Test262;

/// <summary>How a file is run.</summary>
internal enum TestMode
{
    Sloppy,
    Strict,
    Raw,
    Module,
}
