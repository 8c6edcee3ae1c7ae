namespace Segno.MachineCode;

/// <summary>
/// For each call of a code block at which the collector may run: which spill slots hold tagged values. Keys are the offsets
/// of return addresses, ascending; slot k is the word at rsp + 8k as of the return.
/// </summary>
/// <param name="offsets">The return addresses.</param>
/// <param name="bits">The bitmaps, one behind the other.</param>
/// <param name="wordsPerEntry">The length of each.</param>
/// <param name="exits">Ascending: the lazy exits, which take the place of return addresses in code that was marked.</param>
/// <param name="exitEntries">For each lazy exit the entry of its call.</param>
internal sealed class SafepointTable(int[] offsets, ulong[] bits, int wordsPerEntry, int[]? exits = null, int[]? exitEntries = null)
{
    public static readonly SafepointTable Empty = new([], [], 0);

    public int Count => offsets.Length;

    public int OffsetAt(int index) => offsets[index];

    /// <summary>The bitmap of entry <paramref name="index"/>: bit k of word k / 64 is slot k.</summary>
    public ReadOnlySpan<ulong> TaggedSlots(int index) => new(bits, index * wordsPerEntry, wordsPerEntry);

    public bool IsTagged(int index, int slot) =>
        slot < wordsPerEntry * 64 && (bits[(index * wordsPerEntry) + (slot >> 6)] >> (slot & 63) & 1) != 0;

    /// <summary>
    /// The entry of a return address, or of the lazy exit in its place, given as an offset; or -1. Allocates nothing: the collector
    /// asks during a pause (HEAP-5).
    /// </summary>
    public int Find(int offset)
    {
        int entry = Search(offsets, offset);
        if (entry >= 0 || exits is null)
        {
            return entry;
        }

        int exit = Search(exits, offset);
        return exit < 0 ? -1 : exitEntries![exit];
    }

    private static int Search(int[] sorted, int offset)
    {
        int low = 0, high = sorted.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int candidate = sorted[middle];
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
