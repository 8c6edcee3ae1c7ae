namespace Segno.Heap;

/// <summary>
/// Receives strong root slots. A slot holds any value word; after the visit it holds the object's new address.
/// </summary>
internal abstract unsafe class RootVisitor
{
    public abstract void VisitRange(ulong* start, ulong* end);

    public void VisitSlot(ulong* slot) => VisitRange(slot, slot + 1);
}
