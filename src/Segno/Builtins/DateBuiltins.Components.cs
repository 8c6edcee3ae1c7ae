using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The getters and setters of the Date prototype, in local time and UTC.</summary>
internal static partial class DateBuiltins
{
    private enum Component
    {
        FullYear,
        Month,
        Date,
        Hours,
        Minutes,
        Seconds,
        Milliseconds,
        Day,
    }

    private static Value Get(Agent agent, Arguments args, Component component, bool local)
    {
        double time = ThisTime(agent, args);
        if (double.IsNaN(time))
        {
            return Value.NaN;
        }

        time = local ? DateMath.LocalTime(time) : time;
        return Value.FromInt32(component switch
        {
            Component.FullYear => DateMath.Civil(DateMath.Day(time)).Year,
            Component.Month => DateMath.Civil(DateMath.Day(time)).Month,
            Component.Date => DateMath.Civil(DateMath.Day(time)).Date,
            Component.Hours => DateMath.Hour(time),
            Component.Minutes => DateMath.Minute(time),
            Component.Seconds => DateMath.Second(time),
            Component.Milliseconds => DateMath.Millisecond(time),
            _ => DateMath.WeekDay(time),
        });
    }

    /// <summary>Sets components from one on, as many as there are arguments up to a maximum; all are converted first.</summary>
    private static Value Set(Agent agent, Arguments args, Component first, int maximum, bool local)
    {
        JSDate date = ThisDate(agent, args);
        double time = date.Time.AsNumber;
        int count = Math.Clamp(args.Count, 1, maximum);
        Span<double> given = stackalloc double[4];
        for (int i = 0; i < count; i++)
        {
            given[i] = Conversions.ToNumber(agent, args[i]);
        }

        if (double.IsNaN(time))
        {
            if (first != Component.FullYear)
            {
                return Value.NaN;
            }

            time = 0;
        }
        else if (local)
        {
            time = DateMath.LocalTime(time);
        }

        (int year, int month, int day) = DateMath.Civil(DateMath.Day(time));
        Span<double> parts = [year, month, day, DateMath.Hour(time), DateMath.Minute(time), DateMath.Second(time), DateMath.Millisecond(time)];
        given[..count].CopyTo(parts[(int)first..]);
        double updated = DateMath.MakeDate(DateMath.MakeDay(parts[0], parts[1], parts[2]), DateMath.MakeTime(parts[3], parts[4], parts[5], parts[6]));
        updated = DateMath.TimeClip(local ? DateMath.Utc(updated) : updated);
        date.SetTime(Value.FromDouble(updated));
        return Value.FromDouble(updated);
    }

    // 21.4.4.10 Date.prototype.getTime
    [Builtin("Date.prototype", "getTime")]
    public static Value GetTime(Agent agent, Arguments args) => ThisDate(agent, args).Time;

    // 21.4.4.11 Date.prototype.getTimezoneOffset
    [Builtin("Date.prototype", "getTimezoneOffset")]
    public static Value GetTimezoneOffset(Agent agent, Arguments args)
    {
        double time = ThisTime(agent, args);
        return double.IsNaN(time) ? Value.NaN : Value.FromDouble((time - DateMath.LocalTime(time)) / 60000);
    }

    // 21.4.4.27 Date.prototype.setTime
    [Builtin("Date.prototype", "setTime", Length = 1)]
    public static Value SetTime(Agent agent, Arguments args)
    {
        JSDate date = ThisDate(agent, args);
        double time = DateMath.TimeClip(Conversions.ToNumber(agent, args[0]));
        date.SetTime(Value.FromDouble(time));
        return Value.FromDouble(time);
    }

    // B.2.3.1 Date.prototype.getYear
    [Builtin("Date.prototype", "getYear")]
    public static Value GetYear(Agent agent, Arguments args)
    {
        double time = ThisTime(agent, args);
        return double.IsNaN(time) ? Value.NaN : Value.FromInt32(DateMath.Civil(DateMath.Day(DateMath.LocalTime(time))).Year - 1900);
    }

    // B.2.3.2 Date.prototype.setYear
    [Builtin("Date.prototype", "setYear", Length = 1)]
    public static Value SetYear(Agent agent, Arguments args)
    {
        JSDate date = ThisDate(agent, args);
        double year = FullYear(Conversions.ToNumber(agent, args[0]));
        double time = date.Time.AsNumber;
        time = double.IsNaN(time) ? 0 : DateMath.LocalTime(time);
        (_, int month, int day) = DateMath.Civil(DateMath.Day(time));
        time = double.IsNaN(year) ? double.NaN : DateMath.TimeClip(DateMath.Utc(DateMath.MakeDate(DateMath.MakeDay(year, month, day), DateMath.TimeWithinDay(time))));
        date.SetTime(Value.FromDouble(time));
        return Value.FromDouble(time);
    }

    [Builtin("Date.prototype", "getDate")]
    public static Value GetDate(Agent agent, Arguments args) => Get(agent, args, Component.Date, true);

    [Builtin("Date.prototype", "getDay")]
    public static Value GetDay(Agent agent, Arguments args) => Get(agent, args, Component.Day, true);

