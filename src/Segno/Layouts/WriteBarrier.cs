using System.Runtime.CompilerServices;

namespace Segno.Layouts;

/// <summary>
/// The write barrier of C# code; emitted code inlines the same filter (3-choreography, section 3).
/// </summary>
/// <remarks>
/// A store of a young reference into an old host appends the slot's address to the agent's store buffer. While marking,
/// the value is shown to the marker as well. Both are slow paths, entered through the function pointers that the heap
/// installs, because this room lies below the heap.
/// </remarks>
internal static unsafe class WriteBarrier
{
    /// <summary>Pages are aligned to their size; the header of an object's page is found by masking the object's start.</summary>
    public const int PageSizeLog2 = 18;
    public const ulong PageSize = 1UL << PageSizeLog2;
    public const ulong PageMask = ~(PageSize - 1);

    /// <summary>The flags word is the first word of a page.</summary>
    public const int PageFlagsOffset = 0;
    public const ulong YoungFlag = 1;
    /// <summary>Set on every page of a heap that is marking, so that one test of the host finds both barriers.</summary>
    public const ulong MarkingFlag = 2;
    /// <summary>Objects of this page are immutable and shared by all engines of the process.</summary>
    public const ulong ReadOnlyFlag = 4;

    /// <summary>The store buffer is a block aligned to its size; a top that is a multiple of it means full.</summary>
    public const int StoreBufferSizeInBytes = 16 * 1024;

    /// <summary>Added to a slot address in the store buffer: the slot holds its object weakly.</summary>
    public const ulong WeakSlotTag = 1;

    [ThreadStatic]
    private static ThreadBlock* t_current;

    /// <summary>The block of the agent that this thread is bound to (D15).</summary>
    public static ThreadBlock* Current
    {
        get => t_current;
        set => t_current = value;
    }

    /// <summary>Hands a full store buffer to the heap and installs a fresh one; set by the heap.</summary>
    public static delegate*<ThreadBlock*, void> StoreBufferFull;

    /// <summary>Shows a value stored during marking to the marker; set by the heap.</summary>
    public static delegate*<ThreadBlock*, ulong, void> MarkingSlow;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong host, ulong slot, ulong value)
    {
        *(ulong*)slot = value;
        if ((value & Value.NotCellMask) == 0)
        {
            ulong hostFlags = *(ulong*)(host & PageMask);
            if ((hostFlags & (YoungFlag | MarkingFlag)) != YoungFlag)
            {
                StoreSlow(hostFlags, slot, value);
            }
        }
    }

    /// <summary>
    /// Stores into a weak field: a scavenge may clear it. Without the mark the word would count as strong until its object is
    /// promoted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWeak(ulong host, ulong slot, ulong value)
    {
        *(ulong*)slot = value;
        if ((value & Value.NotCellMask) == 0)
        {
            ulong hostFlags = *(ulong*)(host & PageMask);
            if ((hostFlags & (YoungFlag | MarkingFlag)) != YoungFlag)
            {
                StoreSlow(hostFlags, slot | WeakSlotTag, value);
            }
        }
    }

    private static void StoreSlow(ulong hostFlags, ulong slot, ulong value)
    {
        if ((hostFlags & YoungFlag) == 0 && (*(ulong*)(value & PageMask) & YoungFlag) != 0)
        {
            Record(t_current, slot);
        }

        if ((hostFlags & MarkingFlag) != 0)
        {
            MarkingSlow(t_current, value);
        }
    }

    /// <summary>Appends a slot to the store buffer of an agent.</summary>
    public static void Record(ThreadBlock* block, ulong slot)
    {
        ulong top = block->StoreBufferTop;
        *(ulong*)top = slot;
        top += 8;
        block->StoreBufferTop = top;
        if ((top & (StoreBufferSizeInBytes - 1)) == 0)
        {
            StoreBufferFull(block);
        }
    }
}
