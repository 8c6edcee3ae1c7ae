using System.Diagnostics;
using Segno.Base;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The stages of a collection, in order. Each relies on those before it (CHOR-1).
/// </summary>
internal sealed unsafe partial class ClusterHeap
{
    private const long SmallestOldGrowth = 4L << 20;

    private const long SmallHeap = 128L << 20;

    private readonly Scavenger _scavenger;
    private readonly Marker _marker;
    private readonly ScavengeContext _scavengeContext;
    private readonly MarkContext _markContext;
    private readonly StackRanges _stacks = new();
    private readonly GcTrace _trace = new();
    /// <summary>Counts store buffers that filled up since the last pause.</summary>
    private readonly GcTrace _betweenPauses = new();
    private HeapVerifier? _verifier;
    private int _epoch;
    private bool _traceReady;
    /// <summary>Stays set when a collection failed: the pages are in no order then, and are not recycled.</summary>
    private bool _collecting;

    /// <summary>Adds work at the end of a pause, before the world goes on (tests, planted faults).</summary>
    internal Action? BeforeRelease { get; set; }

    /// <summary>
    /// Collects on behalf of an agent that stands inside the spill stub. Another agent may have collected in the meantime;
    /// then there is nothing left to do.
    /// </summary>
    internal void CollectAt(LocalHeap requester, CollectionKind kind, CollectionReason reason, int seenCollections)
    {
        long requested = Stopwatch.GetTimestamp();
        Tell(EventKind.SafepointRequest);
        while (!Safepoint.TryStopOthers(requester))
        {
            if (CollectionCount != seenCollections)
            {
                return;
            }
        }

        Tell(EventKind.SafepointReached, a: Safepoint.Agents.Count, b: Microseconds(Stopwatch.GetElapsedTime(requested).TotalMicroseconds));
        try
        {
            Collect(kind, reason);
        }
        finally
        {
            Stages.Reach(CollectionStage.Released);
            Tell(EventKind.SafepointReleased);
            Safepoint.Release(requester);
        }
    }

    private void Tell(EventKind kind, long a = 0, long b = 0, long c = 0, long d = 0)
    {
        if (Events.IsOn)
        {
            Events.Emit(kind, a: a, b: b, c: c, d: d);
        }
    }

    private static long Microseconds(double value) => (long)value;

    /// <summary>How far the running collection has come (CHOR-1).</summary>
    internal CollectionStages Stages { get; } = new();

    /// <summary>What may not happen inside a pause: telling the observer, queueing callbacks.</summary>
    internal void AfterPause(LocalHeap local)
    {
        if (local.ClearedHandles.Count > 0)
        {
            local.RequestInterrupt(InterruptRequest.ClearedHandles);
        }

        if (_traceReady)
        {
            _traceReady = false;
            TraceSink?.Invoke(_trace);
        }
    }

    private void Collect(CollectionKind kind, CollectionReason reason)
    {
        long start = Stopwatch.GetTimestamp();
        _collecting = true;
        CollectionCount++;
        _trace.Reset();
        _trace.Number = CollectionCount;
        _trace.Reason = reason;

        // 1. Close the mutators' buffers: every page can be walked, every store is in the remembered set (HEAP-2, HEAP-8).
        Stages.Reach(CollectionStage.Stopped);
        FlushAndRetire();
        Stages.Reach(CollectionStage.Flushed);
        _trace.StoreBufferEntries = _betweenPauses.StoreBufferEntries;
        _trace.StoreBufferDistinct = _betweenPauses.StoreBufferDistinct;
        _betweenPauses.Reset();
        _trace.YoungBytesBefore = Young.CountUsedBytes() + _large.YoungBytes;
        _trace.BytesBefore = OldGenerationBytes + _trace.YoungBytesBefore;
        if (Events.IsOn)
        {
            Events.Emit(EventKind.GcStart, kind.ToString(), reason.ToString(), CollectionCount, _trace.BytesBefore);
            Events.Emit(EventKind.StoreBufferFlush, a: _trace.StoreBufferEntries, b: _trace.StoreBufferDistinct);
        }


        // 2. Find the stacks' roots, once.
        _epoch++;
        ScanStacks();
        Verify("before the collection");

        // 3. The young generation.
        Scavenge();
        long scavenged = Stopwatch.GetTimestamp();
        _trace.ScavengeMicroseconds = Stopwatch.GetElapsedTime(start, scavenged).TotalMicroseconds;

        // 4. The old generation, if asked for or due.
        if (kind == CollectionKind.Scavenge && OldGenerationBytes > _oldLimit)
        {
            kind = CollectionKind.Full;
            _trace.Reason = CollectionReason.OldGenerationLimit;
        }

        _trace.Kind = kind;
        if (kind == CollectionKind.Full)
        {
            Tell(EventKind.MarkStart);
            Mark();
            long marked = Stopwatch.GetTimestamp();
            _trace.MarkMicroseconds = Stopwatch.GetElapsedTime(scavenged, marked).TotalMicroseconds;
            Tell(EventKind.MarkFinish, _trace.MarkedObjects, Microseconds(_trace.MarkMicroseconds));
            Sweep();
            _trace.SweepMicroseconds = Stopwatch.GetElapsedTime(marked).TotalMicroseconds;
            Tell(EventKind.SweepFinish, _trace.SweptBytes, _trace.FreedPages, Microseconds(_trace.SweepMicroseconds));
        }

        // 5. Check, account, release.
        RefreshHandles();
        BeforeRelease?.Invoke();
        Verify("after the collection");
        _trace.YoungBytesAfter = Young.CountUsedBytes() + _large.YoungBytes;
        _trace.BytesAfter = OldGenerationBytes + _trace.YoungBytesAfter;
        _trace.PauseMicroseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        _traceReady = true;
        _collecting = false;
        if (Events.IsOn)
        {
            Events.Emit(EventKind.GcFinish, kind.ToString(), _trace.Reason.ToString(), CollectionCount, _trace.BytesAfter, Microseconds(_trace.PauseMicroseconds), _trace.PinnedPages);
        }
    }

