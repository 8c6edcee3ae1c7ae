using Segno.Deoptimization;
using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// The state of one unoptimized frame, as values of the graph. None stands for a value that nobody reads any more and, in the outermost
/// frame, for an argument that is still in its place.
/// </summary>
internal sealed class FrameStateRecord
{
    public required InlinedFunction Function { get; init; }

    public required int Offset { get; init; }

    public required FrameContinuation Continuation { get; init; }

    /// <summary>Context, receiver and arguments, registers, accumulator.</summary>
    public required NodeId[] Values { get; init; }

    /// <summary>The frame state of the caller into which the function is inlined, or -1.</summary>
    public required int Outer { get; init; }

    /// <summary>
    /// Of the values of this frame and of its callers', those that are objects nothing else refers to: their contents at this point. Null if there
    /// are none. Of a state only the innermost frame's count.
    /// </summary>
    public required Dictionary<NodeId, CapturedObject>? Captured { get; init; }

    public int ParameterSlots => Values.Length - Function.Snapshot.RegisterCount - 2;
}

/// <summary>A function in the tree of inlined ones.</summary>
internal sealed class InlinedFunction
{
    public required FunctionSnapshot Snapshot { get; init; }

    /// <summary>The closure, as a node.</summary>
    public required NodeId Closure { get; init; }

    /// <summary>How many arguments the call passes, without the receiver; -1 for the outermost function, whose frame knows.</summary>
    public required int ArgumentCount { get; init; }

    public required InlinedFunction? Parent { get; init; }

    /// <summary>Number of this one in the tree, the outermost 0.</summary>
    public required int Index { get; init; }

    /// <summary>Tells the ways by which a function is inlined apart, the same from build to build.</summary>
    public required long Path { get; init; }

    public int Depth => Parent is null ? 0 : Parent.Depth + 1;
}
