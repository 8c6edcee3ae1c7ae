using System.Runtime.CompilerServices;
using System.Numerics;
using Segno.Base;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// Linear scan over intervals with holes, with splitting (Wimmer and Mössenböck, "Optimized Interval Splitting in a Linear Scan Register
/// Allocator"). Deferred blocks come last in the order, so that a value which lives across a call in one of them keeps its register on the
/// straight path: it is split at that call, in the deferred block, and comes back on the edge out of it.
/// </summary>
internal sealed partial class LinearScan
{
    private readonly LiveIntervals _intervals = new();
    private readonly int[] _freeUntil = new int[32];
    private readonly int[] _blockedAt = new int[32];
    private int[] _unhandled = new int[256];
    private int _unhandledCount;
    private int[] _active = new int[64];
    private int _activeCount;
    private int[] _inactive = new int[256];
    private int _inactiveCount;
    private int _position;
    private Lir _lir = null!;

    /// <summary>Where the deferred blocks begin.</summary>
    private int _deferredStart;
    private string _name = "";

    private Register[] _order = RegisterConvention.AllocationOrder;
    private Perturbation _perturbation;

    public LiveIntervals Intervals => _intervals;

    /// <summary>From now on: another order of registers, and hints that are not always taken.</summary>
    public void Perturb(Perturbation perturbation)
    {
        _perturbation = perturbation;
        _order = RegisterConvention.AllocationOrder;
        if (perturbation.IsOn)
        {
            _order = [.. _order];
            perturbation.Shuffle(_order.AsSpan(), _order.Length);
        }
    }

    public void Allocate(Lir lir, string name)
    {
        _lir = lir;
        _name = name;
        _intervals.Build(lir);
        CheckNothingIsLiveIn();
        FindDeferred();
        Scan();
        AssignSlots();
        Resolve();
    }

    private void CheckNothingIsLiveIn()
    {
        ReadOnlySpan<ulong> live = _intervals.LiveIn(0);
        for (int i = 0; i < live.Length; i++)
        {
            if (live[i] != 0)
            {
                throw new InvalidOperationException($"{_name}: a value is used where its definition does not reach.");
            }
        }
    }

    // ---- The scan ----

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scan()
    {
        _unhandledCount = _activeCount = _inactiveCount = _position = 0;
        int count = _intervals.Count;
        if (_unhandled.Length < count)
        {
            _unhandled = new int[count * 2];
        }

        for (int i = 0; i < count; i++)
        {
            if (_intervals[i].Start >= 0)
            {
                _unhandled[_unhandledCount++] = i;
            }
        }

        SortUnhandled();
        while (_unhandledCount > 0)
        {
            int current = _unhandled[--_unhandledCount];
            int position = _intervals[current].Start;
            Advance(position);
            if (StartsAsConstant(current))
            {
                Spill(current, position);
            }
            else if (!TryAllocateFree(current))
            {
                AllocateBlocked(current);
            }
        }
    }

    /// <summary>Descending by start, so that the next one is at the end.</summary>
    private void SortUnhandled()
    {
        // Heap sort on the start: no comparer object, no recursion.
        int n = _unhandledCount;
        for (int i = (n / 2) - 1; i >= 0; i--)
        {
            SiftDown(i, n);
        }

        for (int end = n - 1; end > 0; end--)
        {
            (_unhandled[0], _unhandled[end]) = (_unhandled[end], _unhandled[0]);
            SiftDown(0, end);
        }
    }

    private void SiftDown(int root, int end)
    {
        while (true)
        {
            int child = (root * 2) + 1;
            if (child >= end)
            {
                return;
            }

            if (child + 1 < end && Before(_unhandled[child + 1], _unhandled[child]))
            {
                child++;
            }

            if (!Before(_unhandled[child], _unhandled[root]))
            {
                return;
            }

            (_unhandled[root], _unhandled[child]) = (_unhandled[child], _unhandled[root]);
            root = child;
        }
    }

    /// <summary>A total order, so that the result does not depend on the sorting method.</summary>
    private bool Before(int a, int b)
    {
        int difference = _intervals[a].Start - _intervals[b].Start;
        if (difference != 0)
        {
            return difference < 0;
        }

        int first = _perturbation.Below(8, a), second = _perturbation.Below(8, b);
        return first < second || (first == second && a < b);
    }

