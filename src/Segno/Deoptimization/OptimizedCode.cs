using Segno.Frames;
using Segno.Graph;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Deoptimization;

/// <summary>Optimized code as its frames see it; hangs on the code's entry in the registry.</summary>
internal sealed unsafe class OptimizedCode(DeoptimizationData data, int dataSlots, int reservedSlots, int osrOffset)
{
    public DeoptimizationData Data { get; } = data;

    /// <summary>The first of the constants have slots in the data area of the code, which emitted code reads (D9).</summary>
    public int DataSlotCount { get; } = dataSlots;

    /// <summary>The data area.</summary>
    public ulong* DataSlots { get; set; }

    public int ReservedSlots { get; } = reservedSlots;

    /// <summary>The loop header at which it is entered, or -1.</summary>
    public int OsrOffset { get; } = osrOffset;

    /// <summary>The address of the WeakFixedArray of the objects that the code and its translations name; kept true by its owner.</summary>
    public ulong ConstantsAddress { get; set; }

    /// <summary>The feedback cell of the function, weakly.</summary>
    public Handle Cell { get; set; }

    /// <summary>What the walkers find by a pc in the code.</summary>
    public InstalledCode? Installed { get; set; }

    /// <summary>Tells codes apart in events.</summary>
    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>How many bets its agent had lost when it was prepared.</summary>
    public uint LossesKnown { get; init; }

    /// <summary>The <c>Code</c>, weakly.</summary>
    public Handle CodeHandle { get; set; }

    /// <summary>An assumption failed: never entered again (DEOPT-4).</summary>
    public bool IsMarked => MarkReason != DeoptimizeReason.None;

    /// <summary>Why it is marked; none while it is not.</summary>
    public DeoptimizeReason MarkReason { get; set; }

    /// <summary>What was lost, if the reason is a dependency.</summary>
    public DependencyKind LostDependency { get; set; }

    /// <summary>Code for a loop header has been entered before.</summary>
    public bool WasEntered { get; set; }

    /// <summary>No cache leads to the marked code any more.</summary>
    public bool IsUnlinked { get; set; }

    public WeakFixedArray Constants => new(ConstantsAddress);
}
