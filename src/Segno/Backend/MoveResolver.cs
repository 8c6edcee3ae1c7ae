using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// Puts the parallel moves of each gap into a sequence. A cycle is broken through the scratch register; the vector scratch register is left to
/// the emitter for copies from memory to memory; constants come last, when the scratch register is free again.
/// </summary>
internal sealed class MoveResolver
{
    private (Location From, Location To)[] _pending = new (Location, Location)[32];

    public void Run(Lir lir)
    {
        for (int gap = 0; gap < lir.InstructionCount * 2; gap++)
        {
            if (lir.FirstMove(gap) >= 0)
            {
                Sequence(lir, gap);
            }
        }
    }

    private void Sequence(Lir lir, int gap)
    {
        int count = 0;
        int first = lir.FirstMove(gap);
        if (lir.Move(first).Next < 0)
        {
            return;
        }

        for (int move = first; move >= 0; move = lir.Move(move).Next)
        {
            if (count == _pending.Length)
            {
                Array.Resize(ref _pending, count * 2);
            }

            _pending[count++] = (lir.Move(move).From, lir.Move(move).To);
        }

        int head = -1, tail = -1;
        while (count > 0)
        {
            int next = FindUnblocked(count);
            if (next < 0)
            {
                // Every target is still to be read: save one, and let its readers read the copy.
                next = FirstThatIsNoConstant(count);
                Location saved = _pending[next].To;
                Location scratch = Location.Of(RegisterConvention.Scratch);
                Append(lir, ref head, ref tail, saved, scratch);
                for (int i = 0; i < count; i++)
                {
                    if (_pending[i].From == saved)
                    {
                        _pending[i].From = scratch;
                    }
                }
            }

            Append(lir, ref head, ref tail, _pending[next].From, _pending[next].To);
            _pending[next] = _pending[--count];
        }

        lir.SetFirstMove(gap, head);
    }

    private int FindUnblocked(int count)
    {
        int constant = -1;
        for (int i = 0; i < count; i++)
        {
            if (_pending[i].From.IsConstant)
            {
                constant = i;
            }
            else if (!IsSource(_pending[i].To, count))
            {
                return i;
            }
        }

        // A constant waits until no other move is left.
        return FirstThatIsNoConstant(count) < 0 ? constant : -1;
    }

    private bool IsSource(Location location, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_pending[i].From == location)
            {
                return true;
            }
        }

        return false;
    }

    private int FirstThatIsNoConstant(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!_pending[i].From.IsConstant)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Append(Lir lir, ref int head, ref int tail, Location from, Location to)
    {
        int move = lir.NewMove(from, to);
        if (tail < 0)
        {
            head = move;
        }
        else
        {
            lir.Move(tail).Next = move;
        }

        tail = move;
    }
}