    [Builtin("Date.prototype", "getFullYear")]
    public static Value GetFullYear(Agent agent, Arguments args) => Get(agent, args, Component.FullYear, true);

    [Builtin("Date.prototype", "getHours")]
    public static Value GetHours(Agent agent, Arguments args) => Get(agent, args, Component.Hours, true);

    [Builtin("Date.prototype", "getMilliseconds")]
    public static Value GetMilliseconds(Agent agent, Arguments args) => Get(agent, args, Component.Milliseconds, true);

    [Builtin("Date.prototype", "getMinutes")]
    public static Value GetMinutes(Agent agent, Arguments args) => Get(agent, args, Component.Minutes, true);

    [Builtin("Date.prototype", "getMonth")]
    public static Value GetMonth(Agent agent, Arguments args) => Get(agent, args, Component.Month, true);

    [Builtin("Date.prototype", "getSeconds")]
    public static Value GetSeconds(Agent agent, Arguments args) => Get(agent, args, Component.Seconds, true);

    [Builtin("Date.prototype", "setDate", Length = 1)]
    public static Value SetDate(Agent agent, Arguments args) => Set(agent, args, Component.Date, 1, true);

    [Builtin("Date.prototype", "setFullYear", Length = 3)]
    public static Value SetFullYear(Agent agent, Arguments args) => Set(agent, args, Component.FullYear, 3, true);

    [Builtin("Date.prototype", "setHours", Length = 4)]
    public static Value SetHours(Agent agent, Arguments args) => Set(agent, args, Component.Hours, 4, true);

    [Builtin("Date.prototype", "setMilliseconds", Length = 1)]
    public static Value SetMilliseconds(Agent agent, Arguments args) => Set(agent, args, Component.Milliseconds, 1, true);

    [Builtin("Date.prototype", "setMinutes", Length = 3)]
    public static Value SetMinutes(Agent agent, Arguments args) => Set(agent, args, Component.Minutes, 3, true);

    [Builtin("Date.prototype", "setMonth", Length = 2)]
    public static Value SetMonth(Agent agent, Arguments args) => Set(agent, args, Component.Month, 2, true);

    [Builtin("Date.prototype", "setSeconds", Length = 2)]
    public static Value SetSeconds(Agent agent, Arguments args) => Set(agent, args, Component.Seconds, 2, true);

    [Builtin("Date.prototype", "getUTCDate")]
    public static Value GetUTCDate(Agent agent, Arguments args) => Get(agent, args, Component.Date, false);

    [Builtin("Date.prototype", "getUTCDay")]
    public static Value GetUTCDay(Agent agent, Arguments args) => Get(agent, args, Component.Day, false);

    [Builtin("Date.prototype", "getUTCFullYear")]
    public static Value GetUTCFullYear(Agent agent, Arguments args) => Get(agent, args, Component.FullYear, false);

    [Builtin("Date.prototype", "getUTCHours")]
    public static Value GetUTCHours(Agent agent, Arguments args) => Get(agent, args, Component.Hours, false);

    [Builtin("Date.prototype", "getUTCMilliseconds")]
    public static Value GetUTCMilliseconds(Agent agent, Arguments args) => Get(agent, args, Component.Milliseconds, false);

    [Builtin("Date.prototype", "getUTCMinutes")]
    public static Value GetUTCMinutes(Agent agent, Arguments args) => Get(agent, args, Component.Minutes, false);

    [Builtin("Date.prototype", "getUTCMonth")]
    public static Value GetUTCMonth(Agent agent, Arguments args) => Get(agent, args, Component.Month, false);

    [Builtin("Date.prototype", "getUTCSeconds")]
    public static Value GetUTCSeconds(Agent agent, Arguments args) => Get(agent, args, Component.Seconds, false);

    [Builtin("Date.prototype", "setUTCDate", Length = 1)]
    public static Value SetUTCDate(Agent agent, Arguments args) => Set(agent, args, Component.Date, 1, false);

    [Builtin("Date.prototype", "setUTCFullYear", Length = 3)]
    public static Value SetUTCFullYear(Agent agent, Arguments args) => Set(agent, args, Component.FullYear, 3, false);

    [Builtin("Date.prototype", "setUTCHours", Length = 4)]
    public static Value SetUTCHours(Agent agent, Arguments args) => Set(agent, args, Component.Hours, 4, false);

    [Builtin("Date.prototype", "setUTCMilliseconds", Length = 1)]
    public static Value SetUTCMilliseconds(Agent agent, Arguments args) => Set(agent, args, Component.Milliseconds, 1, false);

    [Builtin("Date.prototype", "setUTCMinutes", Length = 3)]
    public static Value SetUTCMinutes(Agent agent, Arguments args) => Set(agent, args, Component.Minutes, 3, false);

    [Builtin("Date.prototype", "setUTCMonth", Length = 2)]
    public static Value SetUTCMonth(Agent agent, Arguments args) => Set(agent, args, Component.Month, 2, false);

    [Builtin("Date.prototype", "setUTCSeconds", Length = 2)]
    public static Value SetUTCSeconds(Agent agent, Arguments args) => Set(agent, args, Component.Seconds, 2, false);
}
