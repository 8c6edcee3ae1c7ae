namespace Segno.Heap;

/// <summary>Why an agent's poll is armed: bits of <c>ThreadBlock.InterruptRequests</c>.</summary>
[Flags]
internal enum InterruptRequest : long
{
    None = 0,
    /// <summary>Another agent of the cluster waits for this one to stop.</summary>
    Safepoint = 1,
    /// <summary>Memory outside the heap has grown: collect at the next poll.</summary>
    Collect = 2,
    /// <summary>Weak handles were cleared: their callbacks are due.</summary>
    ClearedHandles = 4,
    /// <summary>The host wants the script to end.</summary>
    Terminate = 8,
    /// <summary>A compilation has ended on its thread: its code is to be installed.</summary>
    FinishCompilation = 16,
    /// <summary>The first bit for the rooms above.</summary>
    FirstFree = 256,
}
