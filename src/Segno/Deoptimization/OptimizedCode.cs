using Segno.Heap;

namespace Segno.Deoptimization;

/// <summary>Optimized code as its frames see it; hangs on the code's entry in the registry.</summary>
internal sealed class OptimizedCode(DeoptimizationData data, Handle literals, int slotCount, int reservedSlots)
{
    public DeoptimizationData Data { get; } = data;

    /// <summary>A FixedArray of the objects that translations name.</summary>
    public Handle Literals { get; } = literals;

    /// <summary>Spill slots; the first lies below the reserved ones.</summary>
    public int SlotCount { get; } = slotCount;

    public int ReservedSlots { get; } = reservedSlots;

    /// <summary>An assumption failed: never entered again (DEOPT-4).</summary>
    public bool IsMarked { get; set; }
}
