namespace Segno.Heap;

/// <summary>What an agent is doing, as the safepoint protocol sees it.</summary>
internal enum AgentState
{
    /// <summary>Outside a call, waiting, or in host code: it touches no object, a collection need not wait for it.</summary>
    Parked,
    Running,
    /// <summary>It reached a poll and waits for the end of a safepoint.</summary>
    Stopped,
}
