using System.Diagnostics.Tracing;

namespace Segno.Base;

/// <summary>The events of all engines of the process for the tools of .NET.</summary>
[EventSource(Name = "Segno")]
internal sealed class SegnoEventSource : EventSource
{
    public static readonly SegnoEventSource Log = new();

    private SegnoEventSource()
    {
    }

    [Event(1)]
    public void Event(string kind, string json) => WriteEvent(1, kind, json);
}
