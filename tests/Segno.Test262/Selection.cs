using System.Text.RegularExpressions;

namespace Segno.Test262;

/// <summary>
/// Which files count, from <c>selection.txt</c>: lines <c>feature name</c> and <c>path prefix</c> and <c>flag name</c> and
/// <c>source pattern</c> leave files out; <c>count n</c> is how many files are left, <c>negative-syntax n</c> how many of all files
/// under language/ must be refused by the front end (those count whatever their features are).
/// </summary>
internal sealed class Selection
{
    private readonly HashSet<string> _features = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);
    private readonly List<string> _paths = [];
    private readonly List<Regex> _patterns = [];

    public int ExpectedCount { get; private set; }

    public int ExpectedNegativeSyntaxCount { get; private set; }

    public static Selection Load(string file)
    {
        var result = new Selection();
        foreach (string line in File.ReadLines(file))
        {
            string text = line.Split(" #")[0].Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            string[] parts = text.Split(' ', 2, StringSplitOptions.TrimEntries);
            result.Add(parts[0], parts[1]);
        }

        return result;
    }

    private void Add(string kind, string value)
    {
        switch (kind)
        {
            case "feature":
                _features.Add(value);
                break;
            case "flag":
                _flags.Add(value);
                break;
            case "path":
                _paths.Add(value);
                break;
            case "source":
                _patterns.Add(new Regex(value, RegexOptions.CultureInvariant));
                break;
            case "count":
                ExpectedCount = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "negative-syntax":
                ExpectedNegativeSyntaxCount = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            default:
                throw new FormatException($"selection.txt: unknown rule '{kind}'");
        }
    }

    public bool Contains(TestFile file)
    {
        if (file.IsNegativeSyntax)
        {
            return true;
        }

        return !file.Meta.Features.Any(_features.Contains)
            && !file.Meta.Flags.Any(_flags.Contains)
            && !_paths.Exists(p => file.Path.StartsWith(p, StringComparison.Ordinal))
            && !_patterns.Exists(p => p.IsMatch(file.Source));
    }
}
