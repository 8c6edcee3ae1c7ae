using System.Globalization;

namespace Segno.Builtins;

/// <summary>Date.parse: the Date Time String Format, then the forms that toString and toUTCString write and their relatives.</summary>
internal ref struct DateParser
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private DateParser(ReadOnlySpan<char> text)
    {
        _text = text;
        _at = 0;
    }

    public static double Parse(string text)
    {
        var iso = new DateParser(text.AsSpan().Trim());
        return iso.TryIso(out double time) ? DateMath.TimeClip(time) : DateMath.TimeClip(new DateParser(text).Fallback());
    }

    private bool Digits(int count, out int value)
    {
        value = 0;
        if (_at + count > _text.Length)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!char.IsAsciiDigit(_text[_at + i]))
            {
                return false;
            }

            value = (value * 10) + _text[_at + i] - '0';
        }

        _at += count;
        return true;
    }

    private bool Take(char c)
    {
        if (_at < _text.Length && _text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private bool TryIso(out double time)
    {
        time = double.NaN;
        int year;
        int month = 1;
        int date = 1;
        if (_text.Length > 0 && _text[0] is '+' or '-')
        {
            bool negative = _text[_at++] == '-';
            if (!Digits(6, out year) || (negative && year == 0))
            {
                return false;
            }

            year = negative ? -year : year;
        }
        else if (!Digits(4, out year))
        {
            return false;
        }

        if (Take('-') && (!Digits(2, out month) || (Take('-') && !Digits(2, out date))))
        {
            return false;
        }

        if (month is < 1 or > 12 || date < 1 || date > 31)
        {
            return false;
        }

        double day = DateMath.MakeDay(year, month - 1, date);
        if (_at == _text.Length)
        {
            time = DateMath.MakeDate(day, 0);
            return true;
        }

        if (!Take('T') && !Take('t') && !Take(' '))
        {
            return false;
        }

        if (!Digits(2, out int hour) || !Take(':') || !Digits(2, out int minute))
        {
            return false;
        }

        int second = 0;
        double ms = 0;
        if (Take(':'))
        {
            if (!Digits(2, out second))
            {
                return false;
            }

            if (Take('.'))
            {
                ms = Fraction();
                if (double.IsNaN(ms))
                {
                    return false;
                }
            }
        }

        if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute != 0 || second != 0 || ms != 0)))
        {
            return false;
        }

        time = DateMath.MakeDate(day, DateMath.MakeTime(hour, minute, second, ms));
        if (Take('Z') || Take('z'))
        {
            return _at == _text.Length;
        }

        if (_at < _text.Length && _text[_at] is '+' or '-')
        {
            int sign = _text[_at++] == '-' ? -1 : 1;
            if (!Digits(2, out int hours) || !Take(':') || !Digits(2, out int minutes) || hours > 23 || minutes > 59)
            {
                return false;
            }

            time -= sign * ((hours * 60) + minutes) * 60000.0;
            return _at == _text.Length;
        }

        time = DateMath.Utc(time);
        return _at == _text.Length;
    }

    private double Fraction()
    {
        double ms = 0;
        double scale = 100;
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            ms += (_text[_at++] - '0') * scale;
            scale /= 10;
        }

        return _at == start ? double.NaN : Math.Floor(ms + 1e-9);
    }

    /// <summary>Words and numbers in any order that makes sense: month names, day, year, hh:mm:ss, AM and PM, GMT, zone offsets.</summary>
    private double Fallback()
    {
        int month = -1;
        int hour = 0;
        int minute = 0;
        int second = 0;
        double ms = 0;
        bool haveTime = false;
        int? zone = null;
        int[] numbers = new int[3];
        int count = 0;
        bool monthFirst = false;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (c == '(')
            {
                int depth = 0;
                do
                {
                    depth += _text[_at] == '(' ? 1 : _text[_at] == ')' ? -1 : 0;
                    _at++;
                }
                while (_at < _text.Length && depth > 0);
            }
            else if (char.IsAsciiLetter(c))
            {
                int start = _at;
                while (_at < _text.Length && (char.IsAsciiLetter(_text[_at]) || _text[_at] == '.'))
                {
                    _at++;
                }

                ReadOnlySpan<char> word = _text[start.._at];
                if (!Word(word, ref month, ref hour, ref zone))
                {
                    return double.NaN;
                }

                monthFirst |= month >= 0 && count == 0;
            }
            else if (char.IsAsciiDigit(c))
            {
                int number = Number(out _);
                if (Take(':'))
                {
                    hour = number;
                    minute = Number(out int digits);
                    haveTime = digits > 0;
                    if (!haveTime || (Take(':') && !ReadSecond(out second, ref ms)))
                    {
                        return double.NaN;
                    }
                }
                else if (count == 3)
                {
                    return double.NaN;
                }
                else
                {
                    numbers[count++] = number;
                    Take('/');
                }
            }
            else if (c is '+' or '-' && (haveTime || zone.HasValue))
            {
                _at++;
                int offset = Number(out int digits);
                if (digits == 0)
                {
                    return double.NaN;
                }

                if (Take(':'))
                {
                    offset = (offset * 100) + Number(out _);
                }
                else if (digits <= 2)
                {
                    offset *= 100;
                }

                zone = (c == '-' ? -1 : 1) * (((offset / 100) * 60) + (offset % 100));
            }
            else
            {
                _at++;
            }
        }

        return Assemble(month, numbers, count, hour, minute, second, ms, zone);
    }

    private static double Assemble(int month, int[] numbers, int count, int hour, int minute, int second, double ms, int? zone)
    {
        int year;
        int date;
        if (month >= 0)
        {
            if (count is < 1)
            {
                return double.NaN;
            }

            // Day and year, or year and day where the first number cannot be a day.
            date = count > 1 && numbers[0] > 31 ? numbers[1] : numbers[0];
            year = count > 1 ? numbers[0] > 31 ? numbers[0] : numbers[1] : 2001;
        }
        else
        {
            if (count < 2)
            {
                return double.NaN;
            }

            bool yearFirst = numbers[0] > 31 && count == 3;
            month = numbers[yearFirst ? 1 : 0] - 1;
            date = numbers[yearFirst ? 2 : 1];
            year = yearFirst ? numbers[0] : count == 3 ? numbers[2] : 2001;
        }

        year += year < 50 ? 2000 : year < 100 ? 1900 : 0;
        if (month is < 0 or > 11 || date is < 1 or > 31 || hour > 24 || minute > 59 || second > 59)
        {
            return double.NaN;
        }

        double local = DateMath.MakeDate(DateMath.MakeDay(year, month, date), DateMath.MakeTime(hour, minute, second, ms));
        return zone is { } offset ? local - (offset * 60000.0) : DateMath.Utc(local);
    }

    private int Number(out int digits)
    {
        int value = 0;
        digits = 0;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            value = Math.Min((value * 10) + _text[_at++] - '0', 1000000);
            digits++;
        }

        return value;
    }

    private bool ReadSecond(out int second, ref double ms)
    {
        second = Number(out int digits);
        if (digits > 0 && Take('.'))
        {
            ms = Fraction();
        }

        return digits > 0 && !double.IsNaN(ms);
    }

    private static bool Word(ReadOnlySpan<char> word, ref int month, ref int hour, ref int? zone)
    {
        if (word.Equals("AM", StringComparison.OrdinalIgnoreCase) || word.Equals("PM", StringComparison.OrdinalIgnoreCase))
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = (hour % 12) + (word[0] is 'P' or 'p' ? 12 : 0);
            return true;
        }

        if (word.Equals("GMT", StringComparison.OrdinalIgnoreCase) || word.Equals("UTC", StringComparison.OrdinalIgnoreCase) || word.Equals("Z", StringComparison.OrdinalIgnoreCase))
        {
            zone = 0;
            return true;
        }

        if (word.Length < 3)
        {
            return word.Equals("T", StringComparison.OrdinalIgnoreCase);
        }

        for (int i = 0; i < 12; i++)
        {
            if (word[..3].Equals(DateMath.MonthNames[i], StringComparison.OrdinalIgnoreCase))
            {
                month = i;
                return true;
            }
        }

        foreach (string day in DateMath.DayNames)
        {
            if (word[..3].Equals(day, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        int standard = word.ToString().ToUpper(CultureInfo.InvariantCulture) switch { "EST" => -5, "EDT" => -4, "CST" => -6, "CDT" => -5, "MST" => -7, "MDT" => -6, "PST" => -8, "PDT" => -7, _ => 99 };
        if (standard != 99)
        {
            zone = standard * 60;
        }

        return standard != 99;
    }
}
