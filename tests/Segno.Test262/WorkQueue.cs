using System.Diagnostics;

namespace Segno.Test262;

/// <summary>The tests that are left and the outcomes so far; shared by the workers.</summary>
internal sealed class WorkQueue(IReadOnlyList<WorkItem> items, TimeSpan? timeBox)
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, Outcome> _outcomes = new(StringComparer.Ordinal);
    private int _next;

    public IReadOnlyDictionary<string, Outcome> Outcomes => _outcomes;

    public int Skipped => items.Count - _outcomes.Count;

    public bool TryTake(out WorkItem item)
    {
        lock (_gate)
        {
            bool left = _next < items.Count && (timeBox is null || Stopwatch.GetElapsedTime(_start) < timeBox);
            item = left ? items[_next++] : default;
            return left;
        }
    }

    public void Report(WorkItem item, Outcome outcome)
    {
        lock (_gate)
        {
            _outcomes[item.Key] = outcome;
        }
    }
}
