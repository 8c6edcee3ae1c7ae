namespace Segno.Heap;

/// <summary>Takes the whole stack from the stop point to the entry position as conservative words: right where no machine frame exists.</summary>
internal sealed class ConservativeStackScanner : IStackScanner
{
    public void Scan(LocalHeap local, ulong stoppedStackPointer, StackRanges ranges) =>
        ranges.AddConservative(stoppedStackPointer, local.EntryStackPointer);
}
