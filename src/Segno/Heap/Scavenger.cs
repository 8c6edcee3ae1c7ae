using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The collector of the young generation: Cheney copying with ageing by one survival, then promotion.
/// </summary>
/// <remarks>
/// The work is cut into items: root ranges, pages of the remembered set, and runs of copied objects, which wait in a local
/// list when their buffer is full. Several workers would each own the state of this class from the copy buffers on, steal
/// items from each other, and claim objects with <see cref="Forwarding.InstallAtomic"/>, which is in use already when
/// <see cref="HeapOptions.AtomicForwarding"/> is set.
/// </remarks>
internal sealed unsafe class Scavenger : RootVisitor
{
    /// <summary>In an item's end: the run was promoted. Runs are word-aligned, so the bit is free.</summary>
    private const ulong PromotedTag = 1;

    private readonly HeapReservation _reservation;
    private readonly YoungSpace _young;
    private readonly PagedSpace _old;
    private readonly LargeObjectSpace _large;
    private readonly bool _atomic;
    private readonly ulong _base;
    private readonly byte* _kinds;

    private ulong _pageCount;
    private int _copyPage;
    private ulong _copyScan;
    private ulong _copyTop;
    private ulong _copyLimit;
    private ulong _oldScan;
    private ulong _oldTop;
    private ulong _oldLimit;
    private long _copiedBytes;
    private long _promotedBytes;
    private long _copiedObjects;
    private long _promotedObjects;
    private NativeList _items;
    private NativeList _weakSlots;
    private NativeList _pins;

    public Scavenger(HeapReservation reservation, YoungSpace young, PagedSpace old, LargeObjectSpace large, bool atomic)
    {
        _reservation = reservation;
        _young = young;
        _old = old;
        _large = large;
        _atomic = atomic;
        _base = reservation.Base;
        _kinds = reservation.Kinds;
    }

    public long SurvivedBytes => _copiedBytes + _promotedBytes;

    // ---- Stage 1: flip ------------------------------------------------------------------------------------

    /// <summary>Makes the young generation from-space. Buffers have been returned, store buffers flushed.</summary>
    public void Start(bool tenuresAll)
    {
        _young.Flip(tenuresAll);
        _large.FlipYoung();
        _pageCount = (ulong)_reservation.CommittedPages;
        _copyPage = -1;
        _copyScan = _copyTop = _copyLimit = 0;
        _oldScan = _oldTop = _oldLimit = 0;
        _copiedBytes = _promotedBytes = _copiedObjects = _promotedObjects = 0;
        _items.Clear();
        _weakSlots.Clear();
        _pins.Clear();
    }

    // ---- Stage 2: pins ------------------------------------------------------------------------------------

    /// <summary>
    /// Pins what the words of [start, end) point into or just past the end of (D5). Returns the number of words seen. No
    /// object has moved yet.
    /// </summary>
    public long CollectPins(ulong start, ulong end, int epoch)
    {
        ulong range = _pageCount << WriteBarrier.PageSizeLog2;
        for (ulong at = start; at < end; at += 8)
        {
            ulong word = *(ulong*)at;
            ulong distance = word - _base;
            if (distance >= range)
            {
                continue;
            }

            if (_kinds[distance >> WriteBarrier.PageSizeLog2] != PageKind.None)
            {
                Pin(word, epoch);
            }
        }

        return (long)((end - start) >> 3);
    }

    private void Pin(ulong word, int epoch)
    {
        PageDescriptor* page = _reservation.DescriptorOf(word);
        ulong inside = ObjectStarts.Find(_reservation, page, word, epoch);
        if (inside != 0)
        {
            PinObject(page, inside);
        }

        if (inside == word || inside == 0)
        {
            ulong before = ObjectStarts.Find(_reservation, page, word - 1, epoch);
            if (before != 0)
            {
                PinObject(page, before);
            }
        }
    }

    private void PinObject(PageDescriptor* page, ulong address)
    {
        ulong distance = address - _base;
        ulong bit = 1UL << (int)((distance >> 3) & 63);
        // The slot bits of young pages are unused: they serve as pin bits for the length of the scavenge.
        ulong* word = _reservation.SlotBits + (distance >> 9);
        if (page->Space == SpaceId.Large)
        {
            if (_kinds[page->FirstPage] == PageKind.FromLarge)
            {
                PromoteLarge(address);
            }
        }
        else if ((*word & bit) == 0)
        {
            *word |= bit;
            page->PinnedObjects++;
            _pins.Add(address);
            _pins.Add(*(ulong*)address);
        }
    }

    public int PinCount => _pins.Count / 2;

