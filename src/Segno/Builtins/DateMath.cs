using System.Globalization;

namespace Segno.Builtins;

/// <summary>Time values and calendar arithmetic (ECMA-262, 21.4.1): milliseconds since 1970 without leap seconds, in doubles.</summary>
internal static class DateMath
{
    public const double MsPerDay = 86400000;
    private const double MaxTime = 8.64e15;

    public static double Day(double time) => Math.Floor(time / MsPerDay);

    public static double TimeWithinDay(double time) => time - (Day(time) * MsPerDay);

    public static int Hour(double time) => (int)(TimeWithinDay(time) / 3600000);

    public static int Minute(double time) => (int)(TimeWithinDay(time) / 60000) % 60;

    public static int Second(double time) => (int)(TimeWithinDay(time) / 1000) % 60;

    public static int Millisecond(double time) => (int)(TimeWithinDay(time) % 1000);

    public static int WeekDay(double time) => (int)((((Day(time) + 4) % 7) + 7) % 7);

    /// <summary>Year, month (from 0) and day of the month of a day number, in the proleptic Gregorian calendar.</summary>
    public static (int Year, int Month, int Date) Civil(double day)
    {
        // Eras of 400 years that begin on 1 March, so that the leap day comes last.
        long shifted = (long)day + 719468;
        long era = Math.DivRem(shifted, 146097, out long dayOfEra);
        if (dayOfEra < 0)
        {
            era--;
            dayOfEra += 146097;
        }

        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long month = ((5 * dayOfYear) + 2) / 153;
        int date = (int)(dayOfYear - (((153 * month) + 2) / 5) + 1);
        int civilMonth = (int)(month < 10 ? month + 2 : month - 10);
        return ((int)(yearOfEra + (era * 400) + (civilMonth <= 1 ? 1 : 0)), civilMonth, date);
    }

