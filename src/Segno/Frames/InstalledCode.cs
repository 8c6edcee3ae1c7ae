using Segno.Heap;
using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>
/// What the outside finds by a pc in code of a function (<see cref="CodeInfo.Tag"/>): the heap's <c>Code</c>, through a weak
/// handle, and the map to bytecode.
/// </summary>
internal sealed unsafe class InstalledCode(CodeInfo info, BytecodeOffsetTable? offsets)
{
    public CodeInfo Info { get; } = info;

    /// <summary>Null for code that is not entered in the middle.</summary>
    public BytecodeOffsetTable? Offsets { get; } = offsets;

    /// <summary>Of optimized code: an object of the deoptimizer's room.</summary>
    public object? Deoptimization { get; init; }

    /// <summary>Of optimized code: the words that name objects weakly. An activation shows them to the collector as its own.</summary>
    public ulong* Constants { get; set; }

    public int ConstantCount { get; set; }

    /// <summary>Weak: the code lives as long as its function refers to it, or as long as a frame runs it.</summary>
    public Handle Handle { get; set; }

    /// <summary>Where the collector finds and updates the reference of an activation; stable (HEAP-5).</summary>
    public ulong* Slot => Handle.Slot;
}
