using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Objects that are immutable after start-up and shared by all heaps of the process (D17): maps without prototype, empty
/// arrays, common strings. Built once by a bootstrapper, then write-protected.
/// </summary>
internal sealed unsafe class ReadOnlySpace
{
    /// <summary>Builds a space: the bootstrapper allocates, initializes with Init setters, and sets the roots.</summary>
    public static ReadOnlySpace Create(Action<ReadOnlySpace> bootstrap) => throw new NotImplementedException();

    /// <summary>Zeroed memory, during bootstrap only.</summary>
    public ulong Allocate(int sizeInBytes) => throw new NotImplementedException();

    public Value GetRoot(RootId id) => throw new NotImplementedException();

    public void SetRoot(RootId id, Value value) => throw new NotImplementedException();

    public bool Contains(ulong address) => throw new NotImplementedException();
}