    private void AddUnhandled(int interval)
    {
        if (_unhandledCount == _unhandled.Length)
        {
            Array.Resize(ref _unhandled, _unhandledCount * 2);
        }

        int low = 0, high = _unhandledCount;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Before(_unhandled[middle], interval))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        Array.Copy(_unhandled, low, _unhandled, low + 1, _unhandledCount - low);
        _unhandled[low] = interval;
        _unhandledCount++;
    }

    private static void Append(ref int[] list, ref int count, int interval)
    {
        if (count == list.Length)
        {
            Array.Resize(ref list, count * 2);
        }

        list[count++] = interval;
    }

    /// <summary>Brings the active and inactive lists up to a position, and what is behind it out of the way.</summary>
    private void Advance(int position)
    {
        if (position < _position)
        {
            throw new InvalidOperationException($"{_name}: the scan goes back from {_position} to {position}.");
        }

        _position = position;
        _intervals.PassFixedRanges(position);
        int inactiveBefore = _inactiveCount;
        int kept = 0;
        for (int i = 0; i < _activeCount; i++)
        {
            int interval = _active[i];
            if (_intervals[interval].End <= position)
            {
                continue;
            }

            if (_intervals.CoversFromHere(interval, position))
            {
                _active[kept++] = interval;
            }
            else
            {
                Append(ref _inactive, ref _inactiveCount, interval);
            }
        }

        _activeCount = kept;
        kept = 0;
        for (int i = 0; i < _inactiveCount; i++)
        {
            int interval = _inactive[i];
            if (i < inactiveBefore)
            {
                if (_intervals[interval].End <= position)
                {
                    continue;
                }

                if (_intervals.CoversFromHere(interval, position))
                {
                    Append(ref _active, ref _activeCount, interval);
                    continue;
                }
            }

            _inactive[kept++] = interval;
        }

        _inactiveCount = kept;
    }

    /// <summary>A constant is made only where a register is demanded.</summary>
    private bool StartsAsConstant(int current)
    {
        ref LiveInterval interval = ref _intervals[current];
        return _lir.ConstantOf(interval.VirtualRegister) != OpId.None &&
            LifetimePosition.GapStart(_intervals.NextRegisterUse(current, interval.Start)) > interval.Start;
    }

    private uint RegistersFor(int current) =>
        _lir.RepresentationOf(_intervals[current].VirtualRegister).IsFloat()
            ? RegisterConvention.AllocatableFloat64
            : RegisterConvention.AllocatableGeneral;

    private bool TryAllocateFree(int current)
    {
        ref LiveInterval interval = ref _intervals[current];
        uint registers = RegistersFor(current);
        for (uint bits = registers; bits != 0; bits &= bits - 1)
        {
            int register = BitOperations.TrailingZeroCount(bits);
            _freeUntil[register] = _intervals.FirstIntersection(_intervals.FixedRange((Register)register), interval.FirstRange);
        }

        for (int i = 0; i < _activeCount; i++)
        {
            _freeUntil[(int)_intervals[_active[i]].Register] = 0;
        }

        for (int i = 0; i < _inactiveCount; i++)
        {
            ref LiveInterval other = ref _intervals[_inactive[i]];
            int register = (int)other.Register;
            if ((registers & (1u << register)) != 0 && _freeUntil[register] > 0)
            {
                _freeUntil[register] = Math.Min(_freeUntil[register], _intervals.FirstIntersection(other.CurrentRange, interval.FirstRange));
            }
        }

        Register chosen = ChooseFree(current, registers);
        if (chosen == Register.None)
        {
            return false;
        }

        int until = _freeUntil[(int)chosen];
        if (until < interval.End)
        {
            int split = LifetimePosition.GapStart(until);
            if (split <= interval.Start)
            {
                return false;
            }

            AddUnhandled(SplitAt(current, split));
        }

        Assign(current, chosen);
        return true;
    }

    /// <summary>
    /// A register that is free for the whole interval, the hinted one first; else the one that is free longest. Seen from the straight path,
    /// being free up to the deferred blocks is being free for good.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Register ChooseFree(int current, uint registers)
    {
        ref LiveInterval interval = ref _intervals[current];
        int enough = interval.Start < _deferredStart ? Math.Min(interval.End, _deferredStart) : interval.End;
        Register best = Register.None;
        int bestUntil = 0;
        foreach (Register register in _order)
        {
            if ((registers & (1u << (int)register)) == 0)
            {
                continue;
            }

            int until = Math.Min(_freeUntil[(int)register], enough);
            if (until > bestUntil)
            {
                best = register;
                bestUntil = until;
            }
        }

        // Cuts are made in front of an instruction: registers that end within the same one are equally good.
        int good = bestUntil == enough ? bestUntil : LifetimePosition.GapStart(bestUntil);
        if (_perturbation.OneIn(6, current, interval.Start))
        {
            return best;
        }

        Register hint = UseHint(current, _deferredStart);
        if (IsGoodHint(hint, registers, good))
        {
            return hint;
        }

        hint = interval.Hint;
        if (IsGoodHint(hint, registers, good))
        {
            return hint;
        }

        // Values that this one is copied from or to may have a register, or be bound for one that an instruction demands.
        int partner = interval.VirtualRegister;
        for (int distance = 0; distance < 3 && (partner = _intervals.HintOf(partner)) >= 0; distance++)
        {
            hint = LastRegisterBefore(partner, interval.Start);
            if (IsGoodHint(hint, registers, good))
            {
                return hint;
            }

            hint = UseHint(partner, _deferredStart);
            if (IsGoodHint(hint, registers, good))
            {
                return hint;
            }
        }

        hint = UseHint(current, int.MaxValue);
        return IsGoodHint(hint, registers, good) ? hint : best;
    }

    private bool IsGoodHint(Register hint, uint registers, int good) =>
        (uint)hint < 32 && (registers & (1u << (int)hint)) != 0 && _freeUntil[(int)hint] >= good && good > 0;

    private Register UseHint(int index, int before)
    {
        if (_intervals[index].Start >= before)
        {
            before = int.MaxValue;
        }

        for (int use = _intervals[index].FirstUse; use >= 0 && _intervals.Use(use).Position < before; use = _intervals.Use(use).Next)
        {
            if (_intervals.Use(use).Hint != Register.None)
            {
                return _intervals.Use(use).Hint;
            }
        }

        return Register.None;
    }

    /// <summary>Where a value that this one is copied from or to has its place: the piece that ends at, or is nearest before, the position.</summary>
    private Register LastRegisterBefore(int virtualRegister, int position)
    {
        Register result = Register.None;
        for (int index = virtualRegister; index >= 0; index = _intervals[index].NextSibling)
        {
            ref LiveInterval interval = ref _intervals[index];
            if (interval.Register != Register.None && (interval.Start <= position || result == Register.None))
            {
                result = interval.Register;
            }
        }

        return result;
    }

    private void Assign(int current, Register register)
    {
        _intervals[current].Register = register;
        Append(ref _active, ref _activeCount, current);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AllocateBlocked(int current)
    {
        ref LiveInterval interval = ref _intervals[current];
        int start = interval.Start;
        int gap = LifetimePosition.GapStart(start);
        uint registers = RegistersFor(current);
        for (uint bits = registers; bits != 0; bits &= bits - 1)
        {
            int register = BitOperations.TrailingZeroCount(bits);
            int at = _intervals.FirstIntersection(_intervals.FixedRange((Register)register), interval.FirstRange);
            _freeUntil[register] = at;
            _blockedAt[register] = at;
        }

        for (int i = 0; i < _activeCount; i++)
        {
            // A piece that began within this instruction, or is read by it in a register, cannot be taken out. One that is read by it
            // wherever it lies comes last.
            int end = gap + LifetimePosition.PerInstruction;
            int use = _intervals[_active[i]].Start > gap ? 0 : _intervals.NextUse(_active[i], gap);
            bool isBound = use == 0 || _intervals.NextRegisterUse(_active[i], gap) < end;
            LimitByUse(_active[i], isBound ? 0 : use < end ? 1 : _intervals.NextDemand(_active[i], gap), registers);
        }

        for (int i = 0; i < _inactiveCount; i++)
        {
            if (_intervals.FirstIntersection(_intervals[_inactive[i]].CurrentRange, interval.FirstRange) != int.MaxValue)
            {
                LimitByUse(_inactive[i], _intervals.NextDemand(_inactive[i], start), registers);
            }
        }

        Register chosen = Register.None;
        int latest = 0;
        for (uint bits = registers; bits != 0; bits &= bits - 1)
        {
            int register = BitOperations.TrailingZeroCount(bits);
            if (_freeUntil[register] > latest &&
                (_blockedAt[register] >= interval.End || LifetimePosition.GapStart(_blockedAt[register]) > start))
            {
                chosen = (Register)register;
                latest = _freeUntil[register];
            }
        }

        int firstUse = _intervals.NextRegisterUse(current, start);
        if (LifetimePosition.GapStart(firstUse) > start && (chosen == Register.None || latest <= firstUse))
        {
            Spill(current, start);
            return;
        }

        if (chosen == Register.None)
        {
            throw new InvalidOperationException($"{_name}: no register at {start} for v{interval.VirtualRegister}.");
        }

        if (_blockedAt[(int)chosen] < interval.End)
        {
            AddUnhandled(SplitAt(current, LifetimePosition.GapStart(_blockedAt[(int)chosen])));
        }

        EvictFrom(chosen, current);
        Assign(current, chosen);
    }

    private void LimitByUse(int holder, int use, uint registers)
    {
        int register = (int)_intervals[holder].Register;
        if ((registers & (1u << register)) != 0)
        {
            _freeUntil[register] = Math.Min(_freeUntil[register], use);
        }
    }

    private void EvictFrom(Register register, int current)
    {
        int start = _intervals[current].Start;
        int gap = LifetimePosition.GapStart(start);
        int kept = 0;
        int count = _activeCount;
        for (int i = 0; i < count; i++)
        {
            int holder = _active[i];
            if (_intervals[holder].Register != register)
            {
                _active[kept++] = holder;
                continue;
            }

            if (_intervals[holder].Start >= gap)
            {
                // It began in this very gap and has no use here: it never gets the register.
                _intervals[holder].Register = Register.None;
                Spill(holder, start);
            }
            else
            {
                int tail = SplitAt(holder, EvictionPoint(holder, gap));
                Spill(tail, start);
            }
        }

        _activeCount = kept;
        kept = 0;
        for (int i = 0; i < _inactiveCount; i++)
        {
            int holder = _inactive[i];
            if (_intervals[holder].Register == register &&
                _intervals.FirstIntersection(_intervals[holder].CurrentRange, _intervals[current].FirstRange) != int.MaxValue)
            {
                // It is in a hole here: what comes after the hole looks for a register again.
                AddUnhandled(SplitAt(holder, HoleEnd(holder, start)));
                if (_intervals[holder].End <= start)
                {
                    continue;
                }
            }

            _inactive[kept++] = holder;
        }

        _inactiveCount = kept;
    }

    /// <summary>
    /// Where a value leaves its register that is needed at a position: in front of the outermost loop in which it has not been used up to
    /// there, so that it is not stored and loaded in each round.
    /// </summary>
    private int EvictionPoint(int index, int position)
    {
        int point = position;
        for (int loop = _intervals.LoopAt(position); loop >= 0; loop = _intervals.Loops[loop].Parent)
        {
            int start = _intervals.Loops[loop].Start;
            if (_intervals[index].Start >= start || _intervals.NextDemand(index, start) < position || !_intervals.CoversAll(index, start, position))
            {
                break;
            }

            point = start;
        }

        return point;
    }

    /// <summary>
    /// Where a value that lies in memory at a position looks for a register again that it needs at a later one: in front of the outermost
    /// loop around that use which the position is not in.
    /// </summary>
    private int ReturnPoint(int index, int position, int use)
    {
        int point = use;
        for (int loop = _intervals.LoopAt(use); loop >= 0; loop = _intervals.Loops[loop].Parent)
        {
            int start = _intervals.Loops[loop].Start;
            if (start <= position || !_intervals.CoversAll(index, start, use))
            {
                break;
            }

            point = start;
        }

        return point;
    }

    private int HoleEnd(int index, int position)
    {
        int range = _intervals[index].FirstRange;
        while (_intervals.Range(range).Start <= position)
        {
            range = _intervals.Range(range).Next;
        }

        return _intervals.Range(range).Start;
    }

    private int SplitAt(int index, int position)
    {
        if (position <= _intervals[index].Start || position >= _intervals[index].End)
        {
            throw new InvalidOperationException(
                $"{_name}: cannot split [{_intervals[index].Start}, {_intervals[index].End}) of v{_intervals[index].VirtualRegister} at {position}.");
        }

        return _intervals.Split(index, position);
    }

    /// <summary>
    /// Puts a piece in memory up to its next use in a register, or to its next hole: behind a hole, in another block, it starts anew.
    /// </summary>
    private void Spill(int current, int position)
    {
        ref LiveInterval interval = ref _intervals[current];
        int next = LifetimePosition.GapStart(_intervals.NextRegisterUse(current, position));
        if (next < interval.End && _lir.ConstantOf(interval.VirtualRegister) == OpId.None)
        {
            next = ReturnPoint(current, position, next);
        }

        int hole = FirstHoleEnd(current, position);
        int split = Math.Min(next, hole);
        if (split < interval.End && split > interval.Start)
        {
            AddUnhandled(SplitAt(current, split));
        }

        _intervals[current].IsSpilled = true;
    }

    /// <summary>
    /// Where, behind the position, the value arrives anew: after a hole, or at a block that control does not enter from the one before it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FirstHoleEnd(int index, int position)
    {
        for (int range = _intervals[index].FirstRange; range >= 0; range = _intervals.Range(range).Next)
        {
            ref LiveRange r = ref _intervals.Range(range);
            if (r.Start > position)
            {
                return r.Start;
            }

            if (r.End > position)
            {
                for (int block = _intervals.BlockAt(position) + 1; block < _lir.BlockCount; block++)
                {
                    int start = _lir.Blocks[block].First * LifetimePosition.PerInstruction;
                    if (start >= r.End)
                    {
                        break;
                    }

                    if (!IsEnteredFromBefore(block))
                    {
                        return start;
                    }
                }
            }
        }

        return int.MaxValue;
    }

    private bool IsEnteredFromBefore(int block)
    {
        ref LirBlock b = ref _lir.Blocks[block];
        for (int i = 0; i < b.PredecessorCount; i++)
        {
            if (_lir.Predecessor(b, i) == block - 1)
            {
                return true;
            }
        }

        return false;
    }
}
