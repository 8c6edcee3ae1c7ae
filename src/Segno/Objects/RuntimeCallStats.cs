using System.Globalization;
using System.Text;

namespace Segno.Objects;

/// <summary>How often machine code called C#, by function: what the fast paths miss. Counted only where an engine asks for it.</summary>
internal sealed class RuntimeCallStats
{
    private readonly Dictionary<int, long> _functions = [];
    private readonly Dictionary<int, long> _builtins = [];

    public void CountFunction(int id) => Increment(_functions, id);

    public void CountBuiltin(int id) => Increment(_builtins, id);

    /// <summary>A line for each function that was called, most calls first.</summary>
    public string Print(Func<int, string> functionName, Func<int, string> builtinName)
    {
        IEnumerable<(string Name, long Calls)> lines =
            [.. _functions.Select(pair => (functionName(pair.Key), pair.Value)), .. _builtins.Select(pair => ("builtin " + builtinName(pair.Key), pair.Value))];
        var text = new StringBuilder();
        foreach ((string name, long calls) in lines.OrderByDescending(static l => l.Calls).ThenBy(static l => l.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{calls,12}  {name}\n");
        }

        return text.ToString();
    }

    private static void Increment(Dictionary<int, long> counts, int id) => counts[id] = counts.GetValueOrDefault(id) + 1;
}
