using Segno.Feedback;

namespace Segno.Optimizer;

/// <summary>How objects of one map give or take a property: a handler of an inline cache, read once.</summary>
internal sealed class PropertyAccess
{
    public required MapSnapshot Map { get; init; }

    public required HandlerKind Kind { get; init; }

    /// <summary>Byte offset in the object, or slot of the property array.</summary>
    public int Payload { get; init; }

    /// <summary>The prototype that holds the property, as a constant; -1 for an own one.</summary>
    public int Holder { get; init; } = -1;

    /// <summary>The function that the holder has in the property, where a call that does not know its target may follow.</summary>
    public CalleeSnapshot? Expected { get; init; }

    /// <summary>What the holder's field holds: a constant while the validity cell is true. Without, it may change (OBJ-6).</summary>
    public SnapshotValue? HolderValue { get; init; }

    /// <summary>The cell that stays true while the chain keeps its shape; -1 if nothing depends on it.</summary>
    public int ValidityCell { get; init; } = -1;

    /// <summary>The getter or setter.</summary>
    public CalleeSnapshot? Accessor { get; init; }

    /// <summary>The map after an addition, or null.</summary>
    public MapSnapshot? NewMap { get; init; }
}
