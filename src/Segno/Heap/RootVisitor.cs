namespace Segno.Heap;

/// <summary>
/// Receives strong root slots. A slot holds any value word; after the visit it holds the object's new address.
/// </summary>
internal abstract unsafe class RootVisitor
{
    /// <summary>Slots seen since the count was last taken.</summary>
    private long _visited;

    public void VisitRange(ulong* start, ulong* end)
    {
        _visited += end - start;
        Visit(start, end);
    }

    public void VisitSlot(ulong* slot) => VisitRange(slot, slot + 1);

    internal long TakeCount()
    {
        long visited = _visited;
        _visited = 0;
        return visited;
    }

    protected abstract void Visit(ulong* start, ulong* end);
}
