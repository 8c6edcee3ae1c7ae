using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The heap of one agent cluster (D10): its spaces, roots and limits. The collections themselves are in the other half.
/// </summary>
internal sealed unsafe partial class ClusterHeap : IDisposable
{
    /// <summary>Objects above this size, in bytes, live on pages of their own and are never copied.</summary>
    public const int LargeObjectThreshold = 128 * 1024;

    private const ulong SmallestPretenuredBuffer = 2048;

    private readonly HeapReservation _reservation;
    private readonly PagedSpace _bytecode;
    private readonly MapSpace _maps;
    private readonly LargeObjectSpace _large;
    private readonly long _hardLimit;
    private IRootProvider[] _rootProviders = [];
    private IWeakProcessor[] _weakProcessors = [];
    private long _oldLimit;
    private long _externalBytes;
    private ulong _bytecodeTop;
    private ulong _bytecodeLimit;
    private bool _disposed;

    static ClusterHeap()
    {
        WriteBarrier.StoreBufferFull = &OnStoreBufferFull;
        WriteBarrier.MarkingSlow = &OnMarkingStore;
    }

    public ClusterHeap(ReadOnlySpace readOnly, HeapOptions? options = null)
    {
        Options = options ?? HeapOptions.Default;
        ReadOnly = readOnly;
        Fillers = readOnly.FillerMaps;
        GcInterval = Options.GcInterval;
        Tenuring = new TenuringPolicy(Options.SmallestTenuringSample);
        _reservation = HeapReservationPool.Rent();
        Young = new YoungSpace(_reservation, Fillers, Options);
        Old = new PagedSpace(_reservation, Fillers, SpaceId.Old);
        _bytecode = new PagedSpace(_reservation, Fillers, SpaceId.Bytecode);
        _maps = new MapSpace(_reservation, Fillers);
        _large = new LargeObjectSpace(_reservation);
        // A scavenge may need twice the young generation beyond the limit.
        _hardLimit = Math.Min(Options.HardLimit, (long)_reservation.SizeInBytes - (4L * Options.MaxSemiSpaceSize));
        _oldLimit = Math.Min(Options.InitialOldGenerationLimit, _hardLimit);
        _scavenger = new Scavenger(_reservation, Young, Old, _large, Options.AtomicForwarding);
        _marker = new Marker(_reservation);
        _scavengeContext = new ScavengeContext(_reservation, _scavenger, _trace);
        _markContext = new MarkContext(_reservation, _marker, _trace);
    }

    ~ClusterHeap() => Free();

    public HeapOptions Options { get; }

    public ReadOnlySpace ReadOnly { get; }

    /// <summary>Collections so far; addresses are stable while it is unchanged.</summary>
    public int CollectionCount { get; private set; }

    /// <summary>Called after each pause with a trace that is reused by the next.</summary>
    public Action<GcTrace>? TraceSink { get; set; }

    /// <summary>Where the steps of collections are told; of the first agent, whose listeners hear of the others' pauses, too.</summary>
    public Base.EventStream Events { get; set; } = new();

    public IStackScanner StackScanner { get; set; } = new ConservativeStackScanner();

    public SafepointProtocol Safepoint { get; } = new();

    internal TenuringPolicy Tenuring { get; }

    /// <summary>Collect at every n-th allocation; see <see cref="HeapOptions.GcInterval"/>.</summary>
    public int GcInterval { get; private set; }

    internal HeapReservation Reservation => _reservation;

    internal FillerMaps Fillers { get; }

    internal YoungSpace Young { get; }

    internal PagedSpace Old { get; }

    internal PagedSpace BytecodeSpace => _bytecode;

    internal MapSpace Maps => _maps;

    internal LargeObjectSpace Large => _large;

    /// <summary>Guards the spaces against other agents of the cluster; never held across a collection.</summary>
    internal Lock SpaceLock { get; } = new();

    /// <summary>Bytes that count against the limits of the old generation; memory outside the heap included.</summary>
    public long OldGenerationBytes => Old.UsedBytes + _bytecode.UsedBytes + _maps.UsedBytes + _large.OldBytes + Volatile.Read(ref _externalBytes);

