using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Segno.Base;
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
    /// <summary>Stack kept free below the limit for C# and .NET's JIT (7-dotnet: high water of a throw is 74 KiB).</summary>
    public const ulong StackHeadroom = 256 * 1024;

    private readonly ClusterHeap _heap;
    private readonly ThreadBlock* _block;
    private readonly GCHandle _self;
    private readonly List<ValueList> _valueLists = [];
    private NativeList _entries;
    private NativeList _clearedHandles;
    private ulong _storeBuffer;
    private int _boundThread;
    private ExceptionDispatchInfo? _pending;
    private bool _disposed;

    internal LocalHeap(ClusterHeap heap)
    {
        _heap = heap;
        _block = (ThreadBlock*)NativeMemory.AlignedAlloc(ThreadBlock.SizeInBytes, 64);
        NativeMemory.Clear(_block, ThreadBlock.SizeInBytes);
        // Weak, so that a cluster that nobody disposes can be finalized.
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _block->HeapHandle = (ulong)GCHandle.ToIntPtr(_self);
        _block->PendingException = Value.UndefinedBits;
        _block->NativeContext = Value.UndefinedBits;
        _block->StackLimit = ulong.MaxValue;
        Unsafe.CopyBlock(_block->Roots, heap.ReadOnly.Roots, ThreadBlock.RootsLength * 8);
        _storeBuffer = StoreBufferPool.Rent();
        _block->StoreBufferTop = _storeBuffer;
        _block->AllocationCountdown = heap.Options.GcInterval;
    }

    public ThreadBlock* Block => _block;

    public ClusterHeap Heap => _heap;

    public HandleTable Handles { get; } = new();

    public PersistentRoots PersistentRoots { get; } = new();

    /// <summary>The outer bound of the stack scan; 0 while no thread is inside.</summary>
    public ulong EntryStackPointer => _block->EntryStackPointer;

    internal AgentState State { get; set; }

    /// <summary>Where this agent's thread is stopped or parked inside the spill stub; 0 while it runs.</summary>
    internal ulong StoppedStackPointer { get; set; }

    internal int NoAllocationDepth { get; set; }

    internal IReadOnlyList<ValueList> ValueLists => _valueLists;

    internal ref NativeList ClearedHandles => ref _clearedHandles;

    public InterruptRequest Interrupts => (InterruptRequest)Volatile.Read(ref _block->InterruptRequests);

    /// <summary>The local heap that a thread block belongs to.</summary>
    public static LocalHeap FromBlock(ThreadBlock* block) =>
        Unsafe.As<LocalHeap>(GCHandle.FromIntPtr((nint)block->HeapHandle).Target!);

    /// <summary>The local heap that this thread has entered.</summary>
    public static LocalHeap Current => FromBlock(WriteBarrier.Current);

    // ---- Binding to a thread (D15) ----------------------------------------------------------------------------

    /// <summary>
    /// Binds the agent to this thread: current block, stack bounds, stack limit. The whole stack above a collection point is
    /// scanned. Entries nest; each is undone by one <see cref="Leave"/>.
    /// </summary>
    public void Enter() => Enter(StackBounds.High);

    /// <summary>As <see cref="Enter()"/>; frames at or above <paramref name="entryStackPointer"/> hold no values and are not scanned.</summary>
    public void Enter(ulong entryStackPointer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int thread = Environment.CurrentManagedThreadId;
        int bound = Interlocked.CompareExchange(ref _boundThread, thread, 0);
        if (bound != 0 && bound != thread)
        {
            throw new InvalidOperationException("the engine is in use on another thread");
        }

        _entries.Add((ulong)WriteBarrier.Current);
        WriteBarrier.Current = _block;
        if (bound == 0)
        {
            _block->EntryStackPointer = entryStackPointer;
            _block->StackBase = StackBounds.High;
            ulong low = StackBounds.Low;
            if (StackBounds.High - low < 2 * StackHeadroom)
            {
                Leave();
                throw new InvalidOperationException("the thread's stack is too small to run JavaScript");
            }

            _block->RealStackLimit = low + StackHeadroom;
            _heap.Safepoint.Unpark(this);
            UpdateStackLimit();
        }
    }

    public void Leave()
    {
        if (!_entries.TryPop(out ulong previous))
        {
            throw new InvalidOperationException("no entry to leave");
        }

        WriteBarrier.Current = (ThreadBlock*)previous;
        if (_entries.Count == 0)
        {
            _heap.Safepoint.Park(this);
            _block->EntryStackPointer = 0;
            _block->StackLimit = ulong.MaxValue;
            Volatile.Write(ref _boundThread, 0);
        }
    }

    // ---- Interrupts and polls -----------------------------------------------------------------------------------

    /// <summary>Arms the agent's poll; from any thread.</summary>
    public void RequestInterrupt(InterruptRequest request)
    {
        _ = Interlocked.Or(ref _block->InterruptRequests, (long)request);
        Volatile.Write(ref _block->StackLimit, ulong.MaxValue);
    }

    /// <summary>Takes requests that the caller is about to serve; returns which of them were set.</summary>
    public InterruptRequest TakeInterrupts(InterruptRequest requests)
    {
        var before = (InterruptRequest)Interlocked.And(ref _block->InterruptRequests, ~(long)requests);
        UpdateStackLimit();
        return before & requests;
    }

    /// <summary>The heap's part of a poll: stops for a safepoint, collects if that was asked for. Other requests stay.</summary>
    public void Poll()
    {
#if CHECKED
        if (NoAllocationDepth != 0)
        {
            throw new UnreachableException("HEAP-4: a poll inside a no-allocation scope");
        }
#endif
        if (Interrupts == InterruptRequest.None)
        {
            return;
        }

        _heap.Safepoint.Poll(this);
        if (TakeInterrupts(InterruptRequest.Collect) != 0)
        {
            Collect(CollectionKind.Full, CollectionReason.ExternalMemory);
        }
    }

    /// <summary>Runs a function during which this agent counts as parked; it must not touch the heap.</summary>
    public void RunParked(delegate*<void*, void> function, void* context) => _heap.Safepoint.RunParked(this, function, context);

    private void UpdateStackLimit()
    {
        // The requests are read again after the write: a request in between arms the poll itself or is seen here.
        Volatile.Write(ref _block->StackLimit, _block->RealStackLimit);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _block->InterruptRequests) != 0)
        {
            Volatile.Write(ref _block->StackLimit, ulong.MaxValue);
        }
    }

    // ---- Roots ----------------------------------------------------------------------------------------------------

    public Handle CreateHandle(Value value) => Handles.Create(value);

    /// <summary>Takes the callback id of a weak handle whose object died.</summary>
    public bool TryTakeClearedHandle(out int callbackId)
    {
        bool taken = _clearedHandles.TryPop(out ulong id);
        callbackId = (int)id;
        return taken;
    }

    internal int Register(ValueList list)
    {
        _valueLists.Add(list);
        return _valueLists.Count - 1;
    }

    internal void Unregister(ValueList list)
    {
        ValueList last = _valueLists[^1];
        _valueLists[list.Registration] = last;
        last.Registration = list.Registration;
        _valueLists.RemoveAt(_valueLists.Count - 1);
    }

    // ---- Collection -------------------------------------------------------------------------------------------------

    /// <summary>Collects now; through the spill stub, so that values in registers are found.</summary>
    public void Collect(CollectionKind kind, CollectionReason reason = CollectionReason.Requested)
    {
        if (_block->EntryStackPointer == 0)
        {
            throw new InvalidOperationException("a collection needs an agent that has been entered");
        }

        var request = new CollectionRequest { Block = _block, Kind = kind, Reason = reason, SeenCollections = _heap.CollectionCount };
        SpillStub.Call(&CollectCallback, &request);
        RethrowPending();
        _heap.AfterPause(this);
    }

    [UnmanagedCallersOnly]
    private static void CollectCallback(ulong stackPointer, void* context)
    {
        var request = (CollectionRequest*)context;
        LocalHeap local = FromBlock(request->Block);
        try
        {
            local.StoppedStackPointer = stackPointer;
            local._heap.CollectAt(local, request->Kind, request->Reason, request->SeenCollections);
        }
        catch (Exception e)
        {
            // D6: nothing crosses the stub; rethrown on its other side.
            local.SetPending(e);
        }
        finally
        {
            local.StoppedStackPointer = 0;
        }
    }

    internal void SetPending(Exception e) => _pending = ExceptionDispatchInfo.Capture(e);

    internal void RethrowPending()
    {
        if (_pending is { } pending)
        {
            _pending = null;
            pending.Throw();
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            if (_entries.Count != 0)
            {
                throw new InvalidOperationException("an agent that is inside the engine cannot be disposed");
            }

            _heap.Remove(this);
            Free();
        }
    }

    /// <summary>Frees the native parts; the cluster's finalizer comes here too.</summary>
    internal void Free()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        StoreBufferPool.Return(_storeBuffer);
        _storeBuffer = 0;
        Handles.Free();
        PersistentRoots.Table.Free();
        _entries.Free();
        _clearedHandles.Free();
        _self.Free();
        NativeMemory.AlignedFree(_block);
    }

    private struct CollectionRequest
    {
        public ThreadBlock* Block;
        public CollectionKind Kind;
        public CollectionReason Reason;
        public int SeenCollections;
    }
}
