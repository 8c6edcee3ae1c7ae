using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Root slots in chunks of native memory that never move. Each slot has an owner and is strong or weak (D16).
/// </summary>
internal sealed unsafe class HandleTable
{
    private const int SlotsPerChunk = 256;
    private const int SlotsPerChunkLog2 = 8;
    private const byte FreeState = 0;
    private const byte StrongState = 1;
    private const byte WeakState = 2;

    private struct Chunk
    {
        public fixed ulong Slots[SlotsPerChunk];
        public fixed int CallbackIds[SlotsPerChunk];
        public fixed byte States[SlotsPerChunk];
        public fixed byte Owners[SlotsPerChunk];
        public int WeakCount;

        /// <summary>Whether a slot may hold a young object: others need no visit in a scavenge.</summary>
        public int MayHoldYoung;
    }

    private Chunk** _chunks;
    private int _chunkCount;
    private int _chunkCapacity;
    private int _used;
    private int _freeHead = -1;

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong* SlotOf(int index) => &_chunks[index >> SlotsPerChunkLog2]->Slots[index & (SlotsPerChunk - 1)];

    public Handle Create(Value value, HandleOwner owner = HandleOwner.Engine) => new(this, CreateSlot(value, owner));

    public int CreateSlot(Value value, HandleOwner owner)
    {
        int index = _freeHead;
        if (index >= 0)
        {
            // A free slot holds the index of the next as a Smi, so that visitors pass over it.
            _freeHead = (int)*SlotOf(index);
        }
        else
        {
            index = _used++;
            if (index >> SlotsPerChunkLog2 == _chunkCount)
            {
                AddChunk();
            }
        }

        Chunk* chunk = _chunks[index >> SlotsPerChunkLog2];
        int at = index & (SlotsPerChunk - 1);
        chunk->Slots[at] = value.Bits;
        chunk->States[at] = StrongState;
        chunk->Owners[at] = (byte)owner;
        chunk->CallbackIds[at] = 0;
        chunk->MayHoldYoung = 1;
        Count++;
        return index;
    }

    public void Set(int index, Value value)
    {
        Chunk* chunk = _chunks[index >> SlotsPerChunkLog2];
        chunk->Slots[index & (SlotsPerChunk - 1)] = value.Bits;
        chunk->MayHoldYoung = 1;
    }

    public void MakeWeak(int index, int callbackId)
    {
        Chunk* chunk = _chunks[index >> SlotsPerChunkLog2];
        int at = index & (SlotsPerChunk - 1);
        if (chunk->States[at] == StrongState)
        {
            chunk->States[at] = WeakState;
            chunk->WeakCount++;
        }

        chunk->CallbackIds[at] = callbackId;
    }

    public void MakeStrong(int index)
    {
        Chunk* chunk = _chunks[index >> SlotsPerChunkLog2];
        int at = index & (SlotsPerChunk - 1);
        if (chunk->States[at] == WeakState)
        {
            chunk->States[at] = StrongState;
            chunk->WeakCount--;
        }
    }

    public HandleOwner OwnerOf(int index) => (HandleOwner)_chunks[index >> SlotsPerChunkLog2]->Owners[index & (SlotsPerChunk - 1)];

    public void Release(int index)
    {
        Chunk* chunk = _chunks[index >> SlotsPerChunkLog2];
        int at = index & (SlotsPerChunk - 1);
        if (chunk->States[at] == FreeState)
        {
            return;
        }

        if (chunk->States[at] == WeakState)
        {
            chunk->WeakCount--;
        }

        chunk->States[at] = FreeState;
        chunk->Slots[at] = Value.FromInt32(_freeHead).Bits;
        _freeHead = index;
        Count--;
    }

    /// <summary>Shows the strong slots to the visitor; returns how many there were.</summary>
    internal long VisitStrong(RootVisitor visitor, bool youngOnly)
    {
        long visited = 0;
        for (int i = 0; i < _chunkCount; i++)
        {
            Chunk* chunk = _chunks[i];
            if (youngOnly && chunk->MayHoldYoung == 0)
            {
                continue;
            }

            int count = Math.Min(SlotsPerChunk, _used - (i << SlotsPerChunkLog2));
            if (chunk->WeakCount == 0)
            {
                visitor.VisitRange(chunk->Slots, chunk->Slots + count);
                visited += count;
                continue;
            }

            for (int at = 0; at < count; at++)
            {
                if (chunk->States[at] == StrongState)
                {
                    visitor.VisitSlot(&chunk->Slots[at]);
                    visited++;
                }
            }
        }

        return visited;
    }

    /// <summary>Updates the weak slots after the closure and queues the callbacks of those that died (HEAP-6).</summary>
    internal void ProcessWeak(CollectionContext context, ref NativeList cleared, GcTrace trace)
    {
        for (int i = 0; i < _chunkCount; i++)
        {
            Chunk* chunk = _chunks[i];
            if (chunk->WeakCount == 0)
            {
                continue;
            }

            for (int at = 0; at < SlotsPerChunk; at++)
            {
                if (chunk->States[at] != WeakState || (chunk->Slots[at] & Value.NotCellMask) != 0)
                {
                    continue;
                }

                trace.WeakVisited++;
                if (context.UpdateWeakSlot(&chunk->Slots[at]))
                {
                    trace.WeakCleared++;
                    if (chunk->CallbackIds[at] != 0)
                    {
                        cleared.Add((ulong)(uint)chunk->CallbackIds[at]);
                    }
                }
            }
        }
    }

    /// <summary>Finds out after a scavenge which chunks still hold young objects.</summary>
    internal void RefreshYoungChunks()
    {
        for (int i = 0; i < _chunkCount; i++)
        {
            Chunk* chunk = _chunks[i];
            if (chunk->MayHoldYoung == 0)
            {
                continue;
            }

            int young = 0;
            for (int at = 0; at < SlotsPerChunk; at++)
            {
                ulong word = chunk->Slots[at];
                if ((word & Value.NotCellMask) == 0 && word != 0 && (*(ulong*)(word & WriteBarrier.PageMask) & WriteBarrier.YoungFlag) != 0)
                {
                    young = 1;
                    break;
                }
            }

            chunk->MayHoldYoung = young;
        }
    }

    internal void Free()
    {
        for (int i = 0; i < _chunkCount; i++)
        {
            NativeMemory.Free(_chunks[i]);
        }

        NativeMemory.Free(_chunks);
        _chunks = null;
        _chunkCount = _chunkCapacity = _used = 0;
        _freeHead = -1;
        Count = 0;
    }

    private void AddChunk()
    {
        if (_chunkCount == _chunkCapacity)
        {
            _chunkCapacity = Math.Max(4, _chunkCapacity * 2);
            _chunks = (Chunk**)NativeMemory.Realloc(_chunks, (nuint)_chunkCapacity * (nuint)sizeof(Chunk*));
        }

        var chunk = (Chunk*)NativeMemory.AllocZeroed((nuint)sizeof(Chunk));
        for (int at = 0; at < SlotsPerChunk; at++)
        {
            chunk->Slots[at] = Value.UndefinedBits;
        }

        _chunks[_chunkCount++] = chunk;
    }
}
