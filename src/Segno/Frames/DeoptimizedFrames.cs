using System.Runtime.InteropServices;

namespace Segno.Frames;

/// <summary>
/// What the deoptimizer hands to its entry stub: the words that replace the frame of optimized code, and the registers with which the
/// interpreter goes on. In native memory; the stub reads it by these offsets.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DeoptimizedFrames
{
    public const int WordsOffset = 0;
    public const int CountOffset = 8;
    public const int BottomOffset = 16;
    public const int FramePointerOffset = 24;
    public const int PcOffset = 32;

    /// <summary>The words, ascending.</summary>
    public ulong* Words;

    public long Count;

    /// <summary>Where the lowest word goes, and the stack pointer afterwards.</summary>
    public ulong Bottom;

    public ulong FramePointer;

    /// <summary>The bytecode at which the top frame is.</summary>
    public ulong Pc;
}
