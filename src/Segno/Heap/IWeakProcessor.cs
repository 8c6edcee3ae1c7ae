namespace Segno.Heap;

/// <summary>
/// A part of the engine that refers to objects without keeping them alive: string tables, caches, weak lists,
/// ephemeron tables. Registered with <see cref="ClusterHeap.AddWeakProcessor"/>.
/// </summary>
internal interface IWeakProcessor
{
    /// <summary>
    /// Called after the strong closure, again and again until no processor reports progress: keep alive what depends on
    /// something that has turned out live (ephemerons, valid code) with <see cref="CollectionContext.KeepAlive"/>.
    /// Returns true if anything new was kept.
    /// </summary>
    bool TraceConditionally(CollectionContext context) => false;

    /// <summary>
    /// Called once, after the closure is complete (HEAP-6): drop what died, rewrite what moved. Only shrinks lists; neither
    /// allocates nor runs script.
    /// </summary>
    void ProcessWeak(CollectionContext context);
}
