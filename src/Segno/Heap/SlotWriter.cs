using Segno.Layouts;

namespace Segno.Heap;

/// <summary>Stores into heap slots during a collection, when the write barrier's buffers are closed.</summary>
internal static unsafe class SlotWriter
{
    public static void Write(HeapReservation reservation, ulong slot, ulong value)
    {
        *(ulong*)slot = value;
        if ((value & Value.NotCellMask) == 0
            && IsOldSlot(reservation, slot)
            && reservation.Contains(value)
            && (*(ulong*)(value & WriteBarrier.PageMask) & WriteBarrier.YoungFlag) != 0)
        {
            _ = RememberedSet.AddStrong(reservation, slot);
        }
    }

    public static bool IsOldSlot(HeapReservation reservation, ulong slot)
    {
        if (!reservation.Contains(slot))
        {
            return false;
        }

        PageDescriptor* page = reservation.DescriptorOf(slot);
        return page->Space != SpaceId.Young
            && (*(ulong*)(reservation.AddressOf(page->FirstPage) + WriteBarrier.PageFlagsOffset) & WriteBarrier.YoungFlag) == 0;
    }
}
