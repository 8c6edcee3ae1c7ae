using System.Runtime.CompilerServices;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>Blocks and loops by position, and what loops mean for uses.</summary>
internal sealed partial class LiveIntervals
{
    /// <summary>
    /// What a loop uses and keeps for its next round has a use at its end, wherever in the loop the others are: without it, such a value
    /// would look as if it were not needed for longest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MarkLoopEnds(Lir lir)
    {
        Loops.Find(lir);
        if (Loops.Count == 0)
        {
            return;
        }

        Span<int> marked = Loops.Count <= 64 ? stackalloc int[Loops.Count] : new int[Loops.Count];
        marked.Fill(-1);
        for (int v = 0; v < Count; v++)
        {
            if (lir.ConstantOf(v) != OpId.None)
            {
                continue;
            }

            for (int use = _intervals[v].FirstUse; use >= 0; use = _uses[use].Next)
            {
                for (int loop = _uses[use].IsForFrame ? -1 : LoopAt(_uses[use].Position); loop >= 0 && marked[loop] != v; loop = Loops[loop].Parent)
                {
                    if ((LiveIn(Loops[loop].Header)[v >> 6] >> v & 1) == 0)
                    {
                        // Defined in this loop: those around it do not keep it either.
                        break;
                    }

                    marked[loop] = v;
                    AddUse(v, Loops[loop].End - 1, false, Register.None);
                }
            }
        }
    }

    /// <summary>The innermost loop around a position, or -1.</summary>
    public int LoopAt(int position) => Loops.LoopOf(_blockOf[LifetimePosition.InstructionOf(position)]);

    /// <summary>The block of the instruction at a position.</summary>
    public int BlockAt(int position) => _blockOf[LifetimePosition.InstructionOf(position)];

    /// <summary>Where the value is next computed with: by an instruction itself, not by its frame state alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NextDemand(int index, int position)
    {
        for (int use = _intervals[index].FirstUse; use >= 0; use = _uses[use].Next)
        {
            if (_uses[use].Position >= position && !_uses[use].IsForFrame)
            {
                return _uses[use].Position;
            }
        }

        return int.MaxValue;
    }

    /// <summary>Whether an interval lives without a hole from a position on, up to another.</summary>
    public bool CoversAll(int index, int from, int to)
    {
        for (int range = _intervals[index].FirstRange; range >= 0; range = _ranges[range].Next)
        {
            if (_ranges[range].End > from)
            {
                return _ranges[range].Start <= from && _ranges[range].End >= to;
            }
        }

        return false;
    }

    private void FindBlocks(Lir lir)
    {
        if (_blockOf.Length < lir.InstructionCount)
        {
            _blockOf = new int[lir.InstructionCount * 2];
        }

        for (int i = 0; i < lir.BlockCount; i++)
        {
            Array.Fill(_blockOf, i, lir.Blocks[i].First, lir.Blocks[i].End - lir.Blocks[i].First);
        }
    }
}
