using System.Globalization;
using Segno.Base;
using Segno.Deoptimization;
using Segno.Graph;

namespace Segno.Differential.Execution;

/// <summary>How often each kind of guard, reason, cause, frame and value was met: what a batch has tried is known, not hoped.</summary>
internal sealed class EventCounts
{
    /// <summary>What counts as tried.</summary>
    private const long Enough = 100;

    private static readonly (string Title, Func<IEnumerable<string>> Kinds)[] s_sections =
    [
        ("guard", static () => FrameCensus.GuardKinds),
        ("reason", static () => Enum.GetValues<DeoptimizeReason>().Where(static r => r is not (DeoptimizeReason.None or DeoptimizeReason.ObjectDied or DeoptimizeReason.Count)).Select(static r => r.Name())),
        // By DEOPT-8 no activation is left for this reason: it shows where code is marked.
        ("mark", static () => [DeoptimizeReason.ObjectDied.Name()]),
        ("lazy", static () => FrameCensus.LazyCauses),
        ("frame", static () => FrameCensus.FrameKinds),
        ("value", static () => FrameCensus.ValueKinds),
    ];

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private bool _isStress;

    /// <summary>Listens to an engine. A guard that a test mode let fail counts for frames and values, not as a guard.</summary>
    public void On(EngineEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.GuardFail:
                _isStress = e.Reason == DeoptimizeReason.Stress.Name();
                Add("reason", e.Reason, 1);
                break;
            case EventKind.DeoptCapture when !_isStress:
                Add(FrameCensus.LazyCauses.Contains(e.Reason) ? "lazy" : "guard", e.Reason, 1);
                break;
            case EventKind.CodeMark:
                Add("mark", e.Reason, 1);
                break;
            case EventKind.DeoptFrame:
                Add("frame", e.Reason, 1);
                break;
            case EventKind.DeoptValue:
                Add("value", e.Reason, e["count"]);
                break;
        }
    }

    private void Add(string section, string kind, long count)
    {
        string key = section + "/" + kind;
        _counts[key] = _counts.GetValueOrDefault(key) + count;
    }

    /// <summary>The counts in one word of text.</summary>
    public string Serialize() => string.Join('\n', _counts.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));

    public void Add(string serialized)
    {
        foreach (string line in serialized.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = line.LastIndexOf('=');
            _counts[line[..at]] = _counts.GetValueOrDefault(line[..at]) + long.Parse(line.AsSpan(at + 1), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A line per kind, those never met included; with a mark behind those that were met too rarely.</summary>
    public string Table()
    {
        var text = new System.Text.StringBuilder();
        int rare = 0;
        foreach ((string title, Func<IEnumerable<string>> kinds) in s_sections)
        {
            IEnumerable<string> met = _counts.Keys.Where(k => k.StartsWith(title + "/", StringComparison.Ordinal)).Select(k => k[(title.Length + 1)..]);
            foreach (string kind in kinds().Union(met))
            {
                long count = _counts.GetValueOrDefault(title + "/" + kind);
                rare += count < Enough ? 1 : 0;
                text.Append(CultureInfo.InvariantCulture, $"{title,-7}{kind,-45}{count,12}{(count < Enough ? "  rare" : "")}\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"kinds met less than {Enough} times: {rare}").ToString();
    }
}
