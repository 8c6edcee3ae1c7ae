namespace Segno.Test262;

/// <summary>The checked-in list of what fails: one line per file and mode, tab, reason; sorted.</summary>
internal sealed class KnownFailures
{
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public int Count => _reasons.Count;

    public static string Key(string path, TestMode mode) => $"{path} {mode.ToString().ToLowerInvariant()}";

    public static KnownFailures Load(string file)
    {
        var result = new KnownFailures();
        if (File.Exists(file))
        {
            foreach (string line in File.ReadLines(file).Where(static l => l.Length > 0 && l[0] != '#'))
            {
                string[] parts = line.Split('\t', 2);
                result._reasons[parts[0]] = parts.Length == 2 ? parts[1] : "";
            }
        }

        return result;
    }

    public bool Contains(string key) => _reasons.ContainsKey(key);

    /// <summary>Takes the outcome of a run into the list.</summary>
    public void Record(string key, Outcome outcome)
    {
        if (outcome.Kind == OutcomeKind.Pass)
        {
            _reasons.Remove(key);
        }
        else
        {
            _reasons[key] = outcome.Reason;
        }
    }

    /// <summary>Drops entries that no longer name a selected test.</summary>
    public void Retain(Func<string, bool> isSelected)
    {
        foreach (string key in _reasons.Keys.Where(k => !isSelected(k)).ToArray())
        {
            _reasons.Remove(key);
        }
    }

    public void Save(string file)
    {
        using var writer = new StreamWriter(file) { NewLine = "\n" };
        writer.WriteLine("# Tests of the selection that fail: path, mode, tab, reason. Written by --update.");
        foreach ((string key, string reason) in _reasons)
        {
            writer.WriteLine($"{key}\t{reason}");
        }
    }
}
