using System.Text;

namespace Segno.Differential.Execution;

/// <summary>
/// The lines between the batch and its children. To the child: mode, space, program. From the child: a mark, kind, space, output; if
/// events are counted, space, counts. Texts are UTF-8 in base 64.
/// </summary>
internal static class ChildProtocol
{
    private const string ReplyMark = "outcome ";

    public static string Request(string mode, string source) => mode + " " + Encode(source);

    public static (string Mode, string Source) ParseRequest(string line)
    {
        int space = line.IndexOf(' ');
        return (line[..space], Decode(line[(space + 1)..]));
    }

    public static string Reply(Outcome outcome, EventCounts? counts) =>
        $"{ReplyMark}{outcome.Kind} {Encode(outcome.Text)}{(counts is null ? "" : " " + Encode(counts.Serialize()))}";

    /// <summary>The outcome in a line; null if the line is something that the process printed on its way.</summary>
    public static Outcome? ParseReply(string line, EventCounts? counts)
    {
        string[] parts = line.Split(' ');
        if (parts.Length is not (3 or 4) || parts[0] + " " != ReplyMark || !Enum.TryParse(parts[1], out OutcomeKind kind))
        {
            return null;
        }

        if (parts.Length == 4)
        {
            counts?.Add(Decode(parts[3]));
        }

        return new Outcome(kind, Decode(parts[2]));
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

    /// <summary>The child's loop: runs what it is told until its input ends.</summary>
    public static void Serve(TimeSpan timeout, bool countsEvents)
    {
        Stream input = Console.OpenStandardInput();
        using var reader = new StreamReader(input, Encoding.ASCII, false, 1 << 16);
        while (reader.ReadLine() is { } line)
        {
            (string mode, string source) = ParseRequest(line);
            EventCounts? counts = countsEvents ? new EventCounts() : null;
            Console.Out.WriteLine(Reply(ProgramRunner.Run(source, ModeTable.Find(mode), timeout, counts), counts));
            Console.Out.Flush();
        }
    }
}
