using Segno.Bytecode;

namespace Segno.Optimizer;

internal enum SlotState : byte
{
    Uninitialized,
    /// <summary>One or a few maps, targets or cells.</summary>
    Known,
    Megamorphic,
}

/// <summary>One feedback slot, copied when the compilation was prepared (D11).</summary>
internal sealed class SlotFeedback
{
    public static readonly SlotFeedback Uninitialized = new() { State = SlotState.Uninitialized };
    public static readonly SlotFeedback Megamorphic = new() { State = SlotState.Megamorphic };

    public SlotState State { get; init; }

    /// <summary>Of arithmetic and comparison.</summary>
    public OperandFeedback Operands { get; init; }

    /// <summary>Of named accesses: one per map.</summary>
    public PropertyAccess[] Accesses { get; init; } = [];

    /// <summary>Of keyed accesses: one per map.</summary>
    public ElementAccess[] Elements { get; init; } = [];

    /// <summary>A call target, a global's cell or a boilerplate as constant, or -1.</summary>
    public int Constant { get; init; } = -1;

    /// <summary>The value of a global that has been assigned once.</summary>
    public SnapshotValue? ConstantValue { get; init; }

    /// <summary>Offset of a global's value in its cell.</summary>
    public int Offset { get; init; }

    /// <summary>The call target, where it could be inlined or constructed.</summary>
    public CalleeSnapshot? Target { get; init; }

    public BoilerplateSnapshot? Boilerplate { get; init; }
}
