using System.Runtime.InteropServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>Store buffer blocks, aligned to their size, recycled between the agents of the process.</summary>
internal static unsafe class StoreBufferPool
{
    private static readonly Lock s_lock = new();
    private static NativeList s_blocks;

    public static ulong Rent()
    {
        lock (s_lock)
        {
            if (s_blocks.TryPop(out ulong block))
            {
                return block;
            }
        }

        return (ulong)NativeMemory.AlignedAlloc(WriteBarrier.StoreBufferSizeInBytes, WriteBarrier.StoreBufferSizeInBytes);
    }

    public static void Return(ulong block)
    {
        lock (s_lock)
        {
            s_blocks.Add(block);
        }
    }
}
