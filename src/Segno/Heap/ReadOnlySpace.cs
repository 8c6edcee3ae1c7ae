using System.Runtime.InteropServices;
using Segno.Base;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// Objects that are immutable after start-up and shared by all heaps of the process (D17): maps without prototype, empty
/// arrays, common strings. Built once by a bootstrapper, then write-protected.
/// </summary>
/// <remarks>
/// Its pages lie outside the range of every heap, so collectors pass over references to it with the test that finds a page's
/// index. The process keeps its space for good; there is no way to free one.
/// </remarks>
internal sealed unsafe class ReadOnlySpace
{
    private const ulong ReservedSize = 32UL << 20;

    private readonly ulong _start;
    private readonly ulong* _roots;
    private ulong _page;
    private ulong _top;
    private ulong _end;
    private bool _sealed;

    private ReadOnlySpace()
    {
        _start = OsMemory.Reserve(ReservedSize, WriteBarrier.PageSize);
        if (_start == 0 || !OsMemory.Commit(_start, ReservedSize))
        {
            throw new OutOfMemoryException("no memory for the read-only space");
        }

        _roots = (ulong*)NativeMemory.AllocZeroed(ThreadBlock.RootsLength, 8);
        new Span<ulong>(_roots, ThreadBlock.RootsLength).Fill(Value.UndefinedBits);
        _end = _start;
        StartPage();
    }

    /// <summary>The roots in the order of <see cref="RootId"/>, as they are copied into each thread block.</summary>
    public ulong* Roots => _roots;

    public long UsedBytes => (long)(_top - _start);

    /// <summary>Builds a space: the bootstrapper allocates, initializes with Init setters, and sets the roots.</summary>
    public static ReadOnlySpace Create(Action<ReadOnlySpace> bootstrap)
    {
        var space = new ReadOnlySpace();
        bootstrap(space);
        space.Seal();
        return space;
    }

    /// <summary>Zeroed memory, during bootstrap only.</summary>
    public ulong Allocate(int sizeInBytes)
    {
        ulong size = ((ulong)sizeInBytes + 7) & ~7UL;
        if (_sealed)
        {
            throw new InvalidOperationException("the read-only space is sealed");
        }

        if (_top + size > _page + WriteBarrier.PageSize - 8 && _top > _page + HeapReservation.HeaderSize)
        {
            StartPage();
        }

        ulong address = _top;
        _top += size;
        if (_top > _start + ReservedSize)
        {
            throw new InvalidOperationException("the read-only space is full");
        }

        // An object larger than a page covers the following ones; the next object starts behind them.
        while (_end < _top + 8)
        {
            _end += WriteBarrier.PageSize;
        }

        if (_end > _page + WriteBarrier.PageSize)
        {
            StartPage();
        }

        return address;
    }

    public Value GetRoot(RootId id) => new(_roots[(int)id]);

    public void SetRoot(RootId id, Value value) => _roots[(int)id] = value.Bits;

    public bool Contains(ulong address) => address - _start < ReservedSize;

    internal FillerMaps FillerMaps => new(_roots[(int)RootId.OneWordFillerMap], _roots[(int)RootId.HeapFillerMap], _roots[(int)RootId.FreeSpaceMap]);

    private void StartPage()
    {
        _page = _end;
        _end += WriteBarrier.PageSize;
        if (_end > _start + ReservedSize)
        {
            throw new InvalidOperationException("the read-only space is full");
        }

        *(ulong*)(_page + WriteBarrier.PageFlagsOffset) = WriteBarrier.ReadOnlyFlag;
        _top = _page + HeapReservation.HeaderSize;
    }

    private void Seal()
    {
        if (GetRoot(RootId.HeapFillerMap).IsUndefined || GetRoot(RootId.OneWordFillerMap).IsUndefined || GetRoot(RootId.FreeSpaceMap).IsUndefined)
        {
            throw new InvalidOperationException("the bootstrapper has not set the maps of free memory");
        }

        _sealed = true;
        _ = OsMemory.SetAccess(_start, ReservedSize, MemoryAccess.Read);
    }
}
