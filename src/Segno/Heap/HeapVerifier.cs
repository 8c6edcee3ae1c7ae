using Segno.Base;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// A second, independent trace of the heap (<c>--verify-heap</c>): with bitmaps of its own, from the walk of the pages and
/// from the roots.
/// </summary>
internal sealed unsafe class HeapVerifier : RootVisitor
{
    private readonly ClusterHeap _heap;
    private readonly HeapReservation _reservation;
    private readonly ulong _bitsSize;
    private readonly ulong* _starts;
    private readonly ulong* _seen;
    private NativeList _stack;
    private string _when = "";

    public HeapVerifier(ClusterHeap heap)
    {
        _heap = heap;
        _reservation = heap.Reservation;
        _bitsSize = _reservation.SizeInBytes / 64;
        _starts = (ulong*)OsMemory.MapSparse(_bitsSize);
        _seen = (ulong*)OsMemory.MapSparse(_bitsSize);
        if (_starts == null || _seen == null)
        {
            throw new OutOfMemoryException("no memory for the heap verifier");
        }
    }

    /// <summary>Checks HEAP-1, HEAP-2 and HEAP-8; throws <see cref="HeapVerificationException"/>.</summary>
    public void Verify(string when, StackRanges stacks)
    {
        _when = when;
        _stack.Clear();
        ulong used = ((ulong)_reservation.CommittedPages << WriteBarrier.PageSizeLog2) / 64;
        new Span<byte>(_starts, (int)used).Clear();
        new Span<byte>(_seen, (int)used).Clear();

        // Maps first: every other walk reads sizes through them.
        WalkPages(SpaceId.Map);
        for (SpaceId space = SpaceId.Young; space < SpaceId.Count; space++)
        {
            if (space != SpaceId.Map)
            {
                WalkPages(space);
            }
        }

        CheckSideTables();
        CheckOldObjects();
        _heap.VisitRoots(this, youngOnly: false);
        for (int i = 0; i < stacks.ConservativeCount; i++)
        {
            (ulong start, ulong end) = stacks.Conservative(i);
            for (ulong at = start; at < end; at += 8)
            {
                // An exact object start on a stack is live; what it holds must be sound as well.
                ulong word = *(ulong*)at;
                if (_reservation.Contains(word) && (word & 7) == 0 && TestBit(_starts, word))
                {
                    Push(word);
                }
            }
        }

        Trace();
    }

    public void Free()
    {
        OsMemory.Release((ulong)_starts, _bitsSize);
        OsMemory.Release((ulong)_seen, _bitsSize);
        _stack.Free();
    }

    protected override void Visit(ulong* start, ulong* end)
    {
        for (ulong* slot = start; slot < end; slot++)
        {
            CheckWord("a root", 0, slot);
        }
    }

    private void WalkPages(SpaceId space)
    {
        for (int page = 0; page < _reservation.CommittedPages; page++)
        {
            PageDescriptor* descriptor = _reservation.Descriptors + page;
            if (descriptor->Space != space || descriptor->FirstPage != page)
            {
                continue;
            }

            if (space == SpaceId.Large)
            {
                CheckMap(descriptor->Start, 0);
                SetBit(_starts, descriptor->Start);
                continue;
            }

            ulong at = descriptor->Start;
            ulong previous = 0;
            while (at < descriptor->Limit)
            {
                ulong map = CheckMap(at, previous);
                previous = at;
                if (!FillerMaps.IsFiller(map))
                {
                    SetBit(_starts, at);
                }

                int size = HeapLayouts.SizeOf(at, map);
                if (size <= 0 || (size & 7) != 0)
                {
                    Fail($"HEAP-8: the object at 0x{at:x} in {space} space has size {size}");
                }

                at += (ulong)size;
            }

            if (at != descriptor->Limit)
            {
                Fail($"HEAP-8: the last object of the {space} page at 0x{_reservation.AddressOf(page):x} ends at 0x{at:x}");
            }
        }
    }

    private ulong CheckMap(ulong address, ulong previous)
    {
        ulong map = *(ulong*)address;
        if ((map & 7) != 0)
        {
            Fail($"HEAP-3: the word at 0x{address:x} in {_reservation.DescriptorOf(address)->Space} space, where a map is expected, is 0x{map:x}" + (previous == 0 ? "" : $"; the {Type(previous)} before it starts at 0x{previous:x}, length 0x{((ulong*)previous)[1]:x}"));
        }

        bool known = _heap.ReadOnly.Contains(map)
            || (_reservation.Contains(map) && _reservation.DescriptorOf(map)->Space == SpaceId.Map);
        if (!known || (InstanceType)(*(ushort*)(*(ulong*)map + Map.InstanceTypeOffset)) != InstanceType.Map)
        {
            Fail($"HEAP-1: the object at 0x{address:x} has 0x{map:x} in the place of its map");
        }

        return map;
    }

    private void CheckSideTables()
    {
        for (int page = 0; page < _reservation.CommittedPages; page++)
        {
            if (_reservation.Kinds[page] != PageKind.None)
            {
                Fail($"page {page} is still from-space");
            }

            var marks = new ReadOnlySpan<ulong>(_reservation.MarkBits + ((nuint)page * RememberedSet.WordsPerPage), RememberedSet.WordsPerPage);
            if (marks.ContainsAnyExcept(0UL))
            {
                Fail($"page {page} ({_reservation.Descriptors[page].Space}) has mark bits outside a marking");
            }
        }
    }

