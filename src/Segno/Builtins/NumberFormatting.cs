using System.Globalization;
using System.Numerics;
using System.Text;
using Segno.Base;

namespace Segno.Builtins;

/// <summary>Texts of numbers with a given number of digits or in another radix, exact over big integers.</summary>
internal static class NumberFormatting
{
    /// <summary>The exact value of a positive finite number as numerator and denominator, one of them a power of two.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) Exact(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & ((1L << 52) - 1);
        if (exponent == 0)
        {
            exponent = 1;
        }
        else
        {
            mantissa |= 1L << 52;
        }

        exponent -= 1075;
        return exponent >= 0 ? (new BigInteger(mantissa) << exponent, BigInteger.One) : (mantissa, BigInteger.One << -exponent);
    }

    /// <summary>The integer n for which n / 10^digits is closest to the number; the larger of two.</summary>
    private static BigInteger Scaled(double number, int digits)
    {
        (BigInteger numerator, BigInteger denominator) = Exact(number);
        if (digits >= 0)
        {
            numerator *= BigInteger.Pow(10, digits);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -digits);
        }

        return ((numerator * 2) + denominator) / (denominator * 2);
    }

    // 21.1.3.3 Number.prototype.toFixed, steps 6 to 12, for a finite number below 10^21
    public static string ToFixed(double number, int fractionDigits)
    {
        bool negative = number < 0;
        BigInteger n = Scaled(Math.Abs(number), fractionDigits);
        string digits = n.ToString(CultureInfo.InvariantCulture);
        if (fractionDigits > 0)
        {
            digits = digits.PadLeft(fractionDigits + 1, '0');
            digits = digits[..^fractionDigits] + "." + digits[^fractionDigits..];
        }

        return negative ? "-" + digits : digits;
    }

    /// <summary>The first digits of a positive number, correctly rounded, and the decimal exponent of the first.</summary>
    private static (string Digits, int Exponent) Rounded(double number, int count)
    {
        int exponent = NumberText.ShortestDigits(number).Exponent - 1;
        (BigInteger numerator, BigInteger denominator) = Exact(number);
        if (exponent >= 0 ? numerator < denominator * BigInteger.Pow(10, exponent) : numerator * BigInteger.Pow(10, -exponent) < denominator)
        {
            // The shortest digits were rounded up to a power of ten.
            exponent--;
        }

        string digits = Scaled(number, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > count)
        {
            // Rounding carried into a new digit.
            exponent++;
            digits = digits[..count];
        }

        return (digits, exponent);
    }

    private static string ExponentText(int exponent) => (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);

    // 21.1.3.2 Number.prototype.toExponential for a finite number; -1 digits for as many as necessary
    public static string ToExponential(double number, int fractionDigits)
    {
        string sign = number < 0 ? "-" : "";
        number = Math.Abs(number);
        string digits;
        int exponent;
        if (number == 0)
        {
            digits = new string('0', Math.Max(fractionDigits, 0) + 1);
            exponent = 0;
        }
        else if (fractionDigits < 0)
        {
            (digits, exponent) = NumberText.ShortestDigits(number);
            exponent--;
        }
        else
        {
            (digits, exponent) = Rounded(number, fractionDigits + 1);
        }

        return sign + (digits.Length > 1 ? digits[..1] + "." + digits[1..] : digits) + ExponentText(exponent);
    }

    // 21.1.3.5 Number.prototype.toPrecision for a finite number
    public static string ToPrecision(double number, int precision)
    {
        string sign = number < 0 ? "-" : "";
        number = Math.Abs(number);
        (string digits, int exponent) = number == 0 ? (new string('0', precision), 0) : Rounded(number, precision);
        if (exponent < -6 || exponent >= precision)
        {
            return sign + (precision > 1 ? digits[..1] + "." + digits[1..] : digits) + ExponentText(exponent);
        }

        if (exponent == precision - 1)
        {
            return sign + digits;
        }

        return exponent >= 0
            ? sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..]
            : sign + "0." + new string('0', -(exponent + 1)) + digits;
    }

    // 6.1.6.1.20 Number::toString with a radix other than 10: as many digits as tell the number from its neighbours
    public static string ToRadix(double number, int radix)
    {
        if (double.IsNaN(number))
        {
            return "NaN";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "Infinity" : "-Infinity";
        }

        var text = new StringBuilder();
        if (number < 0)
        {
            text.Append('-');
            number = -number;
        }

        double integer = Math.Floor(number);
        double fraction = number - integer;
        text.Append(IntegerToRadix(integer, radix));
        if (fraction == 0)
        {
            return text.ToString();
        }

        text.Append('.');
        // Half the distance to the next number: digits beyond it would say nothing.
        double delta = Math.Max(0.5 * (Math.BitIncrement(number) - number), double.Epsilon);
        int first = text.Length;
        do
        {
            fraction *= radix;
            delta *= radix;
            int digit = (int)fraction;
            text.Append(DigitChar(digit));
            fraction -= digit;
            if (fraction > 0.5 || (fraction == 0.5 && (digit & 1) != 0))
            {
                if (fraction + delta > 1)
                {
                    RoundUp(text, first, radix, ref integer, number < 0);
                    break;
                }
            }
        }
        while (fraction >= delta);
        return text.ToString();
    }

    /// <summary>Carries one into the last digit; digits that overflow are dropped.</summary>
    private static void RoundUp(StringBuilder text, int first, int radix, ref double integer, bool negative)
    {
        while (text.Length > first)
        {
            int digit = Operations.NumberParsing.DigitOf(text[^1]) + 1;
            if (digit < radix)
            {
                text[^1] = DigitChar(digit);
                return;
            }

            text.Length--;
        }

        // All digits of the fraction overflowed into the integer.
        integer += 1;
        text.Clear();
        text.Append(negative ? "-" : "").Append(IntegerToRadix(integer, radix));
    }

    private static char DigitChar(int digit) => (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    /// <summary>Digits beyond the precision of the number are zeros.</summary>
    private static string IntegerToRadix(double integer, int radix)
    {
        if (integer < 1L << 53)
        {
            return IntegerToRadix((BigInteger)integer, radix);
        }

        // Digits that the number's precision does not reach are zeros.
        var text = new StringBuilder();
        double delta = 0.5 * (integer == double.MaxValue ? integer - Math.BitDecrement(integer) : Math.BitIncrement(integer) - integer);
        while (delta >= radix)
        {
            integer /= radix;
            delta /= radix;
            text.Append('0');
        }

        do
        {
            double rest = integer % radix;
            text.Insert(0, DigitChar((int)rest));
            integer = (integer - rest) / radix;
        }
        while (integer > 0);
        return text.ToString();
    }

    public static string IntegerToRadix(BigInteger value, int radix)
    {
        if (value.IsZero)
        {
            return "0";
        }

        bool negative = value.Sign < 0;
        value = BigInteger.Abs(value);
        if (radix == 10)
        {
            return (negative ? "-" : "") + value.ToString(CultureInfo.InvariantCulture);
        }

        // Chunks of a power of the radix that fits a word, so that the big division runs once per chunk.
        int chunkDigits = 1;
        ulong chunk = (ulong)radix;
        while (chunk <= ulong.MaxValue / (ulong)radix / 2)
        {
            chunk *= (ulong)radix;
            chunkDigits++;
        }

        var digits = new List<char>();
        while (!value.IsZero)
        {
            value = BigInteger.DivRem(value, chunk, out BigInteger remainder);
            ulong rest = (ulong)remainder;
            for (int i = 0; i < chunkDigits && (rest != 0 || !value.IsZero); i++)
            {
                digits.Add(DigitChar((int)(rest % (ulong)radix)));
                rest /= (ulong)radix;
            }
        }

        if (negative)
        {
            digits.Add('-');
        }

        digits.Reverse();
        return new string(digits.ToArray());
    }
}
