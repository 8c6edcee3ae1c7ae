using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The collector of the young generation: copying with ageing by one survival, then promotion.
/// </summary>
/// <remarks>
/// What has been copied and not yet scanned is on a stack, so a structure is copied depth first, and root by root: its parts end up side by
/// side, where they are mostly allocated side by side too. Breadth first the parts of all structures would be mixed, and each
/// later walk over one of them, by the program or the marker, would miss the caches. Several workers would each own the state
/// of this class from the copy buffers on, steal objects from each other's stacks, and claim objects with
/// <see cref="Forwarding.InstallAtomic"/>, which is in use already when <see cref="HeapOptions.AtomicForwarding"/> is set.
/// </remarks>
internal sealed unsafe partial class Scavenger : RootVisitor
{
    /// <summary>In an entry of the work stack: the object is old now. In one of the weak slots: its object is.</summary>
    private const ulong PromotedTag = 1;

    private readonly HeapReservation _reservation;
    private readonly YoungSpace _young;
    private readonly PagedSpace _old;
    private readonly LargeObjectSpace _large;
    private readonly bool _atomic;
    private readonly ulong _base;
    private readonly byte* _kinds;
    /// <summary>Of the whole reservation: for tests of addresses, not for loops.</summary>
    private readonly ulong _pageCount;

    private int _copyPage;
    private ulong _copyTop;
    private ulong _copyLimit;
    private ulong _oldTop;
    private ulong _oldLimit;
    private long _copiedBytes;
    private long _promotedBytes;
    private long _copiedObjects;
    private long _promotedObjects;
    private WorkStack _work;
    private NativeList _weakSlots;
    private NativeList _pins;

    public Scavenger(HeapReservation reservation, YoungSpace young, PagedSpace old, LargeObjectSpace large, bool atomic)
    {
        _reservation = reservation;
        _young = young;
        _old = old;
        _large = large;
        _atomic = atomic;
        _base = reservation.Base;
        _kinds = reservation.Kinds;
        _pageCount = (ulong)reservation.PageCount;
    }

    public long SurvivedBytes => _copiedBytes + _promotedBytes;

    // ---- Stage 1: flip ------------------------------------------------------------------------------------

    /// <summary>Makes the young generation from-space. Buffers have been returned, store buffers flushed.</summary>
    public void Start(bool tenuresAll)
    {
        _young.Flip(tenuresAll);
        _large.FlipYoung();
        _copyPage = -1;
        _copyTop = _copyLimit = 0;
        _oldTop = _oldLimit = 0;
        _copiedBytes = _promotedBytes = _copiedObjects = _promotedObjects = 0;
        _work.Clear();
        _weakSlots.Clear();
        _pins.Clear();
    }

    /// <summary>Notes what was copied.</summary>
    public void Account(GcTrace trace)
    {
        trace.CopiedBytes = _copiedBytes;
        trace.CopiedObjects = _copiedObjects;
        trace.PromotedBytes = _promotedBytes;
        trace.PromotedObjects = _promotedObjects;
        trace.PinnedObjects = PinCount;
    }

    // ---- Stage 5: release -----------------------------------------------------------------------------------

    /// <param name="trace">Told of the pages.</param>
    /// <param name="pinnedBecomeOld">Whether nothing young may be left: all that survived has been promoted, except the pinned objects.</param>
    public void Finish(GcTrace trace, bool pinnedBecomeOld)
    {
        CloseCopyPage();
        CloseOldBuffer();
        _young.ReleaseFromSpace(trace, pinnedBecomeOld ? _old : null);
        _large.FinishScavenge(trace);
        _young.Resize(SurvivedBytes);
    }

    public void Free()
    {
        _work.Free();
        _weakSlots.Free();
        _pins.Free();
    }
}