    /// <summary>Every object of the old generation, dead or alive: a dead one may be brought back by a conservative word.</summary>
    private void CheckOldObjects()
    {
        for (int page = 0; page < _reservation.CommittedPages; page++)
        {
            PageDescriptor* descriptor = _reservation.Descriptors + page;
            if (descriptor->Space is SpaceId.Free or SpaceId.Young || descriptor->FirstPage != page || IsYoungPage(page))
            {
                continue;
            }

            if (descriptor->Space == SpaceId.Large)
            {
                CheckObject(descriptor->Start, old: true);
                continue;
            }

            for (ulong at = descriptor->Start; at < descriptor->Limit; at += (ulong)HeapLayouts.SizeOf(at, *(ulong*)at))
            {
                if (!FillerMaps.IsFiller(*(ulong*)at))
                {
                    CheckObject(at, old: true);
                }
            }
        }
    }

    private void Trace()
    {
        while (_stack.TryPop(out ulong address))
        {
            if (IsYoungPage(_reservation.DescriptorOf(address)->FirstPage))
            {
                CheckObject(address, old: false);
            }
        }
    }

    private void CheckObject(ulong address, bool old)
    {
        var visitor = new Visitor(this, old);
        HeapLayouts.VisitBody(address, *(ulong*)address, ref visitor);
    }

    private void CheckWord(string holder, ulong host, ulong* slot)
    {
        ulong word = *slot;
        if (word == LocalHeap.UninitializedPattern)
        {
            Fail($"HEAP-1: {holder} 0x{host:x} holds an uninitialized word at 0x{(ulong)slot:x}");
        }

        if ((word & Value.NotCellMask) != 0)
        {
            if (word < Value.NumberTag && word > Value.DeletedBits && (word & Value.NumberTag) == 0)
            {
                Fail($"HEAP-1: {holder} 0x{host:x} holds 0x{word:x} at 0x{(ulong)slot:x}, which is no value");
            }

            return;
        }

        // A root slot may not have been set yet; inside an object zero would crash the first store over it.
        if ((word == 0 && host == 0) || _heap.ReadOnly.Contains(word))
        {
            return;
        }

        if (!_reservation.Contains(word))
        {
            Fail($"HEAP-1: {holder} 0x{host:x} refers at 0x{(ulong)slot:x} to 0x{word:x} outside the heap");
        }

        if ((word & 7) != 0 || !TestBit(_starts, word))
        {
            PageDescriptor* page = _reservation.DescriptorOf(word);
            Fail($"HEAP-1: {holder} 0x{host:x} refers at 0x{(ulong)slot:x} to 0x{word:x} in {page->Space} space, where no object starts");
        }

        Push(word);
    }

    private void CheckRemembered(ulong host, ulong* slot, bool weak)
    {
        ulong word = *slot;
        if ((word & Value.NotCellMask) == 0 && _reservation.Contains(word)
            && IsYoungPage(_reservation.DescriptorOf(word)->FirstPage)
            && !RememberedSet.Contains(_reservation, (ulong)slot, weak))
        {
            Fail($"HEAP-2: the old {Type(host)} at 0x{host:x} refers at +{(ulong)slot - host} to a young {Type(word)}, which the remembered set does not know");
        }
    }

    private static InstanceType Type(ulong address) => new Value(address).InstanceType;

    private bool IsYoungPage(int page) => (*(ulong*)(_reservation.AddressOf(page) + WriteBarrier.PageFlagsOffset) & WriteBarrier.YoungFlag) != 0;

    private void Push(ulong address)
    {
        if (!TestBit(_seen, address))
        {
            SetBit(_seen, address);
            _stack.Add(address);
        }
    }

    private bool TestBit(ulong* bits, ulong address)
    {
        ulong distance = address - _reservation.Base;
        return distance >> WriteBarrier.PageSizeLog2 < (ulong)_reservation.CommittedPages
            && (bits[distance >> 9] & (1UL << (int)((distance >> 3) & 63))) != 0;
    }

    private void SetBit(ulong* bits, ulong address)
    {
        ulong distance = address - _reservation.Base;
        bits[distance >> 9] |= 1UL << (int)((distance >> 3) & 63);
    }

    private void Fail(string what) => throw new HeapVerificationException($"{what} ({_when}, collection {_heap.CollectionCount})");

    private readonly struct Visitor(HeapVerifier verifier, bool old) : ISlotVisitor
    {
        public void VisitStrong(ulong host, ulong* start, ulong* end) => Visit(host, start, end, weak: false);

        public void VisitWeak(ulong host, ulong* start, ulong* end) => Visit(host, start, end, weak: true);

        /// <summary>Targets of calls are weak, all else that may be young is strong.</summary>
        public void VisitFeedback(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                verifier.CheckWord("the object at", host, slot);
                ulong value = *slot;
                bool isFunction = (value & Value.NotCellMask) == 0 && value != 0 && new Value(value).InstanceType >= InstanceType.JSBoundFunction;
                Visit(host, slot, slot + 1, weak: isFunction);
            }
        }

        private void Visit(ulong host, ulong* start, ulong* end, bool weak)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                verifier.CheckWord("the object at", host, slot);
                if (old)
                {
                    verifier.CheckRemembered(host, slot, weak);
                }
            }
        }
    }
}
