using System.Text;

namespace Segno.Syntax;

/// <summary>A place in a source: one-based line and column, the column in UTF-16 code units.</summary>
internal readonly record struct LineColumn(int Line, int Column);

/// <summary>The text of a script or module: UTF-16, or one byte per code unit if all of them are below U+0100.</summary>
internal sealed class SourceText
{
    private readonly string? _text;
    private readonly byte[]? _bytes;
    private int[]? _lineStarts;

    public SourceText(string text, string? name = null)
    {
        _text = text;
        Name = name;
    }

    public SourceText(byte[] latin1, string? name = null)
    {
        _bytes = latin1;
        Name = name;
    }

    /// <summary>File name or URL for messages.</summary>
    public string? Name { get; }

    public int Length => _text?.Length ?? _bytes!.Length;

    public bool IsOneByte => _bytes is not null;

    public char this[int index] => _text is not null ? _text[index] : (char)_bytes![index];

    public string Substring(int start, int end) =>
        _text is not null ? _text[start..end] : Encoding.Latin1.GetString(_bytes!, start, end - start);

    /// <summary>The string itself, if the text is kept as one.</summary>
    internal string? TextOrNull => _text;

    /// <summary>Widens a range of a one-byte text, followed by a null.</summary>
    internal char[] Widen(int start, int end)
    {
        var chars = new char[end - start + 1];
        Encoding.Latin1.GetChars(_bytes!, start, end - start, chars, 0);
        return chars;
    }

    public int LineCount => LineStarts.Length;

    public LineColumn GetLineColumn(int position)
    {
        int[] starts = LineStarts;
        int line = Array.BinarySearch(starts, position);
        if (line < 0)
            line = ~line - 1;
        return new LineColumn(line + 1, position - starts[line] + 1);
    }

    /// <summary>The text of a one-based line, without its terminator.</summary>
    public string GetLine(int line)
    {
        int[] starts = LineStarts;
        int start = starts[line - 1];
        int end = line < starts.Length ? starts[line] : Length;
        while (end > start && IsLineTerminator(this[end - 1]))
            end--;
        return Substring(start, end);
    }

    /// <summary>The line of a range, and below it carets under the part of the range that is on this line.</summary>
    public string GetExcerpt(int start, int end)
    {
        const int MaxWidth = 160;
        LineColumn place = GetLineColumn(start);
        string line = GetLine(place.Line);
        int from = Math.Min(place.Column - 1, line.Length);
        int carets = Math.Max(1, Math.Min(end - start, line.Length - from));
        if (line.Length > MaxWidth)
        {
            int cut = Math.Max(0, Math.Min(from - MaxWidth / 2, line.Length - MaxWidth));
            line = line.Substring(cut, Math.Min(MaxWidth, line.Length - cut));
            from -= cut;
            carets = Math.Max(1, Math.Min(carets, line.Length - from));
        }

        var result = new StringBuilder(line.Length * 2 + 2);
        result.Append(line).Append('\n');
        for (int i = 0; i < from; i++)
            result.Append(line[i] == '\t' ? '\t' : ' ');
        return result.Append('^', carets).ToString();
    }

    internal static bool IsLineTerminator(char c) => c is '\n' or '\r' or '\u2028' or '\u2029';

    private int[] LineStarts
    {
        get
        {
            if (_lineStarts is { } known)
                return known;
            var starts = new List<int> { 0 };
            int length = Length;
            for (int i = 0; i < length; i++)
            {
                char c = this[i];
                if (!IsLineTerminator(c))
                    continue;
                if (c == '\r' && i + 1 < length && this[i + 1] == '\n')
                    i++;
                starts.Add(i + 1);
            }

            return _lineStarts = starts.ToArray();
        }
    }
}
