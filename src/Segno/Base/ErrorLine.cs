using System.Runtime.InteropServices;
using System.Text;

namespace Segno.Base;

/// <summary>A line for the error stream, written by the system directly: for reports of a process that is about to end.</summary>
internal unsafe ref partial struct ErrorLine(Span<byte> buffer)
{
    private const int ErrorStream = 2;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>Adds text; what is not ASCII becomes a question mark, and what does not fit is left out.</summary>
    public void Add(scoped ReadOnlySpan<char> text)
    {
        int count = Math.Min(text.Length, _buffer.Length - _length - 1);
        _length += Encoding.ASCII.GetBytes(text[..count], _buffer[_length..]);
    }

    public void Add(long number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out int count, default, System.Globalization.CultureInfo.InvariantCulture);
        Add(digits[..count]);
    }

    public void AddHex(ulong number, int width = 1)
    {
        Span<char> digits = stackalloc char[18];
        int at = digits.Length;
        do
        {
            digits[--at] = "0123456789abcdef"[(int)(number & 15)];
            number >>= 4;
        }
        while (number != 0 || digits.Length - at < width);
        Add("0x");
        Add(digits[at..]);
    }

    /// <summary>Writes the line out and starts the next one.</summary>
    public void End()
    {
        _buffer[_length++] = (byte)'\n';
        fixed (byte* bytes = _buffer)
        {
            _ = Write(ErrorStream, bytes, _length);
        }

        _length = 0;
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte* bytes, nint count);
}
