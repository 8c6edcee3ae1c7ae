using Segno.Backend;
using Segno.Deoptimization;

namespace Segno.Optimizer;

/// <summary>What a compilation leaves for the agent's thread to install.</summary>
internal sealed class CompiledFunction
{
    public required CompiledStub Stub { get; init; }

    public required DeoptimizationData Data { get; init; }

    /// <summary>Constants of the translations, by number.</summary>
    public required int[] Literals { get; init; }

    /// <summary>Constants of the data area, by number.</summary>
    public required int[] DataSlots { get; init; }

    /// <summary>Maps whose addresses are in the instructions, by number.</summary>
    public required int[] EmbeddedMaps { get; init; }

    public required int ReservedSlots { get; init; }

    /// <summary>Code, exits and safepoints as text; empty unless asked for.</summary>
    public required string Listing { get; init; }
}
