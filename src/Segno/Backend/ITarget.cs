using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>What emission leaves: bytes, and what must be known about them.</summary>
internal readonly struct EmittedCode
{
    public byte[] Bytes { get; init; }
    public Relocation[] Relocations { get; init; }
    public SafepointTable Safepoints { get; init; }
    public bool HasFrame { get; init; }
    public string Listing { get; init; }
    public IReadOnlyList<DeoptimizationSite> Sites { get; init; }
    public IReadOnlyList<ValueLocation> SiteValues { get; init; }
    public int ConstantSlotCount { get; init; }
}

/// <summary>
/// An instruction set, as the pipeline sees it: selection in front of register allocation, emission behind it. Everything else of the
/// backend knows instructions only by their operands.
/// </summary>
internal interface ITarget
{
    /// <summary>Fills <paramref name="lir"/> from the reachable blocks of the graph.</summary>
    void Select(MachineGraph graph, BlockOrder order, Lir lir, StubKind kind);

    /// <param name="lir">Allocated instructions, with the moves of each gap in sequence.</param>
    /// <param name="graph">Constants, call sites and comments.</param>
    /// <param name="allocation">Tells which slots are tagged at a safepoint.</param>
    /// <param name="descriptor">Frame mode and name.</param>
    /// <param name="listing">Produce the text, too.</param>
    /// <param name="rootNames">Names of thread-block fields for the text.</param>
    EmittedCode Emit(Lir lir, MachineGraph graph, LinearScan allocation, StubDescriptor descriptor, bool listing, Func<int, string?>? rootNames);

    /// <summary>The name of an instruction for phase printing.</summary>
    string NameOf(in LirInstruction instruction);
}
