using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>
/// Blocks of native memory of one size, all zero, recycled between the engines of the process (D17): most engines never write into them, and then
/// nobody has to clear them. Whoever wrote clears a block before it comes back.
/// </summary>
internal sealed unsafe class ZeroedBlocks(int sizeInBytes)
{
    private const int Alignment = 64;
    private const int LargestPool = 32;

    private readonly Lock _lock = new();
    private readonly nint[] _blocks = new nint[LargestPool];
    private int _count;

    public void* Rent()
    {
        lock (_lock)
        {
            if (_count > 0)
            {
                return (void*)_blocks[--_count];
            }
        }

        void* block = NativeMemory.AlignedAlloc((nuint)sizeInBytes, Alignment);
        Clear(block);
        return block;
    }

    public void Return(void* block)
    {
        lock (_lock)
        {
            if (_count < LargestPool)
            {
                _blocks[_count++] = (nint)block;
                return;
            }
        }

        NativeMemory.AlignedFree(block);
    }

    public void Clear(void* block) => NativeMemory.Clear(block, (nuint)sizeInBytes);
}
