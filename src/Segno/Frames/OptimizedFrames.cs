namespace Segno.Frames;

/// <summary>
/// What the walkers ask about a frame of optimized code, which stands for several frames of JavaScript. Installed by the deoptimizer's
/// room: upward calls are data.
/// </summary>
internal static unsafe class OptimizedFrames
{
    /// <summary>(frame pointer, pc): does one of the frames handle an exception at this call?</summary>
    public static delegate*<ulong, ulong, bool> HasHandler { get; set; }

    /// <summary>(frame pointer, pc, index, out function, out bytecode offset): the index-th frame from the innermost; false behind the last.</summary>
    public static delegate*<ulong, ulong, int, out ulong, out int, bool> Describe { get; set; }
}
