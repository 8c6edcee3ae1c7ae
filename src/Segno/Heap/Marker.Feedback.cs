using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The words of feedback: pairs of a map and its handler, alone or in an array of several. A pair keeps neither alive: the handler
/// lives as long as the map does for other reasons, so that a handler which leads back to its map (a transition, a prototype) does
/// not hold it. Functions, the targets of calls, are weak. What is neither is strong.
/// </summary>
internal sealed unsafe partial class Marker
{
    /// <summary>Pairs whose map has not been marked yet.</summary>
    private NativeList _pairs;

    /// <summary>Feedback words that hold an array of pairs.</summary>
    private NativeList _pairLists;

    private void VisitFeedback(ulong* start, ulong* end)
    {
        for (ulong* slot = start; slot < end; slot++)
        {
            ulong value = *slot;
            if ((value & Value.NotCellMask) != 0)
            {
                continue;
            }

            if (IsMap(value) && slot + 1 < end)
            {
                VisitPair(slot++);
            }
            else if (IsFunction(value))
            {
                if (!IsLive(value))
                {
                    _weakSlots.Add((ulong)slot);
                }
            }
            else if (IsPairList(value))
            {
                VisitPairList(value);
                _pairLists.Add((ulong)slot);
            }
            else
            {
                _ = Mark(value);
            }
        }
    }

    private static bool IsMap(ulong value) =>
        (value & Value.NotCellMask) == 0 && *(ulong*)value == ReadOnlyRoots.Address(RootId.MapMap);

    private static bool IsFunction(ulong value) =>
        *(ushort*)(*(ulong*)value + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSBoundFunction;

    private static bool IsPairList(ulong value) =>
        *(ulong*)value == ReadOnlyRoots.Address(RootId.FixedArrayMap) && new FixedArray(value).Length > 1 && IsMap(new FixedArray(value).GetElements(0).Bits);

    private void VisitPair(ulong* pair)
    {
        if (!IsLive(pair[0]))
        {
            _pairs.Add((ulong)pair);
        }
        else if ((pair[1] & Value.NotCellMask) == 0)
        {
            _ = Mark(pair[1]);
        }
    }

    /// <summary>The array is alive, but not shown to the visitor of arrays.</summary>
    private void VisitPairList(ulong array)
    {
        // Marked already: through a root, and then all of it is.
        if (!Mark(array))
        {
            return;
        }

        _ = _stack.TryPop(out _);
        MarkedObjects++;
        ulong* pairs = ElementsOf(array);
        for (int i = 0; i < new FixedArray(array).Length; i += 2)
        {
            VisitPair(pairs + i);
        }
    }

    private static ulong* ElementsOf(ulong array) => (ulong*)(array + FixedArray.ElementsOffset);

    /// <summary>Marks the handlers of maps that have turned out live; true if there was one.</summary>
    public bool TracePairs()
    {
        int waiting = 0;
        int count = _pairs.Count;
        for (int i = 0; i < count; i++)
        {
            var pair = (ulong*)_pairs[i];
            if (!IsLive(pair[0]))
            {
                _pairs[waiting++] = (ulong)pair;
            }
            else if ((pair[1] & Value.NotCellMask) == 0)
            {
                _ = Mark(pair[1]);
            }
        }

        _pairs.Truncate(waiting);
        return waiting < count;
    }

    /// <summary>Forgets the pairs of dead maps: the slot is uninitialized again, the array closes its gaps.</summary>
    public void ClearPairs(GcTrace trace)
    {
        for (int i = 0; i < _pairs.Count; i++)
        {
            var pair = (ulong*)_pairs[i];
            pair[0] = pair[1] = Value.UndefinedBits;
            trace.WeakCleared++;
        }

        for (int i = 0; i < _pairLists.Count; i++)
        {
            var slot = (ulong*)_pairLists[i];
            if (!CloseGaps(*slot))
            {
                *slot = Value.UndefinedBits;
            }
        }
    }

    /// <summary>
    /// Moves the pairs that are left to the front and repeats the first one behind them, so that every pair is one at all times; false
    /// if none is left.
    /// </summary>
    private bool CloseGaps(ulong array)
    {
        ulong* pairs = ElementsOf(array);
        int length = new FixedArray(array).Length;
        int used = 0;
        for (int i = 0; i < length; i += 2)
        {
            if (pairs[i] != Value.UndefinedBits)
            {
                CopyPair(pairs + i, pairs + used);
                used += 2;
            }
        }

        for (int i = used; used > 0 && i < length; i += 2)
        {
            CopyPair(pairs, pairs + i);
        }

        return used > 0;
    }

    private void CopyPair(ulong* from, ulong* to)
    {
        if (from != to)
        {
            SlotWriter.Write(_reservation, (ulong)to, from[0]);
            SlotWriter.Write(_reservation, (ulong)(to + 1), from[1]);
        }
    }
}
