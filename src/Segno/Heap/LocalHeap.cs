using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// One agent's access to the heap (D10): its thread block, allocation areas, store buffer, handles and safepoint state. Used
/// by one thread at a time, the one that entered it (D15).
/// </summary>
/// <remarks>
/// Allocation returns uninitialized memory. The caller writes the map word and every field before it allocates again, polls
/// or leaves machine code: a collection walks and visits whatever has been handed out (HEAP-8). Sizes are in bytes and
/// multiples of 8. Objects larger than <see cref="ClusterHeap.LargeObjectThreshold"/> get pages of their own; an object from
/// <see cref="AllocateYoung"/> is young in the barrier's sense whatever its size.
/// </remarks>
internal sealed unsafe partial class LocalHeap : IDisposable
{
    public ThreadBlock* Block => throw new NotImplementedException();

    public ClusterHeap Heap => throw new NotImplementedException();

    public HandleTable Handles => throw new NotImplementedException();

    public PersistentRoots PersistentRoots => throw new NotImplementedException();

    internal int NoAllocationDepth;

    /// <summary>The local heap that a thread block belongs to.</summary>
    public static LocalHeap FromBlock(ThreadBlock* block) => throw new NotImplementedException();

    /// <summary>The local heap that this thread has entered.</summary>
    public static LocalHeap Current => FromBlock(WriteBarrier.Current);

    /// <summary>
    /// Binds the agent to this thread (D15): current block, stack bounds, stack limit. The whole stack above the collection
    /// point is scanned.
    /// </summary>
    public void Enter() => throw new NotImplementedException();

    /// <summary>As <see cref="Enter()"/>; frames at or above <paramref name="entryStackPointer"/> hold no values and are not scanned.</summary>
    public void Enter(ulong entryStackPointer) => throw new NotImplementedException();

    public void Leave() => throw new NotImplementedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AllocateYoung(int sizeInBytes) => throw new NotImplementedException();

    public ulong AllocateOld(int sizeInBytes) => throw new NotImplementedException();

    /// <summary>A cell for a map, in pages of their own where nothing moves (D9).</summary>
    public ulong AllocateMap() => throw new NotImplementedException();

    /// <summary>Memory for a bytecode array, which never moves: the interpreter's pc points into it (D19).</summary>
    public ulong AllocateBytecode(int sizeInBytes) => throw new NotImplementedException();

    /// <summary>The slow path of emitted allocation: collects if need be. Throws <see cref="HeapLimitException"/>; the runtime entry converts it.</summary>
    public static ulong AllocateSlow(ThreadBlock* block, int sizeInBytes) => throw new NotImplementedException();

    public Handle CreateHandle(Value value) => Handles.Create(value);

    /// <summary>Takes the callback id of a weak handle whose object died.</summary>
    public bool TryTakeClearedHandle(out int callbackId) => throw new NotImplementedException();

    /// <summary>Collects now; through the spill stub, so that values in registers are found.</summary>
    public void Collect(CollectionKind kind, CollectionReason reason = CollectionReason.Requested) => throw new NotImplementedException();

    /// <summary>Inside, allocations may exceed the hard limit (materialization, building an error).</summary>
    public void EnterReserve() => throw new NotImplementedException();

    public void LeaveReserve() => throw new NotImplementedException();

    /// <summary>
    /// Turns the tail of an object into a filler after its length field has been lowered: its slots leave the remembered set.
    /// </summary>
    public void RightTrim(ulong address, int oldSizeInBytes, int newSizeInBytes) => throw new NotImplementedException();

    /// <summary>To be called when tagged words of an object in [start, end) become raw data in place.</summary>
    public void ForgetSlots(ulong start, ulong end) => throw new NotImplementedException();

    internal int Register(ValueList list) => throw new NotImplementedException();

    internal void Unregister(ValueList list) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
