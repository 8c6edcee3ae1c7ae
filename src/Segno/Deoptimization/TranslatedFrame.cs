namespace Segno.Deoptimization;

/// <summary>One frame to be written; lives on the stack while nothing moves.</summary>
internal ref struct TranslatedFrame
{
    /// <summary>The bits of the closure.</summary>
    public ulong Closure;
    public int Offset;

    /// <summary>Does the interpreter go on behind the bytecode?</summary>
    public bool IsAfter;

    /// <summary>The bytecode is a construction whose receiver is the result of the call; its constructor has not been called.</summary>
    public bool IsConstructing;

    /// <summary>Without the receiver; -1 for the outermost frame, which knows itself.</summary>
    public int ArgumentCount;

    /// <summary>Receiver and arguments, those filled in included.</summary>
    public int ParameterSlots;
    public int RegisterCount;
    public ulong FramePointer;

    /// <summary>The stack pointer between bytecodes.</summary>
    public ulong Bottom;
    public bool HasAccumulator;
    public ulong Accumulator;

    /// <summary>How many frames have been written up to this one.</summary>
    public int FrameCount;
}
