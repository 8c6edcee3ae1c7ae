using System.Globalization;
using System.Text;

namespace Segno.Syntax;

/// <summary>Numbers, strings, templates and regular expressions: their extent while scanning, their values on demand.</summary>
internal sealed unsafe partial class Scanner
{
    private const string OctalLiteralMessage = "Octal literals are not allowed in strict mode.";
    private const string OctalEscapeMessage = "Octal escape sequences are not allowed in strict mode.";
    private const string LeadingZeroMessage = "Decimals with leading zeros are not allowed in strict mode.";
    private const string EightNineMessage = "\\8 and \\9 are not allowed in strict mode.";

    private void ScanNumber(ref TokenDescription token, int start)
    {
        char* source = _source;
        int position = start;
        bool isBigInt = false;
        bool isLegacy = false;
        char c = source[position];
        if (c == '0' && (source[position + 1] | 0x20) is 'x' or 'o' or 'b')
        {
            int radix = (source[position + 1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 };
            position += 2;
            if (!ScanDigits(ref position, radix, out string? error))
            {
                Fail(ref token, error is null ? start : position, position + 1, error ?? "Invalid or unexpected token");
                return;
            }

            isBigInt = source[position] == 'n';
        }
        else if (c == '0' && char.IsAsciiDigit(source[position + 1]))
        {
            // LegacyOctalIntegerLiteral or NonOctalDecimalIntegerLiteral.
            isLegacy = true;
            bool isOctal = true;
            while (char.IsAsciiDigit(source[position]))
                isOctal &= source[position++] < '8';
            if (source[position] == '_')
            {
                Fail(ref token, position, position + 1, "Numeric separator can not be used after leading 0.");
                return;
            }

            if (!isOctal && !ScanFractionAndExponent(ref token, ref position))
                return;
            AddOctal(start, position, isOctal ? OctalLiteralMessage : LeadingZeroMessage);
        }
        else
        {
            if (c != '.')
            {
                if (c == '0' && source[position + 1] == '_')
                {
                    Fail(ref token, position + 1, position + 2, "Numeric separator can not be used after leading 0.");
                    return;
                }

                if (!ScanDigits(ref position, 10, out string? error))
                {
                    Fail(ref token, position, position + 1, error!);
                    return;
                }

                isBigInt = source[position] == 'n';
            }

            if (!isBigInt && !ScanFractionAndExponent(ref token, ref position))
                return;
        }

        if (isBigInt)
            position++;
        int following = CodePointAt(position);
        if (position < _end && (UnicodeIdentifier.IsStart(following) || following == '\\' || char.IsAsciiDigit(source[position])))
        {
            Fail(ref token, start, position + 1, "Invalid or unexpected token");
            return;
        }

        token.Token = isBigInt ? Token.BigInt : Token.Number;
        token.HasEscape = false;
        token.IsMalformedOrLegacy = isLegacy;
        token.Name = null;
        token.Start = start;
        token.End = position;
        _position = position;
    }

    private bool ScanFractionAndExponent(ref TokenDescription token, ref int position)
    {
        char* source = _source;
        if (source[position] == '.')
        {
            position++;
            if (source[position] == '_')
            {
                Fail(ref token, position, position + 1, "Numeric separators are not allowed here");
                return false;
            }

            if (char.IsAsciiDigit(source[position]) && !ScanDigits(ref position, 10, out string? error))
            {
                Fail(ref token, position, position + 1, error!);
                return false;
            }
        }

        if ((source[position] | 0x20) == 'e')
        {
            position++;
            if (source[position] is '+' or '-')
                position++;
            if (!ScanDigits(ref position, 10, out string? error))
            {
                Fail(ref token, position, position + 1, error ?? "Invalid or unexpected token");
                return false;
            }
        }

        return true;
    }

    /// <summary>At least one digit, with separators between digits.</summary>
    private bool ScanDigits(ref int position, int radix, out string? error)
    {
        error = null;
        bool afterDigit = false;
        while (true)
        {
            char c = _source[position];
            if (c == '_')
            {
                if (!afterDigit)
                {
                    error = _source[position - 1] == '_'
                        ? "Only one underscore is allowed as numeric separator"
                        : "Numeric separators are not allowed here";
                    return false;
                }

                afterDigit = false;
                position++;
                continue;
            }

            if (DigitValue(c) >= radix)
                break;
            afterDigit = true;
            position++;
        }

        if (!afterDigit && _source[position - 1] == '_')
            error = "Numeric separators are not allowed at the end of numeric literals";
        return afterDigit;
    }

    private static int DigitValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => int.MaxValue,
    };

