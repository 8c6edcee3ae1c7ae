namespace Segno.Backend;

/// <summary>
/// The order in which blocks become code: that of allocation, but a loop that begins with its test ends with it, so that a round has one
/// jump and not two. The way in jumps to the test.
/// </summary>
internal sealed class EmissionOrder
{
    private int[] _order = new int[64];
    private int[] _positions = new int[64];

    public int Count { get; private set; }

    public int this[int position] => _order[position];

    public int PositionOf(int block) => _positions[block];

    public void Compute(Lir lir, MachineGraph graph)
    {
        Count = lir.BlockCount;
        if (_order.Length < Count)
        {
            _order = new int[Count * 2];
            _positions = new int[Count * 2];
        }

        for (int i = 0; i < Count; i++)
        {
            _order[i] = _positions[i] = i;
        }

        for (int last = 1; last < Count && !lir.Blocks[last].IsDeferred; last++)
        {
            if (lir.Blocks[last].SuccessorCount == 1 && lir.Successor(lir.Blocks[last], 0) is > 0 and var header && header < last
                && graph.Block(lir.Blocks[header].Id).IsLoopHeader && IsTest(lir, header, last))
            {
                MoveBehind(header, last);
            }
        }
    }

    /// <summary>Whether a block decides whether to go on with the blocks behind it, up to the last one, which alone of them jumps back.</summary>
    private static bool IsTest(Lir lir, int header, int last)
    {
        ref LirBlock block = ref lir.Blocks[header];
        if (block.SuccessorCount != 2)
        {
            return false;
        }

        for (int i = 0; i < block.PredecessorCount; i++)
        {
            int predecessor = lir.Predecessor(block, i);
            if (predecessor > last && !lir.Blocks[predecessor].IsDeferred)
            {
                return false;
            }
        }

        int first = lir.Successor(block, 0), second = lir.Successor(block, 1);
        return (first == header + 1 && IsOutside(second)) || (second == header + 1 && IsOutside(first));

        bool IsOutside(int successor) => successor < header || successor > last;
    }

    /// <summary>The blocks between the two keep their order: those of loops inside lie between them as well.</summary>
    private void MoveBehind(int header, int last)
    {
        int from = _positions[header], to = _positions[last];
        for (int i = from; i < to; i++)
        {
            _order[i] = _order[i + 1];
            _positions[_order[i]] = i;
        }

        _order[to] = header;
        _positions[header] = to;
    }
}
