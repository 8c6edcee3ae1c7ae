using System.Diagnostics;
using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>Allocation and the store buffer.</summary>
internal sealed unsafe partial class LocalHeap
{
    /// <summary>What uninitialized memory is filled with in checked builds; as a value it is a number, so it harms nobody but shows.</summary>
    public const ulong UninitializedPattern = 0xCDCD_CDCD_CDCD_CDCD;

    /// <summary>The real end of the young buffer; the limit in the block is lower while every allocation is to be counted.</summary>
    private ulong _bufferLimit;
    /// <summary>The buffer for young objects is in the old generation: the agent pretenures (<see cref="TenuringPolicy"/>).</summary>
    private bool _bufferIsOld;
    private ulong _oldTop;
    private ulong _oldLimit;
    private int _reserveDepth;
    private int _intervalCollections;

    /// <summary>
    /// Memory for a young object. See the remarks of the class for the caller's duties. A large object may end up on an
    /// ordinary page if the buffer has room for it: nobody may conclude the space from the size.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AllocateYoung(int sizeInBytes)
    {
#if CHECKED
        return FillUninitialized(AllocateYoungUnfilled(sizeInBytes), sizeInBytes);
#else
        return AllocateYoungUnfilled(sizeInBytes);
#endif
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong AllocateYoungUnfilled(int sizeInBytes)
    {
        ThreadBlock* block = _block;
        ulong top = block->AllocationTop;
        ulong newTop = top + (ulong)(uint)sizeInBytes;
        if (newTop <= block->AllocationLimit)
        {
            block->AllocationTop = newTop;
            return top;
        }

        return AllocateYoungSlow(sizeInBytes);
    }

    /// <summary>Memory for an object that is old from the start; stores of young values into it need the barrier at once.</summary>
    public ulong AllocateOld(int sizeInBytes)
    {
        CountAllocation(sizeInBytes);
        if (sizeInBytes > ClusterHeap.LargeObjectThreshold)
        {
            return AllocateLarge(sizeInBytes, young: false);
        }

        ulong size = (ulong)sizeInBytes;
        if (_oldTop + size > _oldLimit)
        {
            RefillOld(size);
        }

        ulong address = _oldTop;
        _oldTop += size;
        return FillUninitialized(address, sizeInBytes);
    }

    /// <summary>A cell for a map, in pages of their own where nothing moves (D9).</summary>
    public ulong AllocateMap()
    {
        CountAllocation(Map.HeaderSize);
        _heap.EnsureOldRoom(this, Map.HeaderSize);
        return FillUninitialized(_heap.TakeMapCell(), Map.HeaderSize);
    }

    /// <summary>Room for the two parts of an image: old objects in one piece, and a run of map cells.</summary>
    internal (ulong Objects, ulong Maps) AllocateImage(ulong sizeInBytes, int mapCount)
    {
        RefillOld(sizeInBytes);
        ulong objects = _oldTop;
        _oldTop += sizeInBytes;
        return (objects, _heap.TakeMapCells(mapCount));
    }

    /// <summary>Memory for a bytecode array, which never moves: the interpreter's pc points into it (D19).</summary>
    public ulong AllocateBytecode(int sizeInBytes)
    {
        CountAllocation(sizeInBytes);
        if (sizeInBytes > ClusterHeap.LargeObjectThreshold)
        {
            return AllocateLarge(sizeInBytes, young: false);
        }

        _heap.EnsureOldRoom(this, sizeInBytes);
        return FillUninitialized(_heap.TakeBytecode((ulong)sizeInBytes), sizeInBytes);
    }

    /// <summary>
    /// The slow path of emitted allocation of a young object. May collect; throws <see cref="HeapLimitException"/>, which the
    /// runtime entry converts (D6).
    /// </summary>
    public static ulong AllocateSlow(ThreadBlock* block, int sizeInBytes) => FromBlock(block).AllocateYoungSlow(sizeInBytes);

    /// <summary>Inside, allocations may exceed the hard limit (materialization, building an error).</summary>
    public void EnterReserve() => _reserveDepth++;

    public void LeaveReserve() => _reserveDepth--;

    internal bool InReserve => _reserveDepth > 0;

    /// <summary>
    /// Turns the tail of an object into a filler after its length field has been lowered: its slots leave the remembered set.
    /// </summary>
    public void RightTrim(ulong address, int oldSizeInBytes, int newSizeInBytes)
    {
        ulong start = address + (ulong)newSizeInBytes;
        ulong end = address + (ulong)oldSizeInBytes;
        if (start >= end)
        {
            return;
        }

        ForgetSlots(start, end);
        if (_heap.Reservation.DescriptorOf(address)->Space == SpaceId.Large)
        {
            // The object has its pages for itself: nothing walks behind it.
            _heap.TrimLarge(address, (ulong)newSizeInBytes);
        }
        else
        {
            _heap.Fillers.Write(start, end - start);
        }
    }

    /// <summary>To be called when tagged words of an object in [start, end) become raw data in place.</summary>
    public void ForgetSlots(ulong start, ulong end)
    {
        if (!SlotWriter.IsOldSlot(_heap.Reservation, start))
        {
            return;
        }

        lock (_heap.SpaceLock)
        {
            ulong kept = _storeBuffer;
            for (ulong at = _storeBuffer; at < _block->StoreBufferTop; at += 8)
            {
                ulong entry = *(ulong*)at;
                if ((entry & ~WriteBarrier.WeakSlotTag) - start >= end - start)
                {
                    *(ulong*)kept = entry;
                    kept += 8;
                }
            }

            _block->StoreBufferTop = kept;
            RememberedSet.Remove(_heap.Reservation, start, end);
        }
    }

    /// <summary>Moves the store buffer into the remembered set; the block is empty afterwards.</summary>
    internal void FlushStoreBuffer(GcTrace trace)
    {
        ulong top = _block->StoreBufferTop;
        trace.StoreBufferEntries += (long)((top - _storeBuffer) >> 3);
        trace.StoreBufferDistinct += RememberedSet.Flush(_heap.Reservation, _storeBuffer, top);
        _block->StoreBufferTop = _storeBuffer;
    }

    /// <summary>Gives the rests of the allocation buffers back: pages become walkable (HEAP-8).</summary>
    internal void RetireBuffers()
    {
        ReturnYoungBuffer();
        _heap.Old.ReturnBuffer(_oldTop, _oldLimit);
        _oldTop = _oldLimit = 0;
    }

    private void ReturnYoungBuffer()
    {
        if (_bufferIsOld)
        {
            _heap.Old.ReturnBuffer(_block->AllocationTop, _bufferLimit);
        }
        else
        {
            _heap.Young.ReturnBuffer(_block->AllocationTop, _bufferLimit);
        }

        _block->AllocationTop = _block->AllocationLimit = _bufferLimit = 0;
        _bufferIsOld = false;
    }

    /// <summary>Starts counting anew after <see cref="HeapOptions.GcInterval"/> was changed on the heap.</summary>
    internal void ApplyInterval()
    {
        _block->AllocationCountdown = _heap.GcInterval;
        _block->AllocationLimit = _heap.GcInterval > 0 ? _block->AllocationTop : _bufferLimit;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong AllocateYoungSlow(int sizeInBytes)
    {
        CountAllocation(sizeInBytes);
        Poll();
        if (sizeInBytes > ClusterHeap.LargeObjectThreshold)
        {
            return AllocateLarge(sizeInBytes, young: true);
        }

        ulong size = (ulong)sizeInBytes;
        if (_block->AllocationTop + size > _bufferLimit && !TakeYoungBuffer(size, force: false))
        {
            // Agents that pretenure may have filled the old generation.
            bool full = _heap.OldGenerationBytes > _heap.OldGenerationLimit;
            Collect(full ? CollectionKind.Full : CollectionKind.Scavenge, full ? CollectionReason.OldGenerationLimit : CollectionReason.AllocationFailure);
            _heap.CheckHardLimit(this, 0);
            if (!TakeYoungBuffer(size, force: true))
            {
                throw _heap.LimitReached();
            }
        }

        ulong address = _block->AllocationTop;
        _block->AllocationTop += size;
        _block->AllocationLimit = _heap.GcInterval > 0 ? _block->AllocationTop : _bufferLimit;
        return address;
    }

    private bool TakeYoungBuffer(ulong sizeInBytes, bool force)
    {
        lock (_heap.SpaceLock)
        {
            ReturnYoungBuffer();
            bool old = _heap.Tenuring.Pretenures;
            if (!(old ? _heap.TryTakePretenured(sizeInBytes, out ulong start, out ulong end) : _heap.Young.TryTakeBuffer(sizeInBytes, force, out start, out end)))
            {
                return false;
            }

            _bufferIsOld = old;
            _block->AllocationTop = start;
            _block->AllocationLimit = _bufferLimit = end;
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefillOld(ulong size)
    {
        Poll();
        _heap.EnsureOldRoom(this, (long)size);
        lock (_heap.SpaceLock)
        {
            _heap.Old.ReturnBuffer(_oldTop, _oldLimit);
            _oldTop = _oldLimit = 0;
            if (!_heap.Old.TryTakeBuffer(size, out ulong start, out ulong end))
            {
                throw _heap.LimitReached();
            }

            _oldTop = start;
            _oldLimit = end;
        }
    }

    private ulong AllocateLarge(int sizeInBytes, bool young)
    {
        _heap.EnsureLargeRoom(this, sizeInBytes, young);
        // While agents pretenure nothing is young.
        return FillUninitialized(_heap.TakeLarge((ulong)sizeInBytes, young && !_heap.Tenuring.Pretenures), sizeInBytes);
    }

    /// <summary>What every slow allocation does first: the assertions, and the count for <see cref="HeapOptions.GcInterval"/>.</summary>
    private void CountAllocation(int sizeInBytes)
    {
        if (sizeInBytes <= 0 || (sizeInBytes & 7) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(sizeInBytes), sizeInBytes, "object sizes are positive multiples of 8");
        }

#if CHECKED
        if (NoAllocationDepth != 0)
        {
            throw new UnreachableException("HEAP-4: an allocation inside a no-allocation scope");
        }
#endif
        if (_heap.GcInterval > 0 && --_block->AllocationCountdown <= 0)
        {
            _block->AllocationCountdown = _heap.GcInterval;
            _intervalCollections++;
            bool full = _heap.Options.FullGcInterval > 0 && _intervalCollections % _heap.Options.FullGcInterval == 0;
            Collect(full ? CollectionKind.Full : CollectionKind.Scavenge, CollectionReason.Interval);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FillUninitialized(ulong address, int sizeInBytes)
    {
#if CHECKED
        new Span<ulong>((void*)address, sizeInBytes / 8).Fill(UninitializedPattern);
#else
        _ = sizeInBytes;
#endif
        return address;
    }
}
