namespace Segno.Heap;

/// <summary>
/// Splits a stopped agent's stack into precise slots and conservative words (D5). The frames room installs its walker; the
/// default takes everything from the stop point to the entry position as conservative words.
/// </summary>
internal interface IStackScanner
{
    /// <summary>
    /// Reports every root on the stack of <paramref name="local"/>, which was stopped with its registers pushed at
    /// <paramref name="stoppedStackPointer"/>. Allocates nothing (HEAP-5).
    /// </summary>
    void Scan(LocalHeap local, ulong stoppedStackPointer, StackRanges ranges);
}
