using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The old-to-young words, as bits (HEAP-2). Strong and weak slots have bitmaps of their own; a slot of which nobody said
/// that it is weak counts as strong, which is safe.
/// </summary>
internal static unsafe class RememberedSet
{
    public const int WordsPerPage = 512;
    public const byte StrongSlots = 1;
    public const byte WeakSlots = 2;

    /// <summary>Adds a slot; returns 1 if it was new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AddStrong(HeapReservation reservation, ulong slot)
    {
        ulong distance = slot - reservation.Base;
        reservation.SlotPages[distance >> WriteBarrier.PageSizeLog2] |= StrongSlots;
        return SetBit(reservation.SlotBits, distance);
    }

    public static int AddWeak(HeapReservation reservation, ulong slot)
    {
        ulong distance = slot - reservation.Base;
        reservation.SlotPages[distance >> WriteBarrier.PageSizeLog2] |= WeakSlots;
        return SetBit(reservation.WeakSlotBits, distance);
    }

    public static bool Contains(HeapReservation reservation, ulong slot, bool weakToo)
    {
        ulong distance = slot - reservation.Base;
        ulong bit = 1UL << (int)((distance >> 3) & 63);
        return (reservation.SlotBits[distance >> 9] & bit) != 0 || (weakToo && (reservation.WeakSlotBits[distance >> 9] & bit) != 0);
    }

    /// <summary>Forgets the slots in [start, end): the memory is freed or becomes raw data.</summary>
    public static void Remove(HeapReservation reservation, ulong start, ulong end)
    {
        while (start < end)
        {
            int page = reservation.PageIndexOf(start);
            ulong pageEnd = Math.Min(end, reservation.AddressOf(page + 1));
            byte kinds = reservation.SlotPages[page];
            if ((kinds & StrongSlots) != 0)
            {
                ClearBits(reservation.SlotBits, start - reservation.Base, pageEnd - reservation.Base);
            }

            if ((kinds & WeakSlots) != 0)
            {
                ClearBits(reservation.WeakSlotBits, start - reservation.Base, pageEnd - reservation.Base);
            }

            start = pageEnd;
        }
    }

    /// <summary>Moves the entries of a store buffer into the bitmaps; returns how many were new.</summary>
    public static long Flush(HeapReservation reservation, ulong start, ulong top)
    {
        long distinct = 0;
        for (ulong at = start; at < top; at += 8)
        {
            ulong entry = *(ulong*)at;
            distinct += (entry & WriteBarrier.WeakSlotTag) != 0 ? AddWeak(reservation, entry & ~WriteBarrier.WeakSlotTag) : AddStrong(reservation, entry);
        }

        return distinct;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SetBit(ulong* bits, ulong distance)
    {
        ulong* word = bits + (distance >> 9);
        ulong bit = 1UL << (int)((distance >> 3) & 63);
        ulong before = *word;
        *word = before | bit;
        return (before & bit) == 0 ? 1 : 0;
    }

    private static void ClearBits(ulong* bits, ulong startDistance, ulong endDistance)
    {
        ulong first = startDistance >> 3;
        ulong end = endDistance >> 3;
        while (first < end)
        {
            int at = (int)(first & 63);
            int count = (int)Math.Min(64 - (ulong)at, end - first);
            ulong mask = (count == 64 ? ulong.MaxValue : (1UL << count) - 1) << at;
            bits[first >> 6] &= ~mask;
            first += (ulong)count;
        }
    }
}
