using System.Globalization;
using Segno.Syntax;

namespace Segno;

/// <summary>Where an error arose, as far as its stack text or the parser tells.</summary>
internal readonly record struct ErrorDetails(string? Stack, string? SourceName, int Line, int Column, string? Excerpt)
{
    /// <summary>Takes an early error's stack apart: <c>name:line:column</c>, the excerpt in two lines, the message.</summary>
    public static ErrorDetails FromSyntaxError(string? stack)
    {
        string[] lines = (stack ?? "").Split('\n');
        return TryParsePlace(lines[0], out string name, out int line, out int column)
            ? new(null, name, line, column, lines.Length > 2 ? lines[1] + "\n" + lines[2] : null)
            : default;
    }

    /// <summary>Takes the place from the first line of a stack that names one: <c>at f (name:line:column)</c> or <c>at name:line:column</c>.</summary>
    public static ErrorDetails FromStack(string? stack, Func<string, SourceText?> findSource)
    {
        if (stack is null)
        {
            return default;
        }

        foreach (string line in stack.Split('\n'))
        {
            string text = line.Trim();
            if (!text.StartsWith("at ", StringComparison.Ordinal))
            {
                continue;
            }

            int open = text.LastIndexOf('(');
            string place = open >= 0 && text.EndsWith(')') ? text[(open + 1)..^1] : text[3..];
            if (TryParsePlace(place, out string name, out int lineNumber, out int column))
            {
                return new(stack, name, lineNumber, column, CutExcerpt(findSource(name), lineNumber, column));
            }
        }

        return new(stack, null, 0, 0, null);
    }

    private static bool TryParsePlace(string place, out string name, out int line, out int column)
    {
        int second = place.LastIndexOf(':');
        int first = second > 0 ? place.LastIndexOf(':', second - 1) : -1;
        name = first > 0 ? place[..first] : "";
        line = column = 0;
        return first > 0
            && int.TryParse(place.AsSpan(first + 1, second - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out line)
            && int.TryParse(place.AsSpan(second + 1), NumberStyles.None, CultureInfo.InvariantCulture, out column);
    }

    private static string? CutExcerpt(SourceText? source, int line, int column)
    {
        const int MaxWidth = 160;
        if (source is null || line < 1 || line > source.LineCount)
        {
            return null;
        }

        string text = source.GetLine(line);
        int caret = Math.Clamp(column - 1, 0, text.Length);
        if (text.Length > MaxWidth)
        {
            int cut = Math.Clamp(caret - (MaxWidth / 2), 0, text.Length - MaxWidth);
            text = text.Substring(cut, MaxWidth);
            caret -= cut;
        }

        string indentation = string.Concat(text.AsSpan(0, caret).ToString().Select(static c => c == '\t' ? '\t' : ' '));
        return text + "\n" + indentation + "^";
    }
}
