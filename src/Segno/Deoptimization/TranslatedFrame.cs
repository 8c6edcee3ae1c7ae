namespace Segno.Deoptimization;

/// <summary>One frame to be written; lives on the stack while nothing moves.</summary>
internal ref struct TranslatedFrame
{
    /// <summary>The bits of the closure.</summary>
    public ulong Closure;
    public int Offset;

    public FrameContinuation Continuation;

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