    /// <summary>The old generation is collected when it grows beyond this.</summary>
    public long OldGenerationLimit => _oldLimit;

    public LocalHeap CreateLocalHeap()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var local = new LocalHeap(this);
        Safepoint.Add(local);
        return local;
    }

    /// <summary>Registers a root provider; only while no collection can run.</summary>
    public void AddRootProvider(IRootProvider provider)
    {
        int at = 0;
        while (at < _rootProviders.Length && _rootProviders[at].Section <= provider.Section)
        {
            at++;
        }

        _rootProviders = [.. _rootProviders.AsSpan(0, at), provider, .. _rootProviders.AsSpan(at)];
    }

    public void RemoveRootProvider(IRootProvider provider) => _rootProviders = Array.FindAll(_rootProviders, p => p != provider);

    public void AddWeakProcessor(IWeakProcessor processor) => _weakProcessors = [.. _weakProcessors, processor];

    public void RemoveWeakProcessor(IWeakProcessor processor) => _weakProcessors = Array.FindAll(_weakProcessors, p => p != processor);

    /// <summary>
    /// Accounts memory outside the heap that dies with objects of it (array buffers, code streams). From any thread; growth
    /// beyond the limit leads to a full collection at the next poll.
    /// </summary>
    public void AdjustExternalMemory(long deltaInBytes)
    {
        _ = Interlocked.Add(ref _externalBytes, deltaInBytes);
        if (deltaInBytes > 0 && OldGenerationBytes > _oldLimit)
        {
            IReadOnlyList<LocalHeap> agents = Safepoint.Agents;
            for (int i = 0; i < agents.Count; i++)
            {
                agents[i].RequestInterrupt(InterruptRequest.Collect);
            }
        }
    }

    /// <summary>Changes the interval at which allocations collect; 0 switches it off.</summary>
    public void SetGcInterval(int interval)
    {
        GcInterval = interval;
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            Safepoint.Agents[i].ApplyInterval();
        }
    }

    public static bool IsYoung(Value value) => value.IsCell && (*(ulong*)(value.Address & WriteBarrier.PageMask) & WriteBarrier.YoungFlag) != 0;

    /// <summary>Whether the address lies in a page of this heap that is in use.</summary>
    public bool Contains(ulong address) => _reservation.Contains(address) && _reservation.Descriptors[_reservation.PageIndexOf(address)].Space != SpaceId.Free;

    // ---- Room for allocations; each may collect or throw --------------------------------------------------------

    /// <summary>Collects if the old generation has reached its limit; throws if it stays above the hard limit.</summary>
    internal void EnsureOldRoom(LocalHeap local, long sizeInBytes)
    {
        if (OldGenerationBytes + sizeInBytes > _oldLimit)
        {
            local.Collect(CollectionKind.Full, CollectionReason.OldGenerationLimit);
            CheckHardLimit(local, sizeInBytes);
        }
    }

    internal void EnsureLargeRoom(LocalHeap local, long sizeInBytes, bool young)
    {
        if (young && _large.YoungBytes + sizeInBytes > Options.MaxSemiSpaceSize && _large.YoungBytes > 0)
        {
            local.Collect(CollectionKind.Scavenge, CollectionReason.YoungLargeObjects);
        }

        EnsureOldRoom(local, sizeInBytes + _large.YoungBytes);
    }

    /// <summary>
    /// A buffer of the old generation for objects that would else be young; false if the run of pretenuring is over or the old generation
    /// full, and the caller has to collect. Small gaps are left to promotion: they are not worth the way.
    /// </summary>
    internal bool TryTakePretenured(ulong sizeInBytes, out ulong start, out ulong end)
    {
        if (OldGenerationBytes > _oldLimit || Tenuring.IsExhausted)
        {
            start = end = 0;
            return false;
        }

        bool taken = Old.TryTakeBuffer(Math.Max(sizeInBytes, SmallestPretenuredBuffer), out start, out end);
        Tenuring.Take((long)(end - start));
        return taken;
    }

    internal void CheckHardLimit(LocalHeap local, long sizeInBytes)
    {
        if (OldGenerationBytes + sizeInBytes > _hardLimit && !local.InReserve)
        {
            throw LimitReached();
        }
    }

    /// <summary>Whether a large object of the size can be had, if need be after a full collection: for what may be refused without ending the script.</summary>
    public bool HasRoomFor(LocalHeap local, long sizeInBytes)
    {
        if (OldGenerationBytes + _large.YoungBytes + sizeInBytes <= _hardLimit)
        {
            return true;
        }

        if (sizeInBytes > _hardLimit)
        {
            return false;
        }

        local.Collect(CollectionKind.Full, CollectionReason.OldGenerationLimit);
        return OldGenerationBytes + _large.YoungBytes + sizeInBytes <= _hardLimit;
    }

    internal HeapLimitException LimitReached() => new(OldGenerationBytes, _hardLimit);

    internal ulong TakeMapCell()
    {
        lock (SpaceLock)
        {
            ulong cell = _maps.Allocate();
            return cell != 0 ? cell : throw LimitReached();
        }
    }

    /// <summary>Adjacent cells, no more than a page has.</summary>
    internal ulong TakeMapCells(int count)
    {
        lock (SpaceLock)
        {
            ulong cells = _maps.AllocateRun(count);
            return cells != 0 ? cells : throw LimitReached();
        }
    }

    internal ulong TakeBytecode(ulong sizeInBytes)
    {
        lock (SpaceLock)
        {
            if (_bytecodeTop + sizeInBytes > _bytecodeLimit)
            {
                _bytecode.ReturnBuffer(_bytecodeTop, _bytecodeLimit);
                _bytecodeTop = _bytecodeLimit = 0;
                if (!_bytecode.TryTakeBuffer(sizeInBytes, out _bytecodeTop, out _bytecodeLimit))
                {
                    throw LimitReached();
                }
            }

            ulong address = _bytecodeTop;
            _bytecodeTop += sizeInBytes;
            return address;
        }
    }

    internal ulong TakeLarge(ulong sizeInBytes, bool young)
    {
        lock (SpaceLock)
        {
            ulong address = _large.Allocate(sizeInBytes, young);
            return address != 0 ? address : throw LimitReached();
        }
    }

    internal void TrimLarge(ulong address, ulong newSizeInBytes)
    {
        lock (SpaceLock)
        {
            _large.Trim(address, newSizeInBytes);
        }
    }

    internal void Remove(LocalHeap local)
    {
        Safepoint.Remove(local);
        lock (SpaceLock)
        {
            local.FlushStoreBuffer(_betweenPauses);
            local.RetireBuffers();
        }
    }

    /// <summary>A full store buffer goes into the remembered set at once, so its block can be used again.</summary>
    private static void OnStoreBufferFull(ThreadBlock* block)
    {
        LocalHeap local = LocalHeap.FromBlock(block);
        ClusterHeap heap = local.Heap;
        lock (heap.SpaceLock)
        {
            local.FlushStoreBuffer(heap._betweenPauses);
        }
    }

    /// <summary>The insertion barrier: a value stored while marking is marked.</summary>
    private static void OnMarkingStore(ThreadBlock* block, ulong value)
    {
        ClusterHeap heap = LocalHeap.FromBlock(block).Heap;
        lock (heap.SpaceLock)
        {
            _ = heap._marker.Mark(value);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            Safepoint.Agents[i].Free();
        }

        Young.ReleaseAll();
        Old.ReleaseAll();
        _bytecode.ReleaseAll();
        _maps.ReleaseAll();
        _large.ReleaseAll();
        _scavenger.Free();
        _marker.Free();
        _stacks.Free();
        _verifier?.Free();
        if (_collecting)
        {
            _reservation.Release();
        }
        else
        {
            HeapReservationPool.Return(_reservation);
        }
    }
}
