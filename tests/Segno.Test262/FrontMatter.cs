namespace Segno.Test262;

/// <summary>The metadata of a test: the part of YAML between <c>/*---</c> and <c>---*/</c> that the suite uses.</summary>
internal sealed class FrontMatter
{
    public IReadOnlyList<string> Includes { get; private set; } = [];

    public IReadOnlyList<string> Flags { get; private set; } = [];

    public IReadOnlyList<string> Features { get; private set; } = [];

    /// <summary>Where the test must fail: parse, resolution or runtime; null if it must not.</summary>
    public string? NegativePhase { get; private set; }

    public string? NegativeType { get; private set; }

    public bool Has(string flag) => Flags.Contains(flag);

    public static FrontMatter Parse(string source)
    {
        var result = new FrontMatter();
        int start = source.IndexOf("/*---", StringComparison.Ordinal);
        int end = start < 0 ? -1 : source.IndexOf("---*/", start, StringComparison.Ordinal);
        if (end < 0)
        {
            return result;
        }

        string[] lines = source[(start + 5)..end].Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith("includes:", StringComparison.Ordinal))
            {
                result.Includes = List(lines, ref i);
            }
            else if (line.StartsWith("flags:", StringComparison.Ordinal))
            {
                result.Flags = List(lines, ref i);
            }
            else if (line.StartsWith("features:", StringComparison.Ordinal))
            {
                result.Features = List(lines, ref i);
            }
            else if (line.StartsWith("negative:", StringComparison.Ordinal))
            {
                result.ReadNegative(lines, i + 1);
            }
        }

        return result;
    }

    private void ReadNegative(string[] lines, int from)
    {
        for (int i = from; i < lines.Length && lines[i].StartsWith(' '); i++)
        {
            string[] parts = lines[i].Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts is ["phase", var phase])
            {
                NegativePhase = phase;
            }
            else if (parts is ["type", var type])
            {
                NegativeType = type;
            }
        }
    }

    /// <summary>A list in brackets, maybe over several lines, or one item per line after a hyphen.</summary>
    private static string[] List(string[] lines, ref int index)
    {
        string rest = lines[index][(lines[index].IndexOf(':') + 1)..].Trim();
        if (rest.StartsWith('['))
        {
            while (!rest.Contains(']') && index + 1 < lines.Length)
            {
                rest += lines[++index];
            }

            return rest.Trim('[', ']', ' ').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        var items = new List<string>();
        while (index + 1 < lines.Length && lines[index + 1].TrimStart().StartsWith('-'))
        {
            items.Add(lines[++index].TrimStart()[1..].Trim());
        }

        return [.. items];
    }
}
