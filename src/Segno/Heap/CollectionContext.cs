namespace Segno.Heap;

/// <summary>What a weak processor may ask during a collection.</summary>
internal abstract unsafe class CollectionContext
{
    public abstract CollectionKind Kind { get; }

    /// <summary>
    /// Whether the object survives. In a scavenge every object of the old generation counts as live. The address may be that
    /// of before the collection (the object has moved) or of after it.
    /// </summary>
    public abstract bool IsLive(ulong address);

    /// <summary>The object's address after the collection; 0 if it died.</summary>
    public abstract ulong Forwarded(ulong address);

    /// <summary>Keeps the slot's object alive, with all it reaches, and updates the slot. Only from <see cref="IWeakProcessor.TraceConditionally"/>.</summary>
    public abstract void KeepAlive(ulong* slot);

    /// <summary>Writes a slot inside a heap object, with the remembered set kept complete (HEAP-2).</summary>
    public abstract void WriteSlot(ulong slot, ulong value);

    /// <summary>
    /// Updates a slot that holds its object weakly, inside or outside the heap: the new address, or
    /// <see cref="Layouts.Value.ClearedBits"/> if the object died. Returns whether the slot was cleared.
    /// </summary>
    public abstract bool UpdateWeakSlot(ulong* slot);
}
