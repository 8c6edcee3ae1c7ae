using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Marks what is reachable in all generations, with the world stopped. Objects of the young generation are marked where a
/// scavenge has just put them.
/// </summary>
internal sealed unsafe partial class Marker : RootVisitor
{
    private readonly HeapReservation _reservation;
    private readonly ulong _base;
    private readonly ulong _size;
    private readonly ulong* _marks;
    private WorkStack _stack;
    private NativeList _weakSlots;

    public Marker(HeapReservation reservation)
    {
        _reservation = reservation;
        _base = reservation.Base;
        _size = reservation.SizeInBytes;
        _marks = reservation.MarkBits;
    }

    public long MarkedObjects { get; private set; }

    /// <summary>Set from the first root to the end of the weak stage; incremental marking will set it for longer.</summary>
    public bool IsActive { get; private set; }

    public static bool IsMarked(HeapReservation reservation, ulong address)
    {
        ulong distance = address - reservation.Base;
        return (reservation.MarkBits[distance >> 9] & (1UL << (int)((distance >> 3) & 63))) != 0;
    }

    public void Start()
    {
        _stack.Clear();
        _weakSlots.Clear();
        _pairs.Clear();
        _pairLists.Clear();
        MarkedObjects = 0;
        IsActive = true;
    }

    public void Finish() => IsActive = false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Visit(ulong* start, ulong* end)
    {
        for (ulong* slot = start; slot < end; slot++)
        {
            ulong value = *slot;
            if ((value & Value.NotCellMask) == 0)
            {
                Mark(value);
            }
        }
    }

    /// <summary>Marks what the words of [start, end) point into or just past the end of (D5).</summary>
    public long VisitConservative(ulong start, ulong end, int epoch)
    {
        ulong range = (ulong)_reservation.CommittedPages << WriteBarrier.PageSizeLog2;
        for (ulong at = start; at < end; at += 8)
        {
            ulong word = *(ulong*)at;
            if (word - _base < range)
            {
                MarkContaining(word, epoch);
            }
        }

        return (long)((end - start) >> 3);
    }

    private void MarkContaining(ulong word, int epoch)
    {
        PageDescriptor* page = _reservation.DescriptorOf(word);
        if (page->Space == SpaceId.Free)
        {
            return;
        }

        ulong inside = Find(page, word, epoch);
        if (inside != 0)
        {
            Mark(inside);
        }

        if (inside == word || inside == 0)
        {
            ulong before = Find(page, word - 1, epoch);
            if (before != 0)
            {
                Mark(before);
            }
        }
    }

    private ulong Find(PageDescriptor* page, ulong address, int epoch) =>
        page->Space == SpaceId.Map ? MapSpace.Find(page, address) : ObjectStarts.Find(_reservation, page, address, epoch);

    /// <summary>Marks an object and puts it on the mark stack; addresses outside the heap are passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Mark(ulong address)
    {
        ulong distance = address - _base;
        if (distance >= _size)
        {
            return false;
        }

        ulong* word = _marks + (distance >> 9);
        ulong bit = 1UL << (int)((distance >> 3) & 63);
        if ((*word & bit) != 0)
        {
            return false;
        }

        *word |= bit;
        _stack.Push(address);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Drain()
    {
        var visitor = new Visitor(this);
        long marked = 0;
        while (_stack.TryPop(out ulong address))
        {
            ulong map = *(ulong*)address;
            marked++;
            _ = Mark(map);
            if (*(ushort*)(map + Map.InstanceTypeOffset) >= (ushort)InstanceType.JSObject)
            {
                // The commonest objects by far, all words references; last word first, as in a scavenge.
                var start = (ulong*)(address + 8);
                for (ulong* slot = (ulong*)address + *(byte*)(map + Map.InstanceSizeInWordsOffset); --slot >= start;)
                {
                    ulong value = *slot;
                    if ((value & Value.NotCellMask) == 0)
                    {
                        _ = Mark(value);
                    }
                }
            }
            else
            {
                HeapLayouts.VisitBody(address, map, ref visitor);
            }
        }

        MarkedObjects += marked;
    }

    public bool IsLive(ulong address) => !_reservation.Contains(address) || IsMarked(_reservation, address);

    /// <summary>Clears the weak words whose objects are not marked.</summary>
    public void ProcessWeakSlots(GcTrace trace)
    {
        for (int i = 0; i < _weakSlots.Count; i++)
        {
            trace.WeakVisited++;
            _ = UpdateWeak((ulong*)_weakSlots[i], trace);
        }
    }

    /// <summary>Clears one weak word if its object died; true if it did.</summary>
    public bool UpdateWeak(ulong* slot, GcTrace trace)
    {
        ulong value = *slot;
        if ((value & Value.NotCellMask) != 0 || value == 0 || IsLive(value))
        {
            return false;
        }

        *slot = Value.ClearedBits;
        trace.WeakCleared++;
        return true;
    }

    public void Free()
    {
        _stack.Free();
        _weakSlots.Free();
        _pairs.Free();
        _pairLists.Free();
    }

    private readonly struct Visitor(Marker marker) : ISlotVisitor
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public void VisitStrong(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                ulong value = *slot;
                if ((value & Value.NotCellMask) == 0)
                {
                    _ = marker.Mark(value);
                }
            }
        }

        public void VisitFeedback(ulong host, ulong* start, ulong* end) => marker.VisitFeedback(start, end);

        public void VisitWeak(ulong host, ulong* start, ulong* end)
        {
            for (ulong* slot = start; slot < end; slot++)
            {
                ulong value = *slot;
                if ((value & Value.NotCellMask) == 0 && marker._reservation.Contains(value) && !IsMarked(marker._reservation, value))
                {
                    marker._weakSlots.Add((ulong)slot);
                }
            }
        }
    }
}
