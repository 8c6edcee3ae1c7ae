using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Date objects (ECMA-262, 21.4): construction, statics and conversions.</summary>
internal static partial class DateBuiltins
{
    private static double CurrentTime() => (double)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    // 21.4.2.1 Date
    [Builtin("global", "Date", Length = 7, Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (!args.IsConstruct)
        {
            return agent.NewString(ToText(CurrentTime()));
        }

        double time;
        if (args.Count == 0)
        {
            time = CurrentTime();
        }
        else if (args.Count == 1)
        {
            if (JSDate.TryAs(args[0], out JSDate other))
            {
                time = other.Time.AsNumber;
            }
            else
            {
                Value primitive = Conversions.ToPrimitive(agent, args[0]);
                time = primitive.IsString ? DateParser.Parse(new JSString(primitive.Bits).ToClrString()) : DateMath.TimeClip(Conversions.ToNumber(agent, primitive));
            }
        }
        else
        {
            time = DateMath.TimeClip(DateMath.Utc(FromComponents(agent, args)));
        }

        JSDate date = JSDate.Cast(ObjectOperations.OrdinaryCreateFromConstructor(agent, args.NewTarget, Map.Cast(agent.Realm.DateMap)));
        date.SetTime(Value.FromDouble(time));
        return date;
    }

    private static double FromComponents(Agent agent, Arguments args)
    {
        double year = Conversions.ToNumber(agent, args[0]);
        double month = args.Count > 1 ? Conversions.ToNumber(agent, args[1]) : 0;
        double date = args.Count > 2 ? Conversions.ToNumber(agent, args[2]) : 1;
        double hour = args.Count > 3 ? Conversions.ToNumber(agent, args[3]) : 0;
        double minute = args.Count > 4 ? Conversions.ToNumber(agent, args[4]) : 0;
        double second = args.Count > 5 ? Conversions.ToNumber(agent, args[5]) : 0;
        double ms = args.Count > 6 ? Conversions.ToNumber(agent, args[6]) : 0;
        return DateMath.MakeDate(DateMath.MakeDay(FullYear(year), month, date), DateMath.MakeTime(hour, minute, second, ms));
    }

    // 21.4.1.30 MakeFullYear
    private static double FullYear(double year) => Math.Truncate(year) is >= 0 and <= 99 ? 1900 + Math.Truncate(year) : year;

    // 21.4.3.1 Date.now
    [Builtin("Date", "now")]
    public static Value Now(Agent agent, Arguments args) => Value.FromDouble(CurrentTime());

    // 21.4.3.2 Date.parse
    [Builtin("Date", "parse", Length = 1)]
    public static Value Parse(Agent agent, Arguments args) => Value.FromDouble(DateParser.Parse(Conversions.ToString(agent, args[0]).ToClrString()));

    // 21.4.3.4 Date.UTC
    [Builtin("Date", "UTC", Length = 7)]
    public static Value Utc(Agent agent, Arguments args) => Value.FromDouble(DateMath.TimeClip(FromComponents(agent, args)));

    private static JSDate ThisDate(Agent agent, Arguments args) => JSDate.TryAs(args.This, out JSDate date) ? date : throw agent.TypeError("this is not a Date object.");

    private static double ThisTime(Agent agent, Arguments args) => ThisDate(agent, args).Time.AsNumber;

    private static string ToText(double utc) => double.IsNaN(utc) ? "Invalid Date" : DateMath.DateString(DateMath.LocalTime(utc)) + " " + DateMath.TimeString(utc);

    // 21.4.4.35 Date.prototype.toDateString
    [Builtin("Date.prototype", "toDateString")]
    public static Value ToDateString(Agent agent, Arguments args)
    {
        double time = ThisTime(agent, args);
        return agent.NewString(double.IsNaN(time) ? "Invalid Date" : DateMath.DateString(DateMath.LocalTime(time)));
    }

    // 21.4.4.36 Date.prototype.toISOString
    [Builtin("Date.prototype", "toISOString")]
    public static Value ToISOString(Agent agent, Arguments args)
    {
        double time = ThisTime(agent, args);
        return double.IsNaN(time) ? throw agent.Error(ErrorKind.RangeError, "Invalid time value") : agent.NewString(DateMath.IsoString(time));
    }

    // 21.4.4.37 Date.prototype.toJSON
    [Builtin("Date.prototype", "toJSON", Length = 1)]
    public static Value ToJSON(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        Value time = Conversions.ToPrimitive(agent, obj, PreferredType.Number);
        return time.IsNumber && !double.IsFinite(time.AsNumber) ? Value.Null : ObjectOperations.Invoke(agent, obj, PropertyKey.FromName(agent, agent.NewString("toISOString")));
    }

    // 21.4.4.38 Date.prototype.toLocaleDateString
    [Builtin("Date.prototype", "toLocaleDateString")]
    public static Value ToLocaleDateString(Agent agent, Arguments args) => agent.NewString(LocaleText(ThisTime(agent, args), true, false));

    // 21.4.4.39 Date.prototype.toLocaleString
    [Builtin("Date.prototype", "toLocaleString")]
    public static Value ToLocaleString(Agent agent, Arguments args) => agent.NewString(LocaleText(ThisTime(agent, args), true, true));

    // 21.4.4.40 Date.prototype.toLocaleTimeString
    [Builtin("Date.prototype", "toLocaleTimeString")]
    public static Value ToLocaleTimeString(Agent agent, Arguments args) => agent.NewString(LocaleText(ThisTime(agent, args), false, true));

    /// <summary>The form of the en-US locale, the only one.</summary>
    private static string LocaleText(double utc, bool withDate, bool withTime)
    {
        if (double.IsNaN(utc))
        {
            return "Invalid Date";
        }

        double local = DateMath.LocalTime(utc);
        (int year, int month, int day) = DateMath.Civil(DateMath.Day(local));
        int hour = DateMath.Hour(local);
        string date = System.FormattableString.Invariant($"{month + 1}/{day}/{year}");
        string time = System.FormattableString.Invariant($"{(hour + 11) % 12 + 1}:{DateMath.Minute(local):D2}:{DateMath.Second(local):D2} {(hour < 12 ? "AM" : "PM")}");
        return withDate && withTime ? date + ", " + time : withDate ? date : time;
    }

    // 21.4.4.41 Date.prototype.toString
    [Builtin("Date.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args) => agent.NewString(ToText(ThisTime(agent, args)));

    // 21.4.4.42 Date.prototype.toTimeString
    [Builtin("Date.prototype", "toTimeString")]
    public static Value ToTimeString(Agent agent, Arguments args)
    {
        double time = ThisTime(agent, args);
        return agent.NewString(double.IsNaN(time) ? "Invalid Date" : DateMath.TimeString(time));
    }

    // 21.4.4.43 Date.prototype.toUTCString
    [Builtin("Date.prototype", "toUTCString")]
    public static Value ToUTCString(Agent agent, Arguments args)
    {
        double time = ThisTime(agent, args);
        return agent.NewString(double.IsNaN(time) ? "Invalid Date" : DateMath.UtcString(time));
    }

    // 21.4.4.44 Date.prototype.valueOf
    [Builtin("Date.prototype", "valueOf")]
    public static Value ValueOf(Agent agent, Arguments args) => ThisDate(agent, args).Time;

    // 21.4.4.45 Date.prototype [ @@toPrimitive ]
    [Builtin("Date.prototype", "@@toPrimitive", Length = 1, Attributes = PropertyAttributes.ReadOnly | PropertyAttributes.DontEnum)]
    public static Value ToPrimitive(Agent agent, Arguments args)
    {
        JSObject obj = RequireObject(agent, args.This, "Date.prototype [ @@toPrimitive ]");
        string hint = args[0].IsString ? new JSString(args[0].Bits).ToClrString() : "";
        return hint is "string" or "default" or "number"
            ? Conversions.OrdinaryToPrimitive(agent, obj, hint != "number")
            : throw agent.TypeError("Invalid hint: " + Display.ForMessage(agent, args[0]));
    }
}
