using System.Text;

namespace Segno.Cli;

/// <summary>A UTF-8 output stream with a buffer; written out when full, at exit, and at each line where a person watches.</summary>
internal sealed class Output(Stream stream, bool flushLines)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;

    public void WriteLine(string text)
    {
        Write(text);
        Write("\n");
        if (flushLines)
        {
            Flush();
        }
    }

    public void Write(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            ReadOnlySpan<char> part = text.Length <= 8192 ? text : text[..(char.IsHighSurrogate(text[8191]) ? 8191 : 8192)];
            if (Encoding.UTF8.GetMaxByteCount(part.Length) > _buffer.Length - _used)
            {
                Flush();
            }

            _used += Encoding.UTF8.GetBytes(part, _buffer.AsSpan(_used));
            text = text[part.Length..];
        }
    }

    public void Flush()
    {
        stream.Write(_buffer, 0, _used);
        stream.Flush();
        _used = 0;
    }
}
