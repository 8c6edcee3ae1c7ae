using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>The roots and the closure.</summary>
internal sealed unsafe partial class Scavenger
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Visit(ulong* start, ulong* end)
    {
        for (ulong* slot = start; slot < end; slot++)
        {
            ScavengeSlot(slot);
        }
    }

    /// <summary>Visits the strong old-to-young words; those that stay such keep their bit. Returns how many were seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long VisitRememberedSet()
    {
        long visited = 0;
        var pages = (ulong)_reservation.CommittedPages;
        byte* slotPages = _reservation.SlotPages;
        for (ulong page = 0; page < pages; page++)
        {
            if ((slotPages[page] & RememberedSet.StrongSlots) == 0)
            {
                continue;
            }

            // Objects that are promoted on the way get bits too, perhaps on this very page: those must not be lost.
            slotPages[page] &= unchecked((byte)~RememberedSet.StrongSlots);
            ulong* bits = _reservation.SlotBits + (page * RememberedSet.WordsPerPage);
            ulong pageStart = _base + (page << WriteBarrier.PageSizeLog2);
            ulong left = 0;
            for (int word = 0; word < RememberedSet.WordsPerPage; word++)
            {
                ulong rest = bits[word];
                if (rest == 0)
                {
                    continue;
                }

                bits[word] = 0;
                ulong keep = 0;
                for (; rest != 0; rest &= rest - 1)
                {
                    int at = BitOperations.TrailingZeroCount(rest);
                    visited++;
                    if (Update((ulong*)(pageStart + ((ulong)((word << 6) + at) << 3))))
                    {
                        keep |= 1UL << at;
                    }

                    // What hangs on one word is copied together.
                    if (!_work.IsEmpty)
                    {
                        Drain();
                    }
                }

                bits[word] |= keep;
                left |= keep;
            }

            if (left != 0)
            {
                slotPages[page] |= RememberedSet.StrongSlots;
            }
        }

        return visited;
    }

    /// <summary>Scans copied objects until none is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Drain()
    {
        var copied = new CopiedVisitor(this);
        var promoted = new PromotedVisitor(this);
        while (_work.TryPop(out ulong entry))
        {
            ulong address = entry & ~PromotedTag;
            ulong map = *(ulong*)address;
            if (*(ushort*)(map + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSObject)
            {
                // The commonest objects by far, all words references. Last word first: what the first refers to is then on top of the
                // stack, and a tree that was built from left to right is read from left to right.
                var start = (ulong*)(address + 8);
                ulong* slot = (ulong*)address + *(byte*)(map + Map.InstanceSizeInWordsOffset);
                if (entry == address)
                {
                    while (--slot >= start)
                    {
                        ScavengeSlot(slot);
                    }
                }
                else
                {
                    while (--slot >= start)
                    {
                        ScavengeOldSlot(slot);
                    }
                }
            }
            else if (entry == address)
            {
                HeapLayouts.VisitBody(address, map, ref copied);
            }
            else
            {
                HeapLayouts.VisitBody(address, map, ref promoted);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ScavengeSlot(ulong* slot)
    {
        ulong value = *slot;
        ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
        if ((value & Value.NotCellMask) == 0 && page < _pageCount)
        {
            byte kind = _kinds[page];
            if (PageKind.IsFrom(kind))
            {
                ulong map = *(ulong*)value;
                *slot = Forwarding.IsForwarded(map) ? Forwarding.Target(map) : Evacuate(value, map, kind);
            }
        }
    }

    /// <summary>As <see cref="ScavengeSlot"/>; true if the word refers to a young object now, a copied or a pinned one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Update(ulong* slot)
    {
        ulong value = *slot;
        ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
        if ((value & Value.NotCellMask) != 0 || page >= _pageCount)
        {
            return false;
        }

        byte kind = _kinds[page];
        if (!PageKind.IsFrom(kind))
        {
            return kind == PageKind.To;
        }

        ulong map = *(ulong*)value;
        ulong target = Forwarding.IsForwarded(map) ? Forwarding.Target(map) : Evacuate(value, map, kind);
        *slot = target;
        // Old pages and those of large objects just promoted have no kind; a pinned object is still in from-space.
        return _kinds[(target - _base) >> WriteBarrier.PageSizeLog2] != PageKind.None;
    }

    /// <summary>A word of an object that is old now: what it holds of the young generation is remembered (HEAP-2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ScavengeOldSlot(ulong* slot)
    {
        if (Update(slot))
        {
            _ = RememberedSet.AddStrong(_reservation, (ulong)slot);
        }
    }

    /// <summary>Copies an object that has not been reached before; returns its new address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Evacuate(ulong address, ulong map, byte kind)
    {
        if (kind == PageKind.FromLarge)
        {
            PromoteLarge(address);
            return address;
        }

        bool isObject = *(ushort*)(map + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSObject;
        ulong size = isObject ? (ulong)*(byte*)(map + Map.InstanceSizeInWordsOffset) * 8 : (ulong)HeapLayouts.SizeOf(address, map);
        bool promote = kind != PageKind.FromFresh && (kind == PageKind.FromAged || address < _reservation.Descriptors[_reservation.PageIndexOf(address)].AgeMark);
        ulong target;
        if (promote)
        {
            target = _oldTop;
            if (target + size > _oldLimit)
            {
                target = NextOldBuffer(size);
            }

            _oldTop = target + size;
        }
        else
        {
            target = _copyTop;
            if (target + size > _copyLimit)
            {
                target = NextCopyPage(size);
            }

            _copyTop = target + size;
        }

        Copy(target, address, size);
        // The map word goes over as it was read: with several workers the original may change under the copy.
        *(ulong*)target = map;
        if (_atomic)
        {
            ulong winner = Forwarding.InstallAtomic(address, map, target);
            if (winner != target)
            {
                GiveBack(promote, target);
                return winner;
            }
        }
        else
        {
            Forwarding.Install(address, target);
        }

        if (promote)
        {
            _promotedBytes += (long)size;
            _promotedObjects++;
        }
        else
        {
            _copiedBytes += (long)size;
            _copiedObjects++;
        }

        if (isObject || HeapLayouts.HasReferences(map))
        {
            _work.Push(promote ? target | PromotedTag : target);
        }

        return target;
    }

    /// <summary>Copies an object in steps of four words; the last step goes over words of the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ulong target, ulong source, ulong size)
    {
        const ulong Step = 32;
        if (size < Step)
        {
            for (ulong at = 8; at < size; at += 8)
            {
                *(ulong*)(target + at) = *(ulong*)(source + at);
            }
        }
        else if (size <= 512)
        {
            ulong last = size - Step;
            for (ulong at = 0; at < last; at += Step)
            {
                Vector256.Load((ulong*)(source + at)).Store((ulong*)(target + at));
            }

            Vector256.Load((ulong*)(source + last)).Store((ulong*)(target + last));
        }
        else
        {
            Unsafe.CopyBlock((void*)target, (void*)source, (uint)size);
        }
    }

    private void GiveBack(bool promoted, ulong target)
    {
        if (promoted)
        {
            _oldTop = target;
        }
        else
        {
            _copyTop = target;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong NextCopyPage(ulong size)
    {
        CloseCopyPage();
        int page = _young.TakePage();
        if (page < 0)
        {
            Environment.FailFast("the address range of the heap is exhausted in a scavenge, which the limits should have prevented");
        }

        _kinds[page] = PageKind.To;
        _copyPage = page;
        _copyTop = _reservation.Descriptors[page].Start;
        _copyLimit = _reservation.Descriptors[page].Limit;
        return _copyTop;
    }

    /// <summary>What lies behind the survivors of a page is free for allocation after the scavenge.</summary>
    private void CloseCopyPage()
    {
        if (_copyPage < 0)
        {
            return;
        }

        _reservation.Descriptors[_copyPage].AgeMark = _copyTop;
        _young.ReturnBuffer(_copyTop, _copyLimit);
        _copyPage = -1;
        _copyTop = _copyLimit = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong NextOldBuffer(ulong size)
    {
        CloseOldBuffer();
        if (!_old.TryTakeBuffer(size, out ulong start, out ulong end))
        {
            Environment.FailFast("the address range of the heap is exhausted in a scavenge, which the limits should have prevented");
        }

        _oldTop = start;
        _oldLimit = end;
        return start;
    }

    private void CloseOldBuffer()
    {
        _old.ReturnBuffer(_oldTop, _oldLimit);
        _oldTop = _oldLimit = 0;
    }

    private void PromoteLarge(ulong address)
    {
        _ = _large.Promote(address);
        _work.Push(address | PromotedTag);
    }

    /// <summary>Visits objects that stay in the young generation.</summary>
    private readonly struct CopiedVisitor(Scavenger scavenger) : ISlotVisitor
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public void VisitStrong(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                scavenger.ScavengeSlot(slot);
            }
        }

        public void VisitWeak(ulong host, ulong* start, ulong* end) => scavenger.PushWeak(start, end, 0);

        public void VisitFeedback(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                if (scavenger.IsYoungFunction(*slot))
                {
                    scavenger._weakSlots.Add((ulong)slot);
                }
                else
                {
                    scavenger.ScavengeSlot(slot);
                }
            }
        }
    }

    /// <summary>Visits objects that are old now: what they hold of the young generation is remembered (HEAP-2).</summary>
    private readonly struct PromotedVisitor(Scavenger scavenger) : ISlotVisitor
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public void VisitStrong(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                scavenger.ScavengeOldSlot(slot);
            }
        }

        public void VisitWeak(ulong host, ulong* start, ulong* end) => scavenger.PushWeak(start, end, PromotedTag);

        public void VisitFeedback(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                if (scavenger.IsYoungFunction(*slot))
                {
                    scavenger._weakSlots.Add((ulong)slot | PromotedTag);
                }
                else
                {
                    scavenger.ScavengeOldSlot(slot);
                }
            }
        }
    }
}
