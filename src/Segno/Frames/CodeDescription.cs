using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>What becomes a <c>Code</c>: finished instructions and what must be known of them.</summary>
internal readonly ref struct CodeDescription
{
    public required string Name { get; init; }

    public required CodeKind Kind { get; init; }

    public required ReadOnlySpan<byte> Instructions { get; init; }

    public ReadOnlySpan<Relocation> Relocations { get; init; }

    public SafepointTable Safepoints { get; init; }

    public BytecodeOffsetTable? Offsets { get; init; }

    /// <summary>Of optimized code: its spill slots, and the words above them.</summary>
    public int SpillSlotCount { get; init; }

    public int ReservedSlots { get; init; }

    /// <summary>Whether those words are values: new.target. Of code entered by on-stack replacement nobody reads them.</summary>
    public bool ReservesValues { get; init; }

    /// <summary>Of optimized code: what the deoptimizer finds by a pc.</summary>
    public object? Deoptimization { get; init; }

    public required SharedFunctionInfo Shared { get; init; }
}
