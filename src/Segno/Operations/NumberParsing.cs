using System.Globalization;
using System.Numerics;

namespace Segno.Operations;

/// <summary>Numbers from text: the StringNumericLiteral grammar and what parseInt and parseFloat share with it.</summary>
internal static class NumberParsing
{
    /// <summary>WhiteSpace or LineTerminator (ECMA-262, 12.2 and 12.3).</summary>
    public static bool IsWhiteSpace(char c) => c switch
    {
        '\t' or '\n' or '\v' or '\f' or '\r' or ' ' or '\u00A0' or '\uFEFF' or '\u2028' or '\u2029' => true,
        < '\u1680' => false,
        _ => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator,
    };

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => TrimEnd(TrimStart(text));

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && IsWhiteSpace(text[start]))
        {
            start++;
        }

        return text[start..];
    }

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    // 7.1.4.1.1 StringToNumber
    public static double StringToNumber(ReadOnlySpan<char> text)
    {
        text = Trim(text);
        if (text.IsEmpty)
        {
            return 0;
        }

        int radix = PrefixRadix(text);
        if (radix != 0)
        {
            ReadOnlySpan<char> digits = text[2..];
            return !digits.IsEmpty && CountDigits(digits, radix) == digits.Length ? ParsePowerOfTwo(digits, radix) : double.NaN;
        }

        int length = DecimalPrefix(text);
        return length == text.Length ? ParseDecimal(text) : double.NaN;
    }

    // 7.1.14 StringToBigInt
    public static bool TryParseBigInt(ReadOnlySpan<char> text, out BigInteger result)
    {
        text = Trim(text);
        result = BigInteger.Zero;
        if (text.IsEmpty)
        {
            return true;
        }

        int radix = PrefixRadix(text);
        bool negative = false;
        if (radix != 0)
        {
            text = text[2..];
        }
        else
        {
            radix = 10;
            if (text[0] is '+' or '-')
            {
                negative = text[0] == '-';
                text = text[1..];
            }
        }

        if (text.IsEmpty || CountDigits(text, radix) != text.Length)
        {
            return false;
        }

        result = ParseInteger(text, radix);
        result = negative ? -result : result;
        return true;
    }

    /// <summary>An integer of valid digits, exact.</summary>
    public static BigInteger ParseInteger(ReadOnlySpan<char> digits, int radix)
    {
        if (radix == 10)
        {
            return BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        // Halves are combined by one multiplication each, so that long texts do not take quadratic steps of one digit.
        if (digits.Length > 64)
        {
            int low = digits.Length / 2;
            return (ParseInteger(digits[..^low], radix) * BigInteger.Pow(radix, low)) + ParseInteger(digits[^low..], radix);
        }

        BigInteger value = BigInteger.Zero;
        foreach (char c in digits)
        {
            value = (value * radix) + DigitOf(c);
        }

        return value;
    }

    private static int PrefixRadix(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '0')
        {
            return 0;
        }

        return text[1] switch
        {
            'x' or 'X' => 16,
            'o' or 'O' => 8,
            'b' or 'B' => 2,
            _ => 0,
        };
    }

    public static int DigitOf(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + 10,
        _ => 99,
    };

    public static int CountDigits(ReadOnlySpan<char> text, int radix)
    {
        int count = 0;
        while (count < text.Length && DigitOf(text[count]) < radix)
        {
            count++;
        }

        return count;
    }

    /// <summary>The length of the longest prefix that is a StrDecimalLiteral; 0 if there is none.</summary>
    public static int DecimalPrefix(ReadOnlySpan<char> text)
    {
        int at = 0;
        if (at < text.Length && text[at] is '+' or '-')
        {
            at++;
        }

        if (text[at..].StartsWith("Infinity"))
        {
            return at + 8;
        }

        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        int digits = at - start;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = at + 1;
            while (fraction < text.Length && char.IsAsciiDigit(text[fraction]))
            {
                fraction++;
            }

            if (digits == 0 && fraction == at + 1)
            {
                return 0;
            }

            digits += fraction - at - 1;
            at = fraction;
        }

        if (digits == 0)
        {
            return 0;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            int exponent = at + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
            {
                exponent++;
            }

            int first = exponent;
            while (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                exponent++;
            }

            if (exponent > first)
            {
                at = exponent;
            }
        }

        return at;
    }

    /// <summary>The value of a StrDecimalLiteral.</summary>
    public static double ParseDecimal(ReadOnlySpan<char> text)
    {
        if (text[^1] == 'y')
        {
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Digits of a radix that is a power of two, rounded to nearest, ties to even.</summary>
    public static double ParsePowerOfTwo(ReadOnlySpan<char> digits, int radix)
    {
        int bitsPerDigit = BitOperations.Log2((uint)radix);
        double small = 0;
        if (digits.Length * bitsPerDigit <= 53)
        {
            foreach (char c in digits)
            {
                small = (small * radix) + DigitOf(c);
            }

            return small;
        }

        return ToDouble(ParseInteger(digits, radix));
    }

    /// <summary>Number(BigInt): rounded to nearest, ties to even.</summary>
    public static double ToDouble(BigInteger value)
    {
        if (value.Sign < 0)
        {
            return -ToDouble(-value);
        }

        long bits = value.GetBitLength();
        if (bits <= 64)
        {
            return (ulong)value;
        }

        if (bits > 1024)
        {
            return double.PositiveInfinity;
        }

        // The top 64 bits; a sticky lowest bit stands for all that were cut off, so the rounding to 53 bits comes out right.
        int shift = (int)(bits - 64);
        ulong top = (ulong)(value >> shift);
        if (!(value & ((BigInteger.One << shift) - 1)).IsZero)
        {
            top |= 1;
        }

        return Math.ScaleB((double)top, shift);
    }
}
