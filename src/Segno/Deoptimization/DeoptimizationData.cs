using Segno.Graph;

namespace Segno.Deoptimization;

/// <summary>One exit of optimized code.</summary>
/// <param name="ExitStart">Where the exit begins, the offset that replaces a return address.</param>
/// <param name="ExitReturn">Offset behind the call in the exit.</param>
/// <param name="CallReturn">Offset behind the call that a lazy exit belongs to, or -1.</param>
/// <param name="Translation">Where its translation begins.</param>
/// <param name="Operator">The guard that fails there, or the call that comes back.</param>
/// <param name="Reason">Why control leaves there.</param>
/// <param name="BytecodeOffset">Of the innermost frame.</param>
/// <param name="FeedbackSlot">The slot that learns of it, in the feedback of the innermost frame's function; or -1.</param>
/// <param name="Function">The innermost frame's function in the inlining table.</param>
internal readonly record struct DeoptimizationEntry(
    int ExitStart, int ExitReturn, int CallReturn, int Translation, NodeOp Operator, DeoptimizeReason Reason, int BytecodeOffset, int FeedbackSlot, int Function);

/// <summary>What a code object tells the deoptimizer: exits, translations, the functions inlined.</summary>
internal sealed class DeoptimizationData(DeoptimizationEntry[] entries, byte[] translations, string[] functions)
{
    /// <summary>Of calls only, ascending by the call's return.</summary>
    private readonly DeoptimizationEntry[] _calls = [.. entries.Where(static e => e.CallReturn >= 0).OrderBy(static e => e.CallReturn)];

    /// <summary>In the order of the exits: the index is the deoptimization id.</summary>
    public DeoptimizationEntry[] Entries { get; } = entries;

    public byte[] Translations { get; } = translations;

    /// <summary>Names of the functions that the code holds, the compiled one first.</summary>
    public string[] Functions { get; } = functions;

    /// <summary>The deoptimization id of an exit, by the return address that its call pushed, as an offset; or -1.</summary>
    public int FindExit(int offset)
    {
        int low = 0, high = Entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int candidate = Entries[middle].ExitReturn;
            if (candidate == offset)
            {
                return middle;
            }

            if (candidate < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }

    /// <summary>The entry of the call that returns to an offset, or of its lazy exit; false if it has none.</summary>
    public bool TryFindCall(int offset, out DeoptimizationEntry entry)
    {
        int low = 0, high = _calls.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int candidate = _calls[middle].CallReturn;
            if (candidate == offset)
            {
                entry = _calls[middle];
                return true;
            }

            if (candidate < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return TryFindLazyExit(offset, out entry);
    }

    /// <summary>Whether an offset is where a lazy exit begins: the return address of a call whose code was marked.</summary>
    private bool TryFindLazyExit(int offset, out DeoptimizationEntry entry)
    {
        int low = 0, high = Entries.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Entries[middle].ExitStart < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        entry = low < Entries.Length ? Entries[low] : default;
        return low < Entries.Length && entry.ExitStart == offset && entry.CallReturn >= 0;
    }
}
