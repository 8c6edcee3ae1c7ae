using System.Globalization;
using System.Text;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Function properties of the global object (ECMA-262, 19.2 and B.2.1).</summary>
internal static unsafe class GlobalFunctions
{
    // 19.2.1 eval
    [Builtin("global", "eval", Length = 1)]
    public static Value Eval(Agent agent, Arguments args)
    {
        if (!args[0].IsString)
        {
            return args[0];
        }

        return BuiltinHooks.IndirectEval != null ? BuiltinHooks.IndirectEval(agent, args) : throw agent.Error(ErrorKind.EvalError, "Code generation from strings disallowed for this context");
    }

    // 19.2.2 isFinite
    [Builtin("global", "isFinite", Length = 1)]
    public static Value IsFinite(Agent agent, Arguments args) => Boolean(double.IsFinite(Conversions.ToNumber(agent, args[0])));

    // 19.2.3 isNaN
    [Builtin("global", "isNaN", Length = 1)]
    public static Value IsNaN(Agent agent, Arguments args) => Boolean(double.IsNaN(Conversions.ToNumber(agent, args[0])));

    // 19.2.4 parseFloat
    [Builtin("global", "parseFloat", Length = 1)]
    public static Value ParseFloat(Agent agent, Arguments args)
    {
        if (args[0].IsSmi)
        {
            return args[0];
        }

        string source = Conversions.ToString(agent, args[0]).ToClrString();
        ReadOnlySpan<char> text = NumberParsing.TrimStart(source);
        int length = NumberParsing.DecimalPrefix(text);
        return length == 0 ? Value.NaN : Value.FromDouble(NumberParsing.ParseDecimal(text[..length]));
    }

    // 19.2.5 parseInt
    [Builtin("global", "parseInt", Length = 2)]
    public static Value ParseInt(Agent agent, Arguments args)
    {
        if (args[0].IsSmi && args[1].IsUndefined)
        {
            return args[0];
        }

        string source = Conversions.ToString(agent, args[0]).ToClrString();
        int radix = Conversions.ToInt32(agent, args[1]);
        return Value.FromDouble(ParseInt(source, radix));
    }

