using System.Text;

namespace Segno.Differential.Generation;

/// <summary>Source text with indentation.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string text)
    {
        if (text.StartsWith('}'))
        {
            _depth--;
        }

        _text.Append(' ', _depth * 2).Append(text).Append('\n');
        if (text.EndsWith('{'))
        {
            _depth++;
        }
    }

    /// <summary>Several lines, whose own indentation is replaced.</summary>
    public void Lines(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Trim() is { Length: > 0 } content)
            {
                Line(content);
            }
        }
    }

    public override string ToString() => _text.ToString();
}
