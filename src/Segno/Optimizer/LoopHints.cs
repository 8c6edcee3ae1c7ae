using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// What an earlier attempt learned about a loop: the builder is optimistic at a header, and starts again with a hint where a jump back
/// proves it wrong. Hints only grow, so that the attempts end.
/// </summary>
internal sealed class LoopHints
{
    /// <summary>The representation of a register's phi, by frame offset in words.</summary>
    public Dictionary<int, ValueKind> PhiKinds { get; } = [];

    public HashSet<int> DroppedFields { get; } = [];

    public bool DropsMaps { get; set; }

    public bool DropsUnescaped { get; set; }

    public bool DropsEverything { get; set; }

    /// <summary>Phis, by frame offset, that did not stay on one side of their first value.</summary>
    public HashSet<int> UnboundedPhis { get; } = [];

    /// <summary>The widest types of phis, by frame offset; absent: not yet proven wrong.</summary>
    public Dictionary<int, NodeType> PhiTypes { get; } = [];
}
