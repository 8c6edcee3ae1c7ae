using System.Runtime.CompilerServices;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>What the scan asks, and the one change that it makes: to cut an interval in two.</summary>
internal sealed partial class LiveIntervals
{
    // ---- Queries ----

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Covers(int index, int position)
    {
        for (int range = _intervals[index].FirstRange; range >= 0; range = _ranges[range].Next)
        {
            if (position < _ranges[range].Start)
            {
                return false;
            }

            if (position < _ranges[range].End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether an interval covers the position at which the scan has arrived; it never goes back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool CoversFromHere(int index, int position)
    {
        ref LiveInterval interval = ref _intervals[index];
        int range = interval.CurrentRange;
        while (_ranges[range].End <= position)
        {
            if (_ranges[range].Next < 0)
            {
                return false;
            }

            range = _ranges[range].Next;
        }

        interval.CurrentRange = range;
        return _ranges[range].Start <= position;
    }

    /// <summary>Leaves behind the ranges of fixed registers that end before where the scan has arrived.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PassFixedRanges(int position)
    {
        if (position < _firstFixedEnd)
        {
            return;
        }

        _firstFixedEnd = int.MaxValue;
        for (int register = 0; register < _fixedRanges.Length; register++)
        {
            int range = _fixedRanges[register];
            while (range >= 0 && _ranges[range].End <= position)
            {
                range = _ranges[range].Next;
            }

            _fixedRanges[register] = range;
            if (range >= 0)
            {
                _firstFixedEnd = Math.Min(_firstFixedEnd, _ranges[range].End);
            }
        }
    }

    /// <summary>The first position in both range lists, or int.MaxValue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FirstIntersection(int a, int b)
    {
        while (a >= 0 && b >= 0)
        {
            ref LiveRange ra = ref _ranges[a];
            ref LiveRange rb = ref _ranges[b];
            if (ra.End <= rb.Start)
            {
                a = ra.Next;
            }
            else if (rb.End <= ra.Start)
            {
                b = rb.Next;
            }
            else
            {
                return Math.Max(ra.Start, rb.Start);
            }
        }

        return int.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NextUse(int index, int position)
    {
        for (int use = _intervals[index].FirstUse; use >= 0; use = _uses[use].Next)
        {
            if (_uses[use].Position >= position)
            {
                return _uses[use].Position;
            }
        }

        return int.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int NextRegisterUse(int index, int position)
    {
        for (int use = _intervals[index].FirstUse; use >= 0; use = _uses[use].Next)
        {
            if (_uses[use].Position >= position && _uses[use].MustBeRegister)
            {
                return _uses[use].Position;
            }
        }

        return int.MaxValue;
    }

    /// <summary>Cuts an interval in two at a position strictly inside it; returns the later part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Split(int index, int position)
    {
        if (Count == _intervals.Length)
        {
            Array.Resize(ref _intervals, Count * 2);
        }

        int child = Count++;
        ref LiveInterval parent = ref _intervals[index];
        int last = -1;
        int range = parent.FirstRange;
        while (range >= 0 && _ranges[range].End <= position)
        {
            last = range;
            range = _ranges[range].Next;
        }

        if (range >= 0 && _ranges[range].Start < position)
        {
            int tail = NewRange(position, _ranges[range].End, _ranges[range].Next);
            _ranges[range].End = position;
            last = range;
            range = tail;
        }

        _ranges[last].Next = -1;
        if (_ranges[parent.CurrentRange].Start >= position)
        {
            parent.CurrentRange = last;
        }

        int lastUse = -1;
        int use = parent.FirstUse;
        while (use >= 0 && _uses[use].Position < position)
        {
            lastUse = use;
            use = _uses[use].Next;
        }

        if (lastUse < 0)
        {
            parent.FirstUse = -1;
        }
        else
        {
            _uses[lastUse].Next = -1;
        }

        _intervals[child] = new LiveInterval
        {
            VirtualRegister = parent.VirtualRegister, Start = _ranges[range].Start, End = parent.End, FirstRange = range, CurrentRange = range, FirstUse = use,
            Register = Register.None, Hint = parent.Register, NextSibling = parent.NextSibling,
        };
        parent.NextSibling = child;
        parent.End = _ranges[last].End;
        return child;
    }

    /// <summary>After the scan: puts the pieces of each virtual register side by side, for <see cref="At"/>.</summary>
    public void IndexPieces(int virtualRegisterCount)
    {
        if (_pieces.Length < Count)
        {
            _pieces = new int[Count * 2];
        }

        int piece = 0;
        for (int v = 0; v < virtualRegisterCount; v++)
        {
            _firstPieces[v] = piece;
            for (int index = v; index >= 0; index = _intervals[index].NextSibling)
            {
                _pieces[piece++] = index;
            }
        }

        _firstPieces[virtualRegisterCount] = piece;
    }

    /// <summary>The piece of a virtual register's life at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int At(int virtualRegister, int position)
    {
        int low = _firstPieces[virtualRegister], high = _firstPieces[virtualRegister + 1] - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (_intervals[_pieces[middle]].Start <= position)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        int index = _pieces[low];
        if (position < _intervals[index].Start || position >= _intervals[index].End)
        {
            throw new InvalidOperationException($"Virtual register {virtualRegister} is not live at {position}.");
        }

        return index;
    }
}
