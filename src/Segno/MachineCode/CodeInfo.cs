namespace Segno.MachineCode;

internal enum CodeKind : byte
{
    /// <summary>Written by hand with the macro assembler.</summary>
    MacroStub,
    Stub,
    BytecodeHandler,
    /// <summary>The body of a handler that baseline code calls.</summary>
    BytecodeStub,
    Baseline,
    Optimized,
    RegExp,
}

/// <summary>What is known of a published code block.</summary>
internal sealed class CodeInfo(string name, CodeKind kind, nint start, int size, SafepointTable safepoints)
{
    public string Name { get; } = name;
    public CodeKind Kind { get; } = kind;
    public nint Start { get; } = start;
    public int SizeInBytes { get; } = size;
    public SafepointTable Safepoints { get; } = safepoints;

    /// <summary>Does the code build a standard frame?</summary>
    public bool HasFrame { get; init; }
    public int SpillSlotCount { get; init; }

    /// <summary>Of optimized code: words between the fixed part of the frame and its slots.</summary>
    public int ReservedSlots { get; init; }

    /// <summary>Of optimized code: the reserved words hold values, as long as the frame.</summary>
    public bool ReservesValues { get; init; }

    /// <summary>For the owner: whatever the room that published the code wants to find again by its pc.</summary>
    public object? Tag { get; set; }
}
