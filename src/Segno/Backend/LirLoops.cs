namespace Segno.Backend;

/// <summary>
/// The loops of the code as stretches of positions: from the header to the end of the last block that jumps back to it. Deferred blocks
/// lie behind all of them and belong to none.
/// </summary>
internal sealed class LirLoops
{
    private int[] _loopOf = new int[64];
    private Loop[] _loops = new Loop[16];

    /// <param name="Header">The block at its start.</param>
    /// <param name="Start">Position of the header's first gap.</param>
    /// <param name="End">Position behind the last block.</param>
    /// <param name="Parent">The loop around it, or -1.</param>
    internal readonly record struct Loop(int Header, int Start, int End, int Parent);

    public int Count { get; private set; }

    public ref readonly Loop this[int index] => ref _loops[index];

    /// <summary>The innermost loop around a block, or -1.</summary>
    public int LoopOf(int block) => _loopOf[block];

    public void Find(Lir lir)
    {
        Count = 0;
        if (_loopOf.Length < lir.BlockCount)
        {
            _loopOf = new int[lir.BlockCount * 2];
        }

        int current = -1;
        for (int block = 0; block < lir.BlockCount; block++)
        {
            int start = lir.Blocks[block].First * LifetimePosition.PerInstruction;
            while (current >= 0 && _loops[current].End <= start)
            {
                current = _loops[current].Parent;
            }

            int last = LastToJumpBack(lir, block);
            if (last >= 0)
            {
                if (Count == _loops.Length)
                {
                    Array.Resize(ref _loops, Count * 2);
                }

                _loops[Count] = new Loop(block, start, lir.Blocks[last].End * LifetimePosition.PerInstruction, current);
                current = Count++;
            }

            _loopOf[block] = current;
        }
    }

    private static int LastToJumpBack(Lir lir, int block)
    {
        int last = -1;
        ref LirBlock header = ref lir.Blocks[block];
        for (int i = 0; i < header.PredecessorCount; i++)
        {
            int predecessor = lir.Predecessor(header, i);
            if (predecessor >= block && !lir.Blocks[predecessor].IsDeferred)
            {
                last = Math.Max(last, predecessor);
            }
        }

        return last;
    }
}
