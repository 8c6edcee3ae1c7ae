namespace Segno;

/// <summary>An exception that JavaScript threw and did not catch.</summary>
public class JsException : Exception
{
    internal JsException(string message, JsValue value, ErrorDetails details)
        : base(message)
    {
        Value = value;
        JavaScriptStack = details.Stack;
        SourceName = details.SourceName;
        Line = details.Line;
        Column = details.Column;
        Excerpt = details.Excerpt;
    }

    /// <summary>The value that was thrown, most often an error object.</summary>
    public JsValue Value { get; }

    /// <summary>The error's <c>stack</c>: its text and one line per JavaScript frame; null if the value has none.</summary>
    public string? JavaScriptStack { get; }

    /// <summary>The name of the script where the error arose; null if unknown.</summary>
    public string? SourceName { get; }

    /// <summary>The line, from 1; 0 if unknown.</summary>
    public int Line { get; }

    /// <summary>The column in UTF-16 code units, from 1; 0 if unknown.</summary>
    public int Column { get; }

    /// <summary>The line of the source with a caret below; null if unknown.</summary>
    public string? Excerpt { get; }
}
