namespace Segno.Test262;

/// <summary>
/// The lines between an isolated run and its children. To the child: mode, tab, path. From the child: kind, tab, reason, one line
/// for each test in order.
/// </summary>
internal static class ChildProtocol
{
    public static string Request(WorkItem item) => $"{item.Mode}\t{item.Path}";

    public static WorkItem ParseRequest(string line)
    {
        string[] parts = line.Split('\t', 2);
        return new WorkItem(parts[1], Enum.Parse<TestMode>(parts[0]));
    }

    public static string Reply(Outcome outcome) => $"{outcome.Kind}\t{outcome.Reason}";

    public static Outcome? ParseReply(string line)
    {
        string[] parts = line.Split('\t', 2);
        return parts.Length == 2 && Enum.TryParse(parts[0], out OutcomeKind kind) ? new Outcome(kind, parts[1]) : null;
    }

    /// <summary>The child's loop: runs each test that it is told until its input ends.</summary>
    public static void Serve(Suite suite, RunOptions options)
    {
        var executor = new TestExecutor(suite, options);
        while (Console.In.ReadLine() is { } line)
        {
            WorkItem item = ParseRequest(line);
            Outcome outcome = executor.Run(suite.Read(item.Path), item.Mode);
            Console.Out.WriteLine(Reply(outcome));
            Console.Out.Flush();
        }
    }
}
