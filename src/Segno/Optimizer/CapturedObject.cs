using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// The contents of an object that need not be allocated unless control leaves the code: one node per word, the map first. Words that
/// are no values (lengths) are given as bits.
/// </summary>
internal sealed record CapturedObject(NodeId[] Words, long[] RawWords);