    /// <summary>Makes every page walkable outside a collection; the caller is the only running agent.</summary>
    internal void RetireAllBuffers()
    {
        lock (SpaceLock)
        {
            FlushAndRetire();
        }
    }

    private void FlushAndRetire()
    {
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            Safepoint.Agents[i].FlushStoreBuffer(_betweenPauses);
            Safepoint.Agents[i].RetireBuffers();
            Safepoint.Agents[i].PersistentRoots.Drain();
        }

        _bytecode.ReturnBuffer(_bytecodeTop, _bytecodeLimit);
        _bytecodeTop = _bytecodeLimit = 0;
    }

    private void ScanStacks()
    {
        _stacks.Clear();
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            LocalHeap agent = Safepoint.Agents[i];
            if (agent.EntryStackPointer != 0 && agent.StoppedStackPointer != 0)
            {
                StackScanner.Scan(agent, agent.StoppedStackPointer, _stacks);
            }
        }
    }

    private void Scavenge()
    {
        _scavenger.Start(Tenuring.TenuresAll);
        Stages.Reach(CollectionStage.Roots);

        // Pins of all stacks before the first object moves (D5).
        for (int i = 0; i < _stacks.ConservativeCount; i++)
        {
            (ulong start, ulong end) = _stacks.Conservative(i);
            _trace.RootsBySection[(int)RootSection.Pins] += _scavenger.CollectPins(start, end, _epoch);
        }

        _scavenger.ForwardPins();

        // Roots, then the closure.
        _trace.RememberedSlots = _scavenger.VisitRememberedSet();
        _trace.RootsBySection[(int)RootSection.RememberedSet] = _trace.RememberedSlots;
        VisitRoots(_scavenger, youngOnly: true);
        Tell(EventKind.ScavengeRoots, _trace.RootsBySection.Sum(), _trace.RememberedSlots, _scavenger.PinCount);
        _scavenger.ScanPins();
        _scavenger.Drain();
        while (TraceConditionally(_scavengeContext))
        {
            _scavenger.Drain();
        }

        // Weak words, after the closure (HEAP-6); only now is anything unlinked (CHOR-1).
        _scavenger.RestorePins();
        _scavenger.Account(_trace);
        Tell(EventKind.ScavengeEvacuate, _trace.CopiedObjects, _trace.CopiedBytes, _trace.PromotedObjects, _trace.PromotedBytes);
        Stages.Reach(CollectionStage.Unlinking);
        ProcessWeak(_scavengeContext);
        _scavenger.ProcessWeakSlots(_trace);
        Tell(EventKind.ScavengeWeak, _trace.WeakVisited, _trace.WeakCleared);
        Tenuring.Learn(_trace.YoungBytesBefore, _scavenger.SurvivedBytes, (long)Young.CapacityPages << WriteBarrier.PageSizeLog2);
        _scavenger.Finish(_trace, pinnedBecomeOld: Tenuring.Pretenures);
    }

    private void Mark()
    {
        _epoch++;
        long visited = _trace.WeakVisited, cleared = _trace.WeakCleared;
        Stages.Reach(CollectionStage.Roots);
        _marker.Start();
        for (int i = 0; i < _stacks.ConservativeCount; i++)
        {
            (ulong start, ulong end) = _stacks.Conservative(i);
            _trace.RootsBySection[(int)RootSection.Pins] += _marker.VisitConservative(start, end, _epoch);
        }

        VisitRoots(_marker, youngOnly: false);
        _marker.Drain();
        while (TraceConditionally(_markContext) | _marker.TracePairs())
        {
            _marker.Drain();
        }

        Stages.Reach(CollectionStage.Unlinking);
        ProcessWeak(_markContext);
        _marker.ProcessWeakSlots(_trace);
        _marker.ClearPairs(_trace);
        Tell(EventKind.MarkWeak, _trace.WeakVisited - visited, _trace.WeakCleared - cleared);
        _marker.Finish();
        _trace.MarkedObjects = _marker.MarkedObjects;
    }

    /// <summary>Frees what is not marked. Maps last: sizes are read through them.</summary>
    private void Sweep()
    {
        int freedPages = 0;
        Young.Sweep();
        long swept = Old.Sweep(ref freedPages);
        swept += _bytecode.Sweep(ref freedPages);
        swept += _large.Sweep(ref freedPages);
        swept += _maps.Sweep(ref freedPages);
        _trace.SweptBytes = swept;
        _trace.FreedPages += freedPages;
        _ = _reservation.Trim();
        if (!Tenuring.TenuresAll && _scavenger.SurvivedBytes < (long)Young.CapacityPages << (WriteBarrier.PageSizeLog2 - 3))
        {
            Young.Shrink();
        }

        long live = OldGenerationBytes;
        _trace.MarkedBytes = live;
        // A small heap may grow to four times its size before the next full collection, a large one to twice, one near its limit grows in
        // small steps.
        long growth = live < Options.SoftLimit ? Math.Max(live, Math.Min(3 * live, 3 * SmallHeap)) : (long)(live * 0.15);
        long next = Math.Max(live + Math.Max(growth, SmallestOldGrowth), Options.InitialOldGenerationLimit);
        if (live < Options.SoftLimit)
        {
            next = Math.Min(next, Math.Max(Options.SoftLimit, live + SmallestOldGrowth));
        }

        _oldLimit = Math.Min(next, _hardLimit);
    }

    /// <summary>Shows every precise root to a visitor, in the order of <see cref="RootSection"/> where it matters.</summary>
    internal void VisitRoots(RootVisitor visitor, bool youngOnly)
    {
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            LocalHeap agent = Safepoint.Agents[i];
            visitor.VisitSlot(&agent.Block->PendingException);
            visitor.VisitSlot(&agent.Block->NativeContext);
            Count(visitor, RootSection.ThreadBlock);
            _ = agent.Handles.VisitStrong(visitor, youngOnly);
            Count(visitor, RootSection.Handles);
            _ = agent.PersistentRoots.Table.VisitStrong(visitor, youngOnly);
            Count(visitor, RootSection.PersistentRoots);
            for (int list = 0; list < agent.ValueLists.Count; list++)
            {
                visitor.VisitRange(agent.ValueLists[list].Items, agent.ValueLists[list].Items + agent.ValueLists[list].Count);
            }

            Count(visitor, RootSection.ValueLists);
        }

        for (int i = 0; i < _stacks.PreciseCount; i++)
        {
            (ulong start, ulong end) = _stacks.Precise(i);
            visitor.VisitRange((ulong*)start, (ulong*)end);
        }

        Count(visitor, RootSection.Stack);
        for (int i = 0; i < _rootProviders.Length; i++)
        {
            _rootProviders[i].VisitRoots(visitor);
            Count(visitor, _rootProviders[i].Section);
        }
    }

    private void Count(RootVisitor visitor, RootSection section)
    {
        long count = visitor.TakeCount();
        if (visitor is not HeapVerifier)
        {
            _trace.RootsBySection[(int)section] += count;
        }
    }

    private bool TraceConditionally(CollectionContext context)
    {
        bool progress = false;
        for (int i = 0; i < _weakProcessors.Length; i++)
        {
            progress |= _weakProcessors[i].TraceConditionally(context);
        }

        return progress;
    }

    private void ProcessWeak(CollectionContext context)
    {
        Stages.Require(CollectionStage.Unlinking);
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            LocalHeap agent = Safepoint.Agents[i];
            agent.Handles.ProcessWeak(context, ref agent.ClearedHandles, _trace);
            agent.PersistentRoots.Table.ProcessWeak(context, ref agent.ClearedHandles, _trace);
        }

        for (int i = 0; i < _weakProcessors.Length; i++)
        {
            _weakProcessors[i].ProcessWeak(context);
        }
    }

    private void RefreshHandles()
    {
        for (int i = 0; i < Safepoint.Agents.Count; i++)
        {
            Safepoint.Agents[i].Handles.RefreshYoungChunks();
            Safepoint.Agents[i].PersistentRoots.Table.RefreshYoungChunks();
        }
    }

    private void Verify(string when)
    {
        if (Options.VerifyHeap && CollectionCount % Options.VerifyInterval == 0)
        {
            _verifier ??= new HeapVerifier(this);
            _verifier.Verify(when, _stacks);
        }
    }
}
