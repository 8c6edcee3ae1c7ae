namespace Segno.Cli;

/// <summary>The script called quit: passes through JavaScript, which cannot catch it.</summary>
internal sealed class QuitException(int code) : Exception
{
    public int Code { get; } = code;
}
