namespace Segno.Frames;

/// <summary>What a machine frame is; readable from its fixed slots (FRAME-2).</summary>
internal enum FrameKind
{
    /// <summary>Bytecode in the interpreter (or, later, baseline code): the word below the frame pointer is a context.</summary>
    Interpreted = 0,
    /// <summary>JavaScript entered from C#; holds the saved registers of C# and the previous exit frame.</summary>
    Entry = 1,
    /// <summary>C# entered from JavaScript: the innermost machine frame while C# runs.</summary>
    Exit = 2,
    /// <summary>A stub with spill slots described by its safepoint table.</summary>
    Stub = 3,
    /// <summary>A builtin or trampoline between caller and callee: function, new target, argument count; arguments above.</summary>
    Builtin = 4,
    /// <summary>Optimized JavaScript: function and argument count as in unoptimized frames, then spill slots described by the safepoint table.</summary>
    Optimized = 5,
}

/// <summary>Offsets from the frame pointer, in bytes (D19).</summary>
internal static class FrameLayout
{
    public const int CallerFramePointer = 0;
    public const int ReturnAddress = 8;
    public const int Receiver = 16;
    public const int FirstArgument = 24;

    /// <summary>The kind of a frame that is not interpreted, a small integer where others have their context.</summary>
    public const int Marker = -8;

    // Unoptimized JavaScript frames.
    public const int Context = -8;
    public const int Function = -16;
    public const int ArgumentCount = -24;
    public const int BytecodeArray = -32;
    public const int BytecodePc = -40;
    public const int FeedbackVector = -48;
    public const int FirstRegister = -56;

    /// <summary>Words below the register file for a handler's spills.</summary>
    public const int HandlerAreaInWords = 24;

    // Optimized JavaScript frames: marker, function, argument count, then the slots, slot 0 the highest.
    public const int OptimizedFirstSlot = -32;

    /// <summary>While code is entered by on-stack replacement: the context of the unoptimized frame.</summary>
    public const int OsrContext = BytecodeArray;

    // Builtin frames.
    public const int BuiltinFunction = -16;
    public const int BuiltinNewTarget = -24;
    public const int BuiltinArgumentCount = -32;

    // Entry frames, below the marker: five saved registers, then the previous links.
    public const int EntrySavedRegisters = 5;
    public const int EntryPreviousExitFramePointer = -8 - (EntrySavedRegisters * 8) - 8;
    public const int EntryPreviousExitStackPointer = EntryPreviousExitFramePointer - 8;
    public const int EntryPreviousEntryFramePointer = EntryPreviousExitStackPointer - 8;
    public const int EntryBottom = EntryPreviousEntryFramePointer - 8;
}
