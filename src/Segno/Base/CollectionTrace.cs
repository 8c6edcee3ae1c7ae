using System.Globalization;

namespace Segno.Base;

/// <summary>What <c>--trace-gc</c> prints: a line for each collection, made of its events.</summary>
internal sealed class CollectionTrace(Action<string> sink)
{
    private EngineEvent _start;
    private EngineEvent _flush;
    private EngineEvent _roots;
    private EngineEvent _evacuate;
    private long _visited;
    private long _cleared;

    public void Listen(EngineEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.GcStart:
                _start = e;
                _visited = _cleared = 0;
                break;
            case EventKind.StoreBufferFlush:
                _flush = e;
                break;
            case EventKind.ScavengeRoots:
                _roots = e;
                break;
            case EventKind.ScavengeEvacuate:
                _evacuate = e;
                break;
            case EventKind.ScavengeWeak or EventKind.MarkWeak:
                _visited += e["visited"];
                _cleared += e["cleared"];
                break;
            case EventKind.GcFinish:
                sink(string.Create(CultureInfo.InvariantCulture, $"[{e["number"]}] {e.Subject} ({e.Reason}) {_start["bytes"] >> 10} -> {e["bytes"] >> 10} KiB, {e["microseconds"]} us; copied {_evacuate["copiedBytes"] >> 10} KiB, promoted {_evacuate["promotedBytes"] >> 10} KiB, pinned {_roots["pins"]} on {e["pinnedPages"]} pages; store buffer {_flush["entries"]} ({_flush["distinct"]} distinct); weak {_visited} ({_cleared} cleared)"));
                break;
        }
    }
}
