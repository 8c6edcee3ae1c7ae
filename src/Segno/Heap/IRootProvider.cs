namespace Segno.Heap;

/// <summary>
/// A part of the engine that holds values outside the heap. Registered with <see cref="ClusterHeap.AddRootProvider"/>;
/// called while the world is stopped, once per collection (twice when a scavenge precedes a full collection).
/// Allocates nothing on the .NET heap (HEAP-5).
/// </summary>
internal interface IRootProvider
{
    RootSection Section { get; }

    void VisitRoots(RootVisitor visitor);
}
