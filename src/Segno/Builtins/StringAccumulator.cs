using Segno.Layouts;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>Builds a string from parts of any size.</summary>
internal sealed class StringAccumulator
{
    private readonly Agent _agent;
    private char[] _chars = new char[64];
    private int _length;

    public StringAccumulator(Agent agent) => _agent = agent;

    public int Length => _length;

    private Span<char> Reserve(int count)
    {
        long wanted = (long)_length + count;
        if (wanted > Strings.MaxLength)
        {
            throw _agent.Error(ErrorKind.RangeError, "Invalid string length");
        }

        if (wanted > _chars.Length)
        {
            Array.Resize(ref _chars, (int)Math.Min(Math.Max(wanted, _chars.Length * 2L), Strings.MaxLength));
        }

        Span<char> target = _chars.AsSpan(_length, count);
        _length = (int)wanted;
        return target;
    }

    public void Append(char c) => Reserve(1)[0] = c;

    public void Append(ReadOnlySpan<char> text) => text.CopyTo(Reserve(text.Length));

    public void Append(JSString text)
    {
        FlatString flat = text.Flatten(_agent);
        flat.CopyTo(Reserve(flat.Length));
    }

    public void Append(FlatString text) => text.CopyTo(Reserve(text.Length));

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _length);

    public void Truncate(int length) => _length = length;

    public JSString ToJSString() => _agent.NewString(Text);
}
