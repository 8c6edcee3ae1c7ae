namespace Segno;

/// <summary>The source is not a valid script: it was refused before anything of it ran.</summary>
public sealed class JsSyntaxException : JsException
{
    internal JsSyntaxException(string message, JsValue value, ErrorDetails details)
        : base(message, value, details)
    {
    }
}
