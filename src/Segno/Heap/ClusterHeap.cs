using Segno.Layouts;

namespace Segno.Heap;

/// <summary>The heap of one agent cluster (D10).</summary>
internal sealed unsafe partial class ClusterHeap : IDisposable
{
    /// <summary>Objects above this size, in bytes, live on pages of their own and are never copied.</summary>
    public const int LargeObjectThreshold = 128 * 1024;

    public ClusterHeap(ReadOnlySpace readOnly, HeapOptions? options = null) => throw new NotImplementedException();

    public HeapOptions Options => throw new NotImplementedException();

    public ReadOnlySpace ReadOnly => throw new NotImplementedException();

    /// <summary>Collections so far; addresses are stable while it is unchanged.</summary>
    public int CollectionCount => throw new NotImplementedException();

    /// <summary>Called after each pause with a trace that is reused by the next.</summary>
    public Action<GcTrace>? TraceSink { get; set; }

    public IStackScanner StackScanner { get; set; } = null!;

    public LocalHeap CreateLocalHeap() => throw new NotImplementedException();

    public void AddRootProvider(IRootProvider provider) => throw new NotImplementedException();

    public void RemoveRootProvider(IRootProvider provider) => throw new NotImplementedException();

    public void AddWeakProcessor(IWeakProcessor processor) => throw new NotImplementedException();

    public void RemoveWeakProcessor(IWeakProcessor processor) => throw new NotImplementedException();

    /// <summary>Accounts memory outside the heap that dies with objects of it (array buffers, code streams).</summary>
    public void AdjustExternalMemory(long deltaInBytes) => throw new NotImplementedException();

    public static bool IsYoung(Value value) => value.IsCell && (*(ulong*)(value.Address & WriteBarrier.PageMask) & WriteBarrier.YoungFlag) != 0;

    public void Dispose() => throw new NotImplementedException();
}
