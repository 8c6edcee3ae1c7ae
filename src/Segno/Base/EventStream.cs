using System.Diagnostics;

namespace Segno.Base;

/// <summary>
/// The events of one engine. Off, and free but for one branch, until somebody listens. Listeners run at once, some of them in a
/// pause of the collector: they must not touch the engine.
/// </summary>
internal sealed class EventStream
{
    private Action<EngineEvent>? _listeners;

    /// <summary>Whether this is the stream of an agent, rather than that of a heap without one.</summary>
    public bool HasOwner { get; set; }

    /// <summary>To be asked before anything is computed for an event.</summary>
    public bool IsOn => _listeners is not null || SegnoEventSource.Log.IsEnabled();

    public void Add(Action<EngineEvent> listener) => _listeners += listener;

    public void Remove(Action<EngineEvent> listener) => _listeners -= listener;

    public void Emit(EventKind kind, string subject = "", string reason = "", long a = 0, long b = 0, long c = 0, long d = 0) =>
        Emit(Stopwatch.GetTimestamp(), kind, subject, reason, a, b, c, d);

    /// <summary>An event that happened where nobody could be told.</summary>
    public void Emit(long timestamp, EventKind kind, string subject = "", string reason = "", long a = 0, long b = 0, long c = 0, long d = 0)
    {
        var e = new EngineEvent(kind, timestamp, Environment.CurrentManagedThreadId, subject, reason, a, b, c, d);
        _listeners?.Invoke(e);
        if (SegnoEventSource.Log.IsEnabled())
        {
            SegnoEventSource.Log.Event(kind.Name(), e.ToJson());
        }
    }
}
