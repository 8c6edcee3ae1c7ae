namespace Segno.Optimizer;

/// <summary>A value read once: the bits of one that is no cell, or the number of a constant.</summary>
/// <param name="Bits">The encoding; 0 of a cell.</param>
/// <param name="Number">The constant, or -1.</param>
internal readonly record struct SnapshotValue(ulong Bits, int Number);