    /// <summary>The value of a number token.</summary>
    public double NumberValue(in TokenDescription token)
    {
        ReadOnlySpan<char> text = Text(token.Start, token.End);
        if (text.Length <= 9)
        {
            int value = 0;
            int index = 0;
            while (index < text.Length && char.IsAsciiDigit(text[index]))
                value = value * 10 + (text[index++] - '0');
            if (index == text.Length && (text[0] != '0' || text.Length == 1))
                return value;
        }

        Span<char> digits = text.Length <= 256 ? stackalloc char[text.Length] : new char[text.Length];
        int count = 0;
        foreach (char c in text)
        {
            if (c != '_')
                digits[count++] = c;
        }

        digits = digits[..count];
        if (digits[0] == '0' && count > 1)
        {
            switch (digits[1] | 0x20)
            {
                case 'x':
                    return PowerOfTwoRadix(digits[2..], 4);
                case 'o':
                    return PowerOfTwoRadix(digits[2..], 3);
                case 'b':
                    return PowerOfTwoRadix(digits[2..], 1);
            }

            if (digits.IndexOfAnyExceptInRange('0', '7') < 0)
                return PowerOfTwoRadix(digits[1..], 3);
        }

        return double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Rounds to nearest, ties to even: the first 60 bits and a sticky bit decide.</summary>
    private static double PowerOfTwoRadix(ReadOnlySpan<char> digits, int bitsPerDigit)
    {
        ulong significand = 0;
        int exponent = 0;
        foreach (char c in digits)
        {
            uint digit = (uint)DigitValue(c);
            if (significand >> 59 == 0)
            {
                significand = significand << bitsPerDigit | digit;
            }
            else
            {
                exponent += bitsPerDigit;
                if (digit != 0)
                    significand |= 1;
            }
        }

        return exponent == 0 ? significand : Math.ScaleB((double)significand, exponent);
    }

    /// <summary>The digits of a BigInt token, as <see cref="BigIntLiteral.Text"/> wants them.</summary>
    public string BigIntText(in TokenDescription token) => Text(token.Start, token.End - 1).ToString().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private void ScanString(ref TokenDescription token, int start, char quote)
    {
        char* source = _source;
        int position = start + 1;
        bool hasEscape = false;
        while (true)
        {
            char c = source[position];
            if (c == quote)
                break;
            if (c == '\\')
            {
                hasEscape = true;
                position++;
                string? error = null;
                if (position < _end && SkipEscape(ref position, isTemplate: false, out error))
                    continue;
                Fail(ref token, error is null ? start : position, position + 1, error ?? "Invalid or unexpected token");
                return;
            }

            if (c is '\n' or '\r' || (c == '\0' && position >= _end))
            {
                Fail(ref token, start, position, "Invalid or unexpected token");
                return;
            }

            position++;
        }

        token.Token = Token.String;
        token.HasEscape = hasEscape;
        token.Name = null;
        token.Start = start;
        token.End = position + 1;
        _position = position + 1;
    }

    /// <summary>Checks the escape whose backslash is before <paramref name="position"/> and moves behind it.</summary>
    private bool SkipEscape(ref int position, bool isTemplate, out string? error)
    {
        error = null;
        int start = position - 1;
        char c = _source[position];
        switch (c)
        {
            case 'x':
                if (DigitValue(_source[position + 1]) >= 16 || DigitValue(_source[position + 2]) >= 16)
                {
                    error = "Invalid hexadecimal escape sequence";
                    return false;
                }

                position += 3;
                return true;
            case 'u':
                if (ScanUnicodeEscape(ref position, out _))
                    return true;
                error = _source[position] == '}' ? "Undefined Unicode code-point" : "Invalid Unicode escape sequence";
                return false;
            case '\r':
                position++;
                if (_source[position] == '\n')
                    position++;
                return true;
            case >= '0' and <= '9':
                position++;
                if (c == '0' && !char.IsAsciiDigit(_source[position]))
                    return true;
                if (isTemplate)
                {
                    error = c >= '8' ? "\\8 and \\9 are not allowed in template strings." : "Octal escape sequences are not allowed in template strings";
                    return false;
                }

                AddOctal(start, position, c >= '8' ? EightNineMessage : OctalEscapeMessage);
                return true;
            default:
                position++;
                return true;
        }
    }

    /// <summary>Scans <c>uXXXX</c> or <c>u{X…}</c> at <paramref name="position"/>.</summary>
    private bool ScanUnicodeEscape(ref int position, out int codePoint)
    {
        codePoint = 0;
        position++;
        if (_source[position] == '{')
        {
            position++;
            int start = position;
            for (; ; position++)
            {
                int digit = DigitValue(_source[position]);
                if (digit >= 16)
                    break;
                codePoint = codePoint * 16 + digit;
                if (codePoint > 0x10FFFF)
                {
                    while (DigitValue(_source[position]) < 16)
                        position++;
                    return false;
                }
            }

            if (_source[position] != '}' || position == start)
                return false;
            position++;
            return true;
        }

        for (int i = 0; i < 4; i++, position++)
        {
            int digit = DigitValue(_source[position]);
            if (digit >= 16)
                return false;
            codePoint = codePoint * 16 + digit;
        }

        return true;
    }

    /// <summary>The value of a string token.</summary>
    public AstString StringValue(in TokenDescription token)
    {
        if (!token.HasEscape)
            return _names.Intern(Text(token.Start + 1, token.End - 1));
        return _names.Intern(Unescape(token.Start + 1, token.End - 1, isTemplate: false));
    }

    private string Unescape(int start, int end, bool isTemplate)
    {
        var text = new StringBuilder(end - start);
        int position = start;
        while (position < end)
        {
            char c = _source[position++];
            if (c == '\r' && isTemplate)
            {
                if (_source[position] == '\n')
                    position++;
                text.Append('\n');
                continue;
            }

            if (c != '\\')
            {
                text.Append(c);
                continue;
            }

            c = _source[position];
            switch (c)
            {
                case 'x':
                    text.Append((char)(DigitValue(_source[position + 1]) * 16 + DigitValue(_source[position + 2])));
                    position += 3;
                    continue;
                case 'u':
                    ScanUnicodeEscape(ref position, out int codePoint);
                    if (codePoint > 0xFFFF)
                        text.Append(char.ConvertFromUtf32(codePoint));
                    else
                        text.Append((char)codePoint);
                    continue;
                case >= '0' and <= '7':
                    // Up to three octal digits, at most \377. \0 is the same rule.
                    int value = 0;
                    for (int i = 0; i < 3 && _source[position] is >= '0' and <= '7' && value * 8 + (_source[position] - '0') <= 255; i++)
                        value = value * 8 + (_source[position++] - '0');
                    text.Append((char)value);
                    continue;
                case '\r':
                    position++;
                    if (_source[position] == '\n')
                        position++;
                    continue;
                case '\n' or '\u2028' or '\u2029':
                    position++;
                    continue;
            }

            position++;
            text.Append(c switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'v' => '\v',
                _ => c,
            });
        }

        return text.ToString();
    }

