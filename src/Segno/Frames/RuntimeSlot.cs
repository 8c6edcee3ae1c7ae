namespace Segno.Frames;

/// <summary>The C# entries that stubs call directly, in the thread block's runtime table.</summary>
internal enum RuntimeSlot
{
    /// <summary>(block, a, b, c, d, id): a runtime function by number.</summary>
    Dispatch,
    /// <summary>(block, frame pointer): the builtin of the frame's function.</summary>
    Builtin,
    /// <summary>(block): finds the handler of the pending exception.</summary>
    Unwind,
    /// <summary>(block): hands a full store buffer to the heap.</summary>
    StoreBufferFull,
    /// <summary>(block, frame pointer): calls what is not a JSFunction.</summary>
    CallNonFunction,
    /// <summary>(block, pc, scale): the handler of the bytecode at a pc, generated at its first use.</summary>
    GenerateHandler,
    /// <summary>(block, saved registers, pc, frame pointer): an eager exit of optimized code; answers the frames to write.</summary>
    Deoptimize,
    /// <summary>As <see cref="Deoptimize"/>, for the return of a call.</summary>
    DeoptimizeLazily,
    /// <summary>(block): the pending exception is handled in a frame of optimized code.</summary>
    DeoptimizeForException,
    Count,
}
