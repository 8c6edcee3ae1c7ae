using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>Bytecode, constants and feedback of one function, copied so that the compiler reads no heap (D11).</summary>
internal sealed class FunctionSnapshot
{
    public required string Name { get; init; }

    /// <summary>The shared info as constant.</summary>
    public required int Shared { get; init; }

    /// <summary>The feedback vector as constant.</summary>
    public required int Vector { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>For each entry of the constant pool: bits of a value that is no cell, or the number of a constant.</summary>
    public required ulong[] ConstantBits { get; init; }

    public required int[] ConstantNumbers { get; init; }

    public required SlotFeedback[] Slots { get; init; }

    /// <summary>What megamorphic loads find in objects that the function is known to construct, by map and slot.</summary>
    public Dictionary<(ulong Map, int Slot), PropertyAccess> LoadsOfNewObjects { get; } = [];

    /// <summary>What loads find in receivers that are constants, by slot.</summary>
    public Dictionary<int, ConstantField> ConstantFields { get; } = [];

    public required FeedbackSlotKind[] SlotKinds { get; init; }

    public required int ParameterCount { get; init; }

    public required int RegisterCount { get; init; }

    /// <summary>The register of new.target as frame offset, or 0.</summary>
    public required int NewTargetRegister { get; init; }

    public required FunctionFlags Flags { get; init; }

    public required BytecodeFunction Function { get; init; }

    public required BytecodeLiveness Liveness { get; init; }

    public required LoopForest Loops { get; init; }

    /// <summary>The feedback cells of the closures it makes, as constants; -1 where none was made yet.</summary>
    public required int[] ClosureCells { get; init; }

    /// <summary>The flags of those constants that are shared infos, by pool index.</summary>
    public required Dictionary<int, FunctionFlags> SharedFlags { get; init; }

    /// <summary>It, or one that it may inline, passes functions on to builtins that call them.</summary>
    public bool TakesFunctions { get; set; }

    /// <summary>The functions that those closures are of, by the same index, where a callback may be inlined.</summary>
    public Dictionary<int, CalleeSnapshot> ClosureBodies { get; } = [];

    /// <summary>Functions that are constants of global variables, by their numbers, where a callback may be inlined.</summary>
    public Dictionary<int, CalleeSnapshot> Callbacks { get; } = [];

    public required RealmSnapshot Realm { get; init; }
}