    /// <summary>Makes the template part after a substitution the next token; the next token is the closing brace.</summary>
    public void ScanTemplateContinuation()
    {
        _hasAhead = false;
        bool newline = Next.HasNewlineBefore;
        ScanTemplate(ref Next, Next.Start);
        Next.HasNewlineBefore = newline;
    }

    /// <summary>Scans from a backquote or closing brace to the end of the template or to its next substitution.</summary>
    private void ScanTemplate(ref TokenDescription token, int start)
    {
        char* source = _source;
        int position = start + 1;
        bool isMalformed = false;
        bool hasEscape = false;
        Token kind;
        while (true)
        {
            char c = source[position];
            if (c == '`')
            {
                position++;
                kind = Token.TemplateTail;
                break;
            }

            if (c == '$' && source[position + 1] == '{')
            {
                position += 2;
                kind = Token.TemplateSpan;
                break;
            }

            if (c == '\0' && position >= _end)
            {
                Fail(ref token, start, position, "Unterminated template literal");
                return;
            }

            position++;
            if (c != '\\')
                continue;
            hasEscape = true;
            int escape = position;
            if (position < _end && !SkipEscape(ref position, isTemplate: true, out string? error))
            {
                if (!isMalformed)
                    SetError(error!, escape - 1, position);
                isMalformed = true;
                position = escape;
            }
        }

        token.Token = kind;
        token.HasEscape = hasEscape;
        token.IsMalformedOrLegacy = isMalformed;
        token.Name = null;
        token.Start = start;
        token.End = position;
        _position = position;
    }

    /// <summary>The template value of a template token; null if an escape in it is malformed.</summary>
    public string? TemplateCooked(in TokenDescription token) =>
        token.IsMalformedOrLegacy ? null : Unescape(token.Start + 1, TemplateTextEnd(token), isTemplate: true);

    /// <summary>The raw value of a template token: line terminators are normalized.</summary>
    public string TemplateRaw(in TokenDescription token) =>
        Text(token.Start + 1, TemplateTextEnd(token)).ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static int TemplateTextEnd(in TokenDescription token) => token.End - (token.Token == Token.TemplateTail ? 1 : 2);

    /// <summary>The next token is a division: makes the regular expression that starts there the current token. The flags are what follows the slash.</summary>
    public bool ScanRegExp(out int patternEnd)
    {
        int start = Next.Start;
        int position = start + 1;
        bool inClass = false;
        while (true)
        {
            char c = _source[position];
            if (SourceText.IsLineTerminator(c) || (c == '\0' && position >= _end))
            {
                patternEnd = position;
                SetError("Invalid regular expression: missing /", start, position);
                return false;
            }

            if (c == '\\')
            {
                position++;
                if (SourceText.IsLineTerminator(_source[position]) || position >= _end)
                    continue;
            }
            else if (c == '[')
            {
                inClass = true;
            }
            else if (c == ']')
            {
                inClass = false;
            }
            else if (c == '/' && !inClass)
            {
                break;
            }

            position++;
        }

        patternEnd = position++;
        while (position < _end)
        {
            int codePoint = CodePointAt(position);
            if (codePoint == '\\')
            {
                SetError("Invalid regular expression flags", start, position + 1);
                return false;
            }

            if (!UnicodeIdentifier.IsPart(codePoint))
                break;
            position += codePoint > 0xFFFF ? 2 : 1;
        }

        Current = Next;
        Current.End = position;
        SeekTo(position);
        return true;
    }
}
