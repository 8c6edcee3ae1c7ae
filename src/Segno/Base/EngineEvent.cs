using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Segno.Base;

/// <summary>One event: when, on which thread, of what (a function, a reason), and up to four numbers that its kind names.</summary>
internal readonly record struct EngineEvent(EventKind Kind, long Timestamp, int Thread, string Subject, string Reason, long A, long B, long C, long D)
{
    /// <summary>The number that a kind calls by a name.</summary>
    public long this[string field]
    {
        get
        {
            ReadOnlySpan<string> fields = Kind.Fields();
            for (int i = 0; i < fields.Length; i++)
            {
                if (fields[i] == field)
                {
                    return At(i);
                }
            }

            throw new ArgumentException($"{Kind.Name()} has no {field}", nameof(field));
        }
    }

    private long At(int index) => index switch { 0 => A, 1 => B, 2 => C, _ => D };

    /// <summary>The event as one line of JSON.</summary>
    public string ToJson()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"event\":\"{Kind.Name()}\",\"us\":{(long)Stopwatch.GetElapsedTime(0, Timestamp).TotalMicroseconds},\"thread\":{Thread}");
        Put(text, "subject", Subject);
        Put(text, "reason", Reason);
        ReadOnlySpan<string> fields = Kind.Fields();
        for (int i = 0; i < fields.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"{fields[i]}\":{At(i)}");
        }

        return text.Append('}').ToString();
    }

    private static void Put(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
        {
            text.Append(",\"").Append(name).Append("\":\"").Append(System.Text.Json.JsonEncodedText.Encode(value)).Append('"');
        }
    }
}
