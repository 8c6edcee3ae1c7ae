namespace Segno.Optimizer;

/// <summary>
/// What a load finds in an object that the code around it makes a constant: the field of a namespace, say. It holds as long as the
/// object keeps its map and the field its value.
/// </summary>
/// <param name="Receiver">The constant.</param>
/// <param name="Map">Its hidden class.</param>
/// <param name="IsStable">No object has left that map; else it is checked.</param>
/// <param name="Descriptor">Of the field, in that map.</param>
/// <param name="ValidityCell">Of a prototype: the cell that tells shape and value; else -1.</param>
/// <param name="Value">What the field has held since it was added.</param>
/// <param name="Expected">The function that it holds, where a call that does not know its target may follow.</param>
internal sealed record ConstantField(int Receiver, MapSnapshot Map, bool IsStable, int Descriptor, int ValidityCell, SnapshotValue Value, CalleeSnapshot? Expected);
