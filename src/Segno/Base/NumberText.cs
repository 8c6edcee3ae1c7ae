using System.Globalization;

namespace Segno.Base;

/// <summary>Number::toString (ECMA-262, 6.1.6.1.20) over .NET's shortest round-trip digits (D13).</summary>
internal static class NumberText
{
    public static string ToText(double number)
    {
        if (double.IsNaN(number))
        {
            return "NaN";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "Infinity" : "-Infinity";
        }

        if (number == 0)
        {
            return "0";
        }

        if (number == (long)number && Math.Abs(number) < 1e15)
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }

        (string digits, int exponent) = ShortestDigits(Math.Abs(number));
        string text = Layout(digits, exponent);
        return number < 0 ? "-" + text : text;
    }

    /// <summary>The shortest digits that read back as the number, and n with value = 0.digits * 10^n.</summary>
    public static (string Digits, int Exponent) ShortestDigits(double number)
    {
        string shortest = number.ToString("R", CultureInfo.InvariantCulture);
        // The round-trip format may be fixed or scientific: normalize it to digits and an exponent.
        int e = shortest.IndexOf('E');
        int scale = 0;
        string mantissa = shortest;
        if (e >= 0)
        {
            scale = int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = shortest[..e];
        }

        int dot = mantissa.IndexOf('.');
        string digits = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        int point = (dot < 0 ? mantissa.Length : dot) + scale;
        int leading = 0;
        while (leading < digits.Length - 1 && digits[leading] == '0')
        {
            leading++;
        }

        digits = digits[leading..].TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, point - leading);
    }

    private static string Layout(string digits, int n)
    {
        int k = digits.Length;
        if (k <= n && n <= 21)
        {
            return digits + new string('0', n - k);
        }

        if (n is > 0 and <= 21)
        {
            return digits[..n] + "." + digits[n..];
        }

        if (n is > -6 and <= 0)
        {
            return "0." + new string('0', -n) + digits;
        }

        int exponent = n - 1;
        string sign = exponent < 0 ? "-" : "+";
        string power = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
        return k == 1 ? digits + "e" + sign + power : digits[..1] + "." + digits[1..] + "e" + sign + power;
    }
}
