namespace Segno.Heap;

internal enum CollectionKind
{
    /// <summary>The young generation: copy the survivors.</summary>
    Scavenge,
    /// <summary>A scavenge, then mark and sweep of everything.</summary>
    Full,
}
