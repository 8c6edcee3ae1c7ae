namespace Segno.Heap;

internal sealed unsafe class ScavengeContext(HeapReservation reservation, Scavenger scavenger, GcTrace trace) : CollectionContext
{
    public override CollectionKind Kind => CollectionKind.Scavenge;

    public override bool IsLive(ulong address) => scavenger.Forwarded(address) != 0;

    public override ulong Forwarded(ulong address) => scavenger.Forwarded(address);

    public override void KeepAlive(ulong* slot)
    {
        scavenger.VisitSlot(slot);
        WriteSlot((ulong)slot, *slot);
    }

    public override void WriteSlot(ulong slot, ulong value) => SlotWriter.Write(reservation, slot, value);

    public override bool UpdateWeakSlot(ulong* slot)
    {
        ulong before = *slot;
        bool young = scavenger.UpdateWeak(slot, trace);
        if (young && SlotWriter.IsOldSlot(reservation, (ulong)slot))
        {
            _ = RememberedSet.AddWeak(reservation, (ulong)slot);
        }

        return *slot == Layouts.Value.ClearedBits && before != Layouts.Value.ClearedBits;
    }
}
