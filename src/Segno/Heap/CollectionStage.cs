namespace Segno.Heap;

/// <summary>What a collection has reached (CHOR-1). Marking begins again at the roots.</summary>
internal enum CollectionStage
{
    Released,
    /// <summary>The other agents are stopped or parked.</summary>
    Stopped,
    /// <summary>Every agent's store buffer is in the remembered set.</summary>
    Flushed,
    /// <summary>Roots are scanned, and what they reach.</summary>
    Roots,
    /// <summary>The closure is complete: what is dead is unlinked.</summary>
    Unlinking,
}
