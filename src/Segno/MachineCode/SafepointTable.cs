namespace Segno.MachineCode;

/// <summary>
/// For each call of a code block at which the collector may run: which spill slots hold tagged values. Keys are the offsets
/// of return addresses, ascending; slot k is the word at rsp + 8k as of the return.
/// </summary>
internal sealed class SafepointTable(int[] offsets, ulong[] bits, int wordsPerEntry)
{
    public static readonly SafepointTable Empty = new([], [], 0);

    public int Count => offsets.Length;

    public int OffsetAt(int index) => offsets[index];

    /// <summary>The bitmap of entry <paramref name="index"/>: bit k of word k / 64 is slot k.</summary>
    public ReadOnlySpan<ulong> TaggedSlots(int index) => new(bits, index * wordsPerEntry, wordsPerEntry);

    public bool IsTagged(int index, int slot) =>
        slot < wordsPerEntry * 64 && (bits[(index * wordsPerEntry) + (slot >> 6)] >> (slot & 63) & 1) != 0;

    /// <summary>The entry of a return address given as an offset, or -1. Allocates nothing: the collector asks during a pause (HEAP-5).</summary>
    public int Find(int offset)
    {
        int low = 0, high = offsets.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int candidate = offsets[middle];
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
}