    private static double DaysFromCivil(long year, int month, int date)
    {
        year -= month <= 1 ? 1 : 0;
        long era = (year >= 0 ? year : year - 399) / 400;
        long yearOfEra = year - (era * 400);
        long dayOfYear = (((153 * (month > 1 ? month - 2 : month + 10)) + 2) / 5) + date - 1;
        long dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146097) + dayOfEra - 719468;
    }

    // 21.4.1.27 MakeTime
    public static double MakeTime(double hour, double minute, double second, double ms)
    {
        if (!double.IsFinite(hour) || !double.IsFinite(minute) || !double.IsFinite(second) || !double.IsFinite(ms))
        {
            return double.NaN;
        }

        return (Math.Truncate(hour) * 3600000) + (Math.Truncate(minute) * 60000) + (Math.Truncate(second) * 1000) + Math.Truncate(ms);
    }

    // 21.4.1.28 MakeDay
    public static double MakeDay(double year, double month, double date)
    {
        if (!double.IsFinite(year) || !double.IsFinite(month) || !double.IsFinite(date))
        {
            return double.NaN;
        }

        double y = Math.Truncate(year);
        double m = Math.Truncate(month);
        double fullYear = y + Math.Floor(m / 12);
        if (Math.Abs(fullYear) > 400000)
        {
            return double.NaN;
        }

        int inYear = (int)(m - (Math.Floor(m / 12) * 12));
        return DaysFromCivil((long)fullYear, inYear, 1) + Math.Truncate(date) - 1;
    }

    // 21.4.1.29 MakeDate
    public static double MakeDate(double day, double time)
    {
        double result = (day * MsPerDay) + time;
        return double.IsFinite(result) ? result : double.NaN;
    }

    // 21.4.1.31 TimeClip
    public static double TimeClip(double time) => double.IsFinite(time) && Math.Abs(time) <= MaxTime ? Math.Truncate(time) + 0.0 : double.NaN;

    /// <summary>The years that .NET's calendar covers with a margin; others take the offset of a like year.</summary>
    private static DateTime Representable(double time, DateTimeKind kind)
    {
        (int year, int month, int date) = Civil(Day(time));
        int like = year is > 1 and < 9998 ? year : 2000 + (((year % 400) + 400) % 400);
        return new DateTime(like, month + 1, date, 0, 0, 0, kind).AddMilliseconds(TimeWithinDay(time));
    }

    /// <summary>21.4.1.25 LocalTime.</summary>
    public static double LocalTime(double utc) =>
        double.IsFinite(utc) ? utc + TimeZoneInfo.Local.GetUtcOffset(Representable(utc, DateTimeKind.Utc)).TotalMilliseconds : double.NaN;

    /// <summary>21.4.1.26 UTC: of a local time that is skipped or repeated, the one by the offset before the change.</summary>
    public static double Utc(double local)
    {
        if (!double.IsFinite(local) || Math.Abs(local) > MaxTime + MsPerDay)
        {
            return double.NaN;
        }

        DateTime time = Representable(local, DateTimeKind.Unspecified);
        TimeZoneInfo zone = TimeZoneInfo.Local;
        TimeSpan offset = zone.IsAmbiguousTime(time) ? zone.GetAmbiguousTimeOffsets(time).Max()
            : zone.IsInvalidTime(time) ? zone.GetUtcOffset(time.AddHours(-3))
            : zone.GetUtcOffset(time);
        return local - offset.TotalMilliseconds;
    }

    public static string ZoneName(double utc)
    {
        TimeZoneInfo zone = TimeZoneInfo.Local;
        return zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime ? "Coordinated Universal Time" : zone.IsDaylightSavingTime(Representable(utc, DateTimeKind.Utc)) ? zone.DaylightName : zone.StandardName;
    }

    public static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    public static readonly string[] MonthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private static string Year(int year) => (year < 0 ? "-" : "") + Math.Abs(year).ToString("D4", CultureInfo.InvariantCulture);

    // 21.4.4.41.2 DateString
    public static string DateString(double local)
    {
        (int year, int month, int date) = Civil(Day(local));
        return DayNames[WeekDay(local)] + " " + MonthNames[month] + " " + Two(date) + " " + Year(year);
    }

    // 21.4.4.41.1 TimeString and 21.4.4.41.3 TimeZoneString
    public static string TimeString(double utc)
    {
        double local = LocalTime(utc);
        int offset = (int)((local - utc) / 60000);
        int size = Math.Abs(offset);
        return Two(Hour(local)) + ":" + Two(Minute(local)) + ":" + Two(Second(local)) + " GMT" + (offset < 0 ? "-" : "+") + Two(size / 60) + Two(size % 60) + " (" + ZoneName(utc) + ")";
    }

    // 21.4.4.43 toUTCString
    public static string UtcString(double utc)
    {
        (int year, int month, int date) = Civil(Day(utc));
        return DayNames[WeekDay(utc)] + ", " + Two(date) + " " + MonthNames[month] + " " + Year(year) + " " + Two(Hour(utc)) + ":" + Two(Minute(utc)) + ":" + Two(Second(utc)) + " GMT";
    }

    // 21.4.1.32 Date Time String Format
    public static string IsoString(double utc)
    {
        (int year, int month, int date) = Civil(Day(utc));
        string years = year is >= 0 and <= 9999 ? year.ToString("D4", CultureInfo.InvariantCulture) : (year < 0 ? "-" : "+") + Math.Abs(year).ToString("D6", CultureInfo.InvariantCulture);
        return years + "-" + Two(month + 1) + "-" + Two(date) + "T" + Two(Hour(utc)) + ":" + Two(Minute(utc)) + ":" + Two(Second(utc)) + "." + Millisecond(utc).ToString("D3", CultureInfo.InvariantCulture) + "Z";
    }

    private static string Two(int number) => number.ToString("D2", CultureInfo.InvariantCulture);
}
