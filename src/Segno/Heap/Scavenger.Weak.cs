using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>What is held weakly: updated or cleared after the closure (HEAP-6).</summary>
internal sealed unsafe partial class Scavenger
{
    /// <summary>The new address of an object, or 0 if it died. Valid from <see cref="RestorePins"/> to <see cref="Finish"/>, and while tracing.</summary>
    public ulong Forwarded(ulong address)
    {
        ulong distance = address - _base;
        ulong page = distance >> WriteBarrier.PageSizeLog2;
        if (page >= _pageCount || !PageKind.IsFrom(_kinds[page]))
        {
            return address;
        }

        if (_kinds[page] == PageKind.FromLarge)
        {
            return 0;
        }

        ulong map = *(ulong*)address;
        if (Forwarding.IsForwarded(map))
        {
            return Forwarding.Target(map);
        }

        bool pinned = (_reservation.SlotBits[distance >> 9] & (1UL << (int)((distance >> 3) & 63))) != 0;
        return pinned ? address : 0;
    }

    /// <summary>Updates the weak words of old objects and of copied ones; the dead are cleared.</summary>
    public void ProcessWeakSlots(GcTrace trace)
    {
        byte* slotPages = _reservation.SlotPages;
        var pages = (ulong)_reservation.CommittedPages;
        for (ulong page = 0; page < pages; page++)
        {
            if ((slotPages[page] & RememberedSet.WeakSlots) != 0)
            {
                ProcessWeakPage(page, trace);
            }
        }

        for (int i = 0; i < _weakSlots.Count; i++)
        {
            ulong entry = _weakSlots[i];
            var slot = (ulong*)(entry & ~PromotedTag);
            trace.WeakVisited++;
            if (UpdateWeak(slot, trace) && (entry & PromotedTag) != 0)
            {
                _ = RememberedSet.AddWeak(_reservation, (ulong)slot);
            }
        }
    }

    /// <summary>Updates one weak word; true if it holds a young object now.</summary>
    public bool UpdateWeak(ulong* slot, GcTrace trace)
    {
        ulong value = *slot;
        if ((value & Value.NotCellMask) != 0 || value == 0)
        {
            return false;
        }

        ulong target = Forwarded(value);
        if (target == 0)
        {
            *slot = Value.ClearedBits;
            trace.WeakCleared++;
            return false;
        }

        *slot = target;
        return IsYoung(target);
    }

    private void ProcessWeakPage(ulong page, GcTrace trace)
    {
        ulong* bits = _reservation.WeakSlotBits + (page * RememberedSet.WordsPerPage);
        ulong pageStart = _base + (page << WriteBarrier.PageSizeLog2);
        ulong left = 0;
        for (int word = 0; word < RememberedSet.WordsPerPage; word++)
        {
            ulong keep = 0;
            for (ulong rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                int at = BitOperations.TrailingZeroCount(rest);
                trace.WeakVisited++;
                if (UpdateWeak((ulong*)(pageStart + ((ulong)((word << 6) + at) << 3)), trace))
                {
                    keep |= 1UL << at;
                }
            }

            bits[word] = keep;
            left |= keep;
        }

        if (left == 0)
        {
            _reservation.SlotPages[page] &= unchecked((byte)~RememberedSet.WeakSlots);
        }
    }

    private void PushWeak(ulong* start, ulong* end, ulong tag)
    {
        for (ulong* slot = start; slot < end; slot++)
        {
            ulong value = *slot;
            ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
            if ((value & Value.NotCellMask) == 0 && page < _pageCount && PageKind.IsFrom(_kinds[page]))
            {
                _weakSlots.Add((ulong)slot | tag);
            }
        }
    }

    /// <summary>
    /// Whether a word of feedback refers to a function in from-space: the target of a call, held weakly. Maps are never young, so the
    /// other weak words of feedback are no matter of scavenges. A pinned function counts as none: it lives in any case.
    /// </summary>
    private bool IsYoungFunction(ulong value)
    {
        ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
        if ((value & Value.NotCellMask) != 0 || page >= _pageCount || _kinds[page] is PageKind.None or PageKind.FromLarge or PageKind.To)
        {
            return false;
        }

        ulong map = *(ulong*)value;
        if (Forwarding.IsForwarded(map))
        {
            ulong target = Forwarding.Target(map);
            if (target == value)
            {
                return false;
            }

            map = *(ulong*)target;
        }

        return *(ushort*)(map + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSBoundFunction;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsYoung(ulong value)
    {
        if ((value & Value.NotCellMask) != 0 || value - _base >= _reservation.SizeInBytes)
        {
            return false;
        }

        return (*(ulong*)(value & WriteBarrier.PageMask) & WriteBarrier.YoungFlag) != 0;
    }
}