    public static double ParseInt(string source, int radix)
    {
        ReadOnlySpan<char> text = NumberParsing.TrimStart(source);
        double sign = 1;
        if (!text.IsEmpty && text[0] is '+' or '-')
        {
            sign = text[0] == '-' ? -1 : 1;
            text = text[1..];
        }

        bool stripPrefix = radix is 0 or 16;
        if (radix == 0)
        {
            radix = 10;
        }
        else if (radix is < 2 or > 36)
        {
            return double.NaN;
        }

        if (stripPrefix && text.Length >= 2 && text[0] == '0' && text[1] is 'x' or 'X')
        {
            text = text[2..];
            radix = 16;
        }

        int count = NumberParsing.CountDigits(text, radix);
        if (count == 0)
        {
            return double.NaN;
        }

        text = text[..count];
        if (radix == 10)
        {
            return sign * double.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return sign * ((radix & (radix - 1)) == 0 ? NumberParsing.ParsePowerOfTwo(text, radix) : NumberParsing.ToDouble(NumberParsing.ParseInteger(text, radix)));
    }

    private const string UriReserved = ";/?:@&=+$,";
    private const string UriUnescaped = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";

    // 19.2.6.1 decodeURI
    [Builtin("global", "decodeURI", Length = 1)]
    public static Value DecodeURI(Agent agent, Arguments args) => Decode(agent, args[0], UriReserved + "#");

    // 19.2.6.2 decodeURIComponent
    [Builtin("global", "decodeURIComponent", Length = 1)]
    public static Value DecodeURIComponent(Agent agent, Arguments args) => Decode(agent, args[0], "");

    // 19.2.6.3 encodeURI
    [Builtin("global", "encodeURI", Length = 1)]
    public static Value EncodeURI(Agent agent, Arguments args) => Encode(agent, args[0], UriReserved + UriUnescaped + "#");

    // 19.2.6.4 encodeURIComponent
    [Builtin("global", "encodeURIComponent", Length = 1)]
    public static Value EncodeURIComponent(Agent agent, Arguments args) => Encode(agent, args[0], UriUnescaped);

    // 19.2.6.5 Encode
    private static JSString Encode(Agent agent, Value value, string unescaped)
    {
        string text = Conversions.ToString(agent, value).ToClrString();
        var result = new StringBuilder();
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c < 128 && unescaped.Contains(c, StringComparison.Ordinal))
            {
                result.Append(c);
                continue;
            }

            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int units) != System.Buffers.OperationStatus.Done)
            {
                throw agent.Error(ErrorKind.URIError, "URI malformed");
            }

            i += units - 1;
            int count = rune.EncodeToUtf8(bytes);
            for (int b = 0; b < count; b++)
            {
                result.Append('%').Append(bytes[b].ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return agent.NewString(result.ToString());
    }

    // 19.2.6.6 Decode
    private static JSString Decode(Agent agent, Value value, string preserved)
    {
        string text = Conversions.ToString(agent, value).ToClrString();
        var result = new StringBuilder();
        Span<byte> bytes = stackalloc byte[4];
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }

            int start = i;
            int first = HexByte(text, i);
            if (first < 0)
            {
                throw agent.Error(ErrorKind.URIError, "URI malformed");
            }

            i += 2;
            if (first < 0x80)
            {
                char c = (char)first;
                result.Append(preserved.Contains(c, StringComparison.Ordinal) ? text.Substring(start, 3) : c.ToString());
                continue;
            }

            int count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
            bytes[0] = (byte)first;
            for (int b = 1; b < count; b++)
            {
                int next = i + 1 < text.Length && text[i + 1] == '%' ? HexByte(text, i + 1) : -1;
                if (next < 0)
                {
                    throw agent.Error(ErrorKind.URIError, "URI malformed");
                }

                bytes[b] = (byte)next;
                i += 3;
            }

            if (Rune.DecodeFromUtf8(bytes[..count], out Rune rune, out int used) != System.Buffers.OperationStatus.Done || used != count)
            {
                throw agent.Error(ErrorKind.URIError, "URI malformed");
            }

            result.Append(units[..rune.EncodeToUtf16(units)]);
        }

        return agent.NewString(result.ToString());
    }

    private static int HexByte(string text, int percent) =>
        percent + 2 < text.Length && char.IsAsciiHexDigit(text[percent + 1]) && char.IsAsciiHexDigit(text[percent + 2])
            ? (NumberParsing.DigitOf(text[percent + 1]) * 16) + NumberParsing.DigitOf(text[percent + 2])
            : -1;

    // B.2.1.1 escape
    [Builtin("global", "escape", Length = 1)]
    public static Value Escape(Agent agent, Arguments args)
    {
        string text = Conversions.ToString(agent, args[0]).ToClrString();
        var result = new StringBuilder();
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '@' or '*' or '_' or '+' or '-' or '.' or '/')
            {
                result.Append(c);
            }
            else
            {
                result.Append(c < 256 ? "%" : "%u").Append(((int)c).ToString(c < 256 ? "X2" : "X4", CultureInfo.InvariantCulture));
            }
        }

        return agent.NewString(result.ToString());
    }

    // B.2.1.2 unescape
    [Builtin("global", "unescape", Length = 1)]
    public static Value Unescape(Agent agent, Arguments args)
    {
        string text = Conversions.ToString(agent, args[0]).ToClrString();
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                int skip = i + 1 < text.Length && text[i + 1] == 'u' ? 2 : 1;
                int digits = skip == 2 ? 4 : 2;
                if (i + skip + digits <= text.Length && NumberParsing.CountDigits(text.AsSpan(i + skip, digits), 16) == digits)
                {
                    result.Append((char)int.Parse(text.AsSpan(i + skip, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += skip + digits - 1;
                    continue;
                }
            }

            result.Append(text[i]);
        }

        return agent.NewString(result.ToString());
    }
}
