namespace Segno.Bytecode;

/// <summary>A range of instructions guarded by a handler.</summary>
/// <param name="Start">Offset of the first guarded instruction.</param>
/// <param name="End">Offset behind the last guarded instruction.</param>
/// <param name="Handler">Offset of the handler; the exception is in the accumulator there.</param>
/// <param name="ContextRegister">The register (as frame offset) that holds the context to restore.</param>
internal readonly record struct HandlerTableEntry(int Start, int End, int Handler, int ContextRegister);

/// <summary>A position in the source for the instruction at an offset.</summary>
internal readonly record struct SourcePositionEntry(int Offset, int Position);

/// <summary>Compiled bytecode of one function, before it is put on the heap.</summary>
internal sealed class BytecodeFunction
{
    public required byte[] Bytes { get; init; }

    public required ConstantEntry[] Constants { get; init; }

    public required HandlerTableEntry[] Handlers { get; init; }

    public required SourcePositionEntry[] Positions { get; init; }

    public required FeedbackSlotKind[] FeedbackSlots { get; init; }

    /// <summary>How many closures the function creates: each has a feedback cell of its own.</summary>
    public required int ClosureCount { get; init; }

    public required int RegisterCount { get; init; }

    /// <summary>Formal parameters without the receiver.</summary>
    public required int ParameterCount { get; init; }

    /// <summary>How many different properties of this the function assigns: the in-object room of what it constructs.</summary>
    public int ThisPropertyCount { get; init; }

    /// <summary>The register that receives new.target at entry, as frame offset; 0 if none does.</summary>
    public required int NewTargetRegister { get; init; }

    /// <summary>The offset that an entry of a switch's jump table leads to, or -1 if it has none.</summary>
    public int SwitchTarget(BytecodeIterator it, int index)
    {
        ConstantEntry entry = Constants[it.Operand(0) + index];
        return entry.Kind == ConstantKind.JumpTableEntry ? it.OpcodeOffset + (int)entry.Number : -1;
    }
}
