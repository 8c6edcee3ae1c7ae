namespace Segno.Heap;

internal sealed unsafe class MarkContext(HeapReservation reservation, Marker marker, GcTrace trace) : CollectionContext
{
    public override CollectionKind Kind => CollectionKind.Full;

    public override bool IsLive(ulong address) => marker.IsLive(address);

    public override ulong Forwarded(ulong address) => marker.IsLive(address) ? address : 0;

    public override void KeepAlive(ulong* slot) => marker.VisitSlot(slot);

    public override void WriteSlot(ulong slot, ulong value) => SlotWriter.Write(reservation, slot, value);

    public override bool UpdateWeakSlot(ulong* slot) => marker.UpdateWeak(slot, trace);
}
