using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>The result of one compilation: position-independent bytes and what the outside must know about them.</summary>
internal sealed class CompiledStub(
    StubDescriptor descriptor, byte[] code, Relocation[] relocations, SafepointTable safepoints, bool hasFrame, int spillSlotCount, string listing)
{
    public StubDescriptor Descriptor { get; } = descriptor;
    public string Name => Descriptor.Name;
    public byte[] Code { get; } = code;
    public Relocation[] Relocations { get; } = relocations;
    public SafepointTable Safepoints { get; } = safepoints;

    /// <summary>Does the stub build a standard frame? Its spill slots then lie below the marker at [rbp-8].</summary>
    public bool HasFrame { get; } = hasFrame;
    public int SpillSlotCount { get; } = spillSlotCount;

    /// <summary>The places at which control can leave the code, in the order of their exits; valid until the compiler's next use.</summary>
    public IReadOnlyList<DeoptimizationSite> Sites { get; init; } = [];
    public IReadOnlyList<ValueLocation> SiteValues { get; init; } = [];

    /// <summary>How many slots of its data area the code reads.</summary>
    public int ConstantSlotCount { get; init; }

    /// <summary>Symbolic assembly text without addresses; empty unless asked for.</summary>
    public string Listing { get; } = listing;
}