    /// <summary>Pinned objects forward to themselves and are scanned where they are.</summary>
    public void ForwardPins()
    {
        for (int i = 0; i < _pins.Count; i += 2)
        {
            Forwarding.Install(_pins[i], _pins[i]);
        }
    }

    public void ScanPins()
    {
        var visitor = new CopiedVisitor(this);
        for (int i = 0; i < _pins.Count; i += 2)
        {
            HeapLayouts.VisitBody(_pins[i], _pins[i + 1], ref visitor);
        }
    }

    // ---- Stage 3: roots and copying -------------------------------------------------------------------------

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
        byte* slotPages = _reservation.SlotPages;
        for (ulong page = 0; page < _pageCount; page++)
        {
            if ((slotPages[page] & RememberedSet.StrongSlots) == 0)
            {
                continue;
            }

            ulong* bits = _reservation.SlotBits + (page * RememberedSet.WordsPerPage);
            ulong pageStart = _base + (page << WriteBarrier.PageSizeLog2);
            ulong left = 0;
            for (int word = 0; word < RememberedSet.WordsPerPage; word++)
            {
                ulong set = bits[word];
                if (set == 0)
                {
                    continue;
                }

                ulong keep = 0;
                for (ulong rest = set; rest != 0; rest &= rest - 1)
                {
                    int at = BitOperations.TrailingZeroCount(rest);
                    var slot = (ulong*)(pageStart + ((ulong)((word << 6) + at) << 3));
                    visited++;
                    ScavengeSlot(slot);
                    if (IsYoung(*slot))
                    {
                        keep |= 1UL << at;
                    }
                }

                bits[word] = keep;
                left |= keep;
            }

            if (left == 0)
            {
                slotPages[page] &= unchecked((byte)~RememberedSet.StrongSlots);
            }
        }

        return visited;
    }

    /// <summary>Scans copied objects until no item is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Drain()
    {
        while (true)
        {
            if (_copyScan < _copyTop)
            {
                ulong start = _copyScan;
                ulong end = _copyTop;
                _copyScan = end;
                ScanCopied(start, end);
            }
            else if (_oldScan < _oldTop)
            {
                ulong start = _oldScan;
                ulong end = _oldTop;
                _oldScan = end;
                ScanPromoted(start, end);
            }
            else if (_items.TryPop(out ulong itemEnd))
            {
                _ = _items.TryPop(out ulong itemStart);
                if ((itemEnd & PromotedTag) != 0)
                {
                    ScanPromoted(itemStart, itemEnd & ~PromotedTag);
                }
                else
                {
                    ScanCopied(itemStart, itemEnd);
                }
            }
            else
            {
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanCopied(ulong at, ulong end)
    {
        var visitor = new CopiedVisitor(this);
        while (at < end)
        {
            ulong map = *(ulong*)at;
            if (*(ushort*)(map + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSObject)
            {
                // The commonest objects by far, all words references.
                ulong next = at + ((ulong)*(byte*)(map + Map.InstanceSizeInWordsOffset) * 8);
                for (var slot = (ulong*)(at + 8); slot < (ulong*)next; slot++)
                {
                    ScavengeSlot(slot);
                }

                at = next;
            }
            else
            {
                HeapLayouts.VisitBody(at, map, ref visitor);
                at += (ulong)HeapLayouts.SizeOf(at, map);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanPromoted(ulong at, ulong end)
    {
        var visitor = new PromotedVisitor(this);
        while (at < end)
        {
            ulong map = *(ulong*)at;
            HeapLayouts.VisitBody(at, map, ref visitor);
            at += (ulong)HeapLayouts.SizeOf(at, map);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ScavengeSlot(ulong* slot)
    {
        ulong value = *slot;
        if ((value & Value.NotCellMask) != 0)
        {
            return;
        }

        ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
        if (page < _pageCount)
        {
            byte kind = _kinds[page];
            if (kind != PageKind.None)
            {
                ulong map = *(ulong*)value;
                *slot = Forwarding.IsForwarded(map) ? Forwarding.Target(map) : Evacuate(value, map, kind);
            }
        }
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

    /// <summary>Copies an object that has not been reached before; returns its new address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Evacuate(ulong address, ulong map, byte kind)
    {
        if (kind == PageKind.FromLarge)
        {
            PromoteLarge(address);
            return address;
        }

        ulong size = *(ushort*)(map + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSObject
            ? (ulong)*(byte*)(map + Map.InstanceSizeInWordsOffset) * 8
            : (ulong)HeapLayouts.SizeOf(address, map);
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

        // The map word goes over as it was read: with several workers the original may change under the copy.
        *(ulong*)target = map;
        if (size <= 256)
        {
            for (ulong at = 8; at < size; at += 8)
            {
                *(ulong*)(target + at) = *(ulong*)(address + at);
            }
        }
        else
        {
            Unsafe.CopyBlock((void*)(target + 8), (void*)(address + 8), (uint)(size - 8));
        }

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

        return target;
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

        // Page indexes beyond the start of the scavenge are to-space: they need no test for from-space.
        _copyPage = page;
        _copyScan = _copyTop = _reservation.Descriptors[page].Start;
        _copyLimit = _reservation.Descriptors[page].Limit;
        return _copyTop;
    }

    /// <summary>The survivors of a page become an item; what lies behind them is free for allocation after the scavenge.</summary>
    private void CloseCopyPage()
    {
        if (_copyPage < 0)
        {
            return;
        }

        if (_copyScan < _copyTop)
        {
            _items.Add(_copyScan);
            _items.Add(_copyTop);
        }

        _reservation.Descriptors[_copyPage].AgeMark = _copyTop;
        _young.ReturnBuffer(_copyTop, _copyLimit);
        _copyPage = -1;
        _copyScan = _copyTop = _copyLimit = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong NextOldBuffer(ulong size)
    {
        CloseOldBuffer();
        if (!_old.TryTakeBuffer(size, out ulong start, out ulong end))
        {
            Environment.FailFast("the address range of the heap is exhausted in a scavenge, which the limits should have prevented");
        }

        _oldScan = _oldTop = start;
        _oldLimit = end;
        return start;
    }

    private void CloseOldBuffer()
    {
        if (_oldScan < _oldTop)
        {
            _items.Add(_oldScan);
            _items.Add(_oldTop | PromotedTag);
        }

        _old.ReturnBuffer(_oldTop, _oldLimit);
        _oldScan = _oldTop = _oldLimit = 0;
    }

    private void PromoteLarge(ulong address)
    {
        PageDescriptor* page = _large.Promote(address);
        _items.Add(address);
        _items.Add((address + (ulong)page->ObjectSize) | PromotedTag);
    }

    // ---- Stage 4: weak words --------------------------------------------------------------------------------

    /// <summary>After the closure: gives the pinned objects their maps back, so that weak processors see whole objects.</summary>
    public void RestorePins()
    {
        for (int i = 0; i < _pins.Count; i += 2)
        {
            *(ulong*)_pins[i] = _pins[i + 1];
        }
    }

    /// <summary>The new address of an object, or 0 if it died. Valid from <see cref="RestorePins"/> to <see cref="Finish"/>, and while tracing.</summary>
    public ulong Forwarded(ulong address)
    {
        ulong distance = address - _base;
        ulong page = distance >> WriteBarrier.PageSizeLog2;
        if (page >= _pageCount || _kinds[page] == PageKind.None)
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
        for (ulong page = 0; page < _pageCount; page++)
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

    /// <summary>Notes what was copied.</summary>
    public void Account(GcTrace trace)
    {
        trace.CopiedBytes = _copiedBytes;
        trace.CopiedObjects = _copiedObjects;
        trace.PromotedBytes = _promotedBytes;
        trace.PromotedObjects = _promotedObjects;
        trace.PinnedObjects = PinCount;
    }

    // ---- Stage 5: release -----------------------------------------------------------------------------------

    public void Finish(GcTrace trace)
    {
        CloseCopyPage();
        CloseOldBuffer();
        _young.ReleaseFromSpace(trace);
        _large.FinishScavenge(trace);
        _young.Resize(SurvivedBytes);
    }

    public void Free()
    {
        _items.Free();
        _weakSlots.Free();
        _pins.Free();
    }

    private void PushWeak(ulong* start, ulong* end, ulong tag)
    {
        for (ulong* slot = start; slot < end; slot++)
        {
            ulong value = *slot;
            ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
            if ((value & Value.NotCellMask) == 0 && page < _pageCount && _kinds[page] != PageKind.None)
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
        if ((value & Value.NotCellMask) != 0 || page >= _pageCount || _kinds[page] is PageKind.None or PageKind.FromLarge)
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
                ulong before = *slot;
                scavenger.ScavengeSlot(slot);
                // An unchanged word is old, or pinned, or a large object, which is old by now.
                if ((*slot != before || scavenger.IsPinned(before)) && scavenger.IsYoung(*slot))
                {
                    _ = RememberedSet.AddStrong(scavenger._reservation, (ulong)slot);
                }
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
                    VisitStrong(host, slot, slot + 1);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPinned(ulong value)
    {
        ulong page = (value - _base) >> WriteBarrier.PageSizeLog2;
        return (value & Value.NotCellMask) == 0 && page < _pageCount && _kinds[page] is not (PageKind.None or PageKind.FromLarge);
    }
}
