using Segno.Base;
using Segno.Deoptimization;
using Segno.Feedback;
using Segno.Frames;
using Segno.Graph;
using Segno.Heap;
using Segno.Interpreter;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Optimizer;
using Compilation = Segno.Optimizer.Compilation;
using Stopwatch = System.Diagnostics.Stopwatch;
using Segno.Runtime;

namespace Segno.Tiering;

/// <summary>The optimized code of an agent: compiles, installs, marks what failed, and keeps the constants of what is installed.</summary>
internal sealed unsafe class OptimizedTier : IWeakProcessor, IDisposable, IDependentCodeOwner
{
    /// <summary>A function that lost so many bets stays in baseline code.</summary>
    private const int MaxDeoptimizations = 12;

    /// <summary>The same when everything is optimized at once: every function is a lost bet at first.</summary>
    private const int MaxDeoptimizationsAtOnce = 100;

    /// <summary>Longer functions are not optimized, in bytes of bytecode.</summary>
    private const int MaxBytecodeLength = 20_000;

    private readonly Agent _agent;
    private readonly CodeSpace _codes;
    private readonly CompilerOptions _options;
    private OptimizingCompiler? _compiler;
    private readonly Deoptimizer _deoptimizer;
    private readonly List<OptimizedCode> _live = [];
    private int _nextId;

    public OptimizedTier(Agent agent, CodeSpace codes, Deoptimizer deoptimizer, CompilerOptions options)
    {
        _agent = agent;
        _codes = codes;
        _options = options;
        _inbox = new CompilationInbox(() => _agent.Heap.RequestInterrupt(InterruptRequest.FinishCompilation));
        agent.Heap.Heap.AddWeakProcessor(this);
        agent.DependentCodeOwner = this;
        Deoptimized = new DeoptimizedCodeList(agent);
        deoptimizer.DescribesFrames = options.TraceDeoptVerbose;
        _deoptimizer = deoptimizer;
        deoptimizer.Sink = OnDeoptimized;
        codes.Freed = OnFreed;
        if (options.TraceOpt || options.TraceDeopt || options.TraceOsr)
        {
            Events.Add(new CompilerTrace(options.TraceOpt, options.TraceDeopt, options.TraceOsr, text => agent.CompilerTrace?.Invoke(text)).Listen);
        }
    }

    private OptimizingCompiler MakeCompiler() => new(HandlerTables.Instance.Configuration, HandlerTables.Instance.DataDistance)
    {
        PhasePrinter = _options.PrintOptGraph is null ? null : PrintPhase,
        KeepsListing = _options.PrintOptCode,
        RootNames = HandlerTables.RootName,
    };

    /// <summary>The codes that are marked, until they die.</summary>
    public DeoptimizedCodeList Deoptimized { get; }

    private EventStream Events => _agent.Events;

    /// <summary>The place of a code may be another's from now on.</summary>
    private void OnFreed(CodeInfo info)
    {
        if (((InstalledCode)info.Tag!).Deoptimization is OptimizedCode code)
        {
            _live.Remove(code);
            code.Cell.Dispose();
            code.CodeHandle.Dispose();
        }

        if (Events.IsOn)
        {
            Events.Emit(EventKind.CodeFree, info.Name, a: info.SizeInBytes);
        }
    }

    private void PrintPhase(string phase, string text) =>
        Trace(_options.PrintOptGraph!.Length == 0 || _options.PrintOptGraph == phase, "--- " + phase + "\n" + text);

    private void Trace(bool isOn, string text)
    {
        if (isOn)
        {
            _agent.CompilerTrace?.Invoke(text);
        }
    }

    // ---- constants -------------------------------------------------------------------------------------------

    /// <summary>
    /// Takes what is marked out of the last caches that lead to it, so that the next collection finds it dead; marks what names an
    /// object that has died. Nothing that names one has an activation: those hold what their code names.
    /// </summary>
    public void ProcessWeak(CollectionContext context)
    {
        for (int i = _live.Count - 1; i >= 0; i--)
        {
            if (_live[i].IsMarked)
            {
                Unlink(_live[i]);
            }
        }

        Deoptimized.Process(context);
        for (int i = _live.Count - 1; i >= 0; i--)
        {
            OptimizedCode code = _live[i];
            if (code.ConstantsAddress == 0)
            {
                continue;
            }

            // Dead code is still here until its instructions are freed: what it named may be gone at the next collection.
            SetConstants(code, context.Forwarded(code.ConstantsAddress));
            if (code.ConstantsAddress != 0 && CodeConstants.Update(context, code) && !code.IsMarked)
            {
                MarkInPause(code);
            }
        }
    }

    private static void SetConstants(OptimizedCode code, ulong address)
    {
        code.ConstantsAddress = address;
        code.Installed!.Constants = address == 0 ? null : (ulong*)(address + WeakFixedArray.ElementsOffset);
        code.Installed.ConstantCount = address == 0 ? 0 : code.Constants.Length;
    }

    // ---- compiling -------------------------------------------------------------------------------------------

    /// <summary>What a function may spend before it is looked at again: more after each lost bet.</summary>
    public int NextBudget(FeedbackVector vector, int budget) =>
        (vector.Flags & NeverOptimize) != 0 ? int.MaxValue : budget << Math.Min(_options.AlwaysOptimize ? (vector.Flags & CountMask) / 4 : vector.Flags & CountMask, 4);

    private const int CountMask = FeedbackVectorFlags.DeoptimizationCount;
    private const int NeverOptimize = FeedbackVectorFlags.NeverOptimize;
    private const int OsrRequested = FeedbackVectorFlags.OsrRequested;

    public static bool IsNeverOptimized(FeedbackVector vector) => (vector.Flags & NeverOptimize) != 0;

    /// <summary>As a native asks: no code of another function holds it either.</summary>
    public static void SetNeverOptimized(FeedbackVector vector) => vector.Flags |= NeverOptimize | FeedbackVectorFlags.NeverInline;

    /// <summary>A function whose feedback begins anew has lost nothing yet.</summary>
    public static void ForgetLostBets(FeedbackVector vector) => vector.Flags &= ~CountMask;

    /// <summary>Asked for by a native: the next back-edge enters optimized code, whatever tier it comes from.</summary>
    public void RequestOsr(FeedbackVector vector) => vector.Flags |= OsrRequested;

    /// <summary>Whether a native asked for on-stack replacement; the answer is given once.</summary>
    public static bool TakeOsrRequest(FeedbackVector vector)
    {
        bool requested = (vector.Flags & OsrRequested) != 0;
        vector.Flags &= ~OsrRequested;
        return requested;
    }

    /// <summary>A function has used up its budget. Where its frame goes on at the loop header, or 0.</summary>
    public ulong OnHot(JSFunction function, int offset, bool isLoop, bool atOnce = false)
    {
        FeedbackVector vector = FeedbackVector.Cast(function.FeedbackCell.Value);
        if ((vector.Flags & NeverOptimize) != 0 || _options.NoOptimize)
        {
            return 0;
        }

        if (!isLoop)
        {
            if (!HasCode(vector))
            {
                Compile(function);
            }

            return 0;
        }

        if (!_options.UseOsr)
        {
            return 0;
        }

        if (OsrCache.TryFind(vector, offset, out Code known) && Of(known) is { IsMarked: false } cached)
        {
            // Entered once more: the function is called again and again, and its loops are too short to be waited for.
            if (cached.WasEntered && !HasCode(vector))
            {
                Compile(function);
            }

            return EnterLoop(cached, offset, known.InstructionStart);
        }

        CodeInfo? code = Compile(function, offset, atOnce);
        if (code is null)
        {
            return 0;
        }

        return EnterLoop((OptimizedCode)((InstalledCode)code.Tag!).Deoptimization!, offset, (ulong)code.Start);
    }

    private ulong EnterLoop(OptimizedCode code, int offset, ulong address)
    {
        code.WasEntered = true;
        if (Events.IsOn)
        {
            Events.Emit(EventKind.OsrEnter, code.Name, a: code.Id, b: offset);
        }

        return address;
    }

    /// <summary>Has a function compiled: beside the script, unless its code is wanted at once or there is no thread for it.</summary>
    /// <returns>The code, if it is there already.</returns>
    public CodeInfo? Compile(JSFunction function, int osrOffset = -1, bool atOnce = false) =>
        atOnce || !IsConcurrent ? Optimize(function, osrOffset) : Enqueue(function, osrOffset);

    /// <summary>Has a function compiled beside the script, unless that is under way; its code comes later.</summary>
    private CodeInfo? Enqueue(JSFunction function, int osrOffset)
    {
        FeedbackVector vector = FeedbackVector.Cast(function.FeedbackCell.Value);
        foreach (OptimizationJob job in _pending)
        {
            if (job.Compilation.OsrOffset == osrOffset && new JSFunction(job.Function.Value.Bits).FeedbackCell.Value == (Value)vector)
            {
                job.AskAgain();
                return null;
            }
        }

        if (Prepare(function, osrOffset) is { } prepared)
        {
            _pending.Add(prepared);
            CompilationThreads.Add(prepared);
        }

        return null;
    }

    private static int s_hasRehearsed;

    /// <summary>
    /// Once per process, when functions first become warm: .NET needs about 200 ms to compile the compiler, and can do that on the
    /// compiler's thread before the first function is hot.
    /// </summary>
    public void Rehearse(JSFunction function)
    {
        if (!IsConcurrent || _options.NoOptimize || Interlocked.Exchange(ref s_hasRehearsed, 1) != 0 || Prepare(function, -1, isRehearsal: true) is not { } job)
        {
            return;
        }

        CompilationThreads.Add(job);
    }

    private readonly List<OptimizationJob> _pending = [];
    private readonly CompilationInbox _inbox;

    /// <summary>For those who watch: code is there when its function has become hot, and the events come in order.</summary>
    public bool CompilesAtOnce { get; set; }

    /// <summary>Stress modes and printers want to know when things happen.</summary>
    public bool IsConcurrent =>
        !CompilesAtOnce && !_options.SingleThreaded && !_options.AlwaysOptimize && _options.DeoptEveryNTimes == 0 && _options.PrintOptGraph is null && !_options.PrintOptCode;

    /// <summary>Installs what has been compiled; at a poll.</summary>
    public void FinishCompilations()
    {
        while (_inbox.Take() is { } job)
        {
            if (job.IsRehearsal)
            {
                job.Compilation.Dispose();
                job.Function.Dispose();
                continue;
            }

            _pending.Remove(job);
            FeedbackVector vector = FeedbackVector.Cast(new JSFunction(job.Function.Value.Bits).FeedbackCell.Value);
            using Handle keep = _agent.Heap.CreateHandle(vector);
            if (Finish(job) is not null && job.Compilation.IsOsr)
            {
                // The next back-edge enters it.
                new FeedbackVector(keep.Value.Bits).Budget = -1;
            }
        }
    }

    /// <summary>Whether a function, rather than a loop of it, is being compiled beside the script.</summary>
    public bool IsPending(JSFunction function)
    {
        foreach (OptimizationJob job in _pending)
        {
            if (!job.Compilation.IsOsr && new JSFunction(job.Function.Value.Bits).FeedbackCell.Address == function.FeedbackCell.Address)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Has everything installed that is being compiled, until a function is not among it any more.</summary>
    public void WaitFor(JSFunction function)
    {
        while (IsPending(function))
        {
            if (!_inbox.WaitForJob(TimeSpan.FromSeconds(1)))
            {
                // The script may be ended meanwhile.
                _agent.PollInterrupts();
            }

            FinishCompilations();
        }
    }

    private OptimizedCode Of(Code code) => (OptimizedCode)_codes.Find(code).Deoptimization!;

    /// <summary>Whether a function has code that is not marked. Marked code stays where it is until the next collection.</summary>
    public bool HasCode(FeedbackVector vector) => Code.TryAs(vector.OptimizedCode, out Code code) && !Of(code).IsMarked;

    /// <summary>Whether no compilation comes back any more.</summary>
    public bool IsDisposed => _inbox.IsClosed;

    public void Dispose() => _inbox.Dispose();

    /// <summary>Compiles a function now, on this thread, and installs its code.</summary>
    /// <returns>The code, or null if the function stays in its tier.</returns>
    public CodeInfo? Optimize(JSFunction function, int osrOffset = -1)
    {
        if (Prepare(function, osrOffset) is not { } job)
        {
            return null;
        }

        job.Run(_compiler ??= MakeCompiler());
        return Finish(job);
    }

    private OptimizationJob? Prepare(JSFunction function, int osrOffset, bool isRehearsal = false)
    {
        long begin = Stopwatch.GetTimestamp();
        FeedbackVector vector = FeedbackVector.Cast(function.FeedbackCell.Value);
        if (BytecodeArray.Cast(function.Shared.Bytecode).Length > MaxBytecodeLength)
        {
            vector.Flags |= NeverOptimize;
            return null;
        }

        int lost = vector.Flags & CountMask;
        Handle handle = _agent.Heap.CreateHandle(function);
        var constants = new ConstantTable(_agent);
        var broker = new Broker(_agent, constants);
        FunctionSnapshot snapshot = broker.Prepare(function);
        if (MakeMissing(broker, constants))
        {
            // What was copied before is of before.
            constants.Dispose();
            constants = new ConstantTable(_agent);
            snapshot = new Broker(_agent, constants).Prepare(new JSFunction(handle.Value.Bits));
        }

        if (Events.IsOn && !isRehearsal)
        {
            if (lost > 0)
            {
                Events.Emit(EventKind.Reoptimize, snapshot.Name, a: lost);
            }

            Events.Emit(EventKind.TierUpRequest, snapshot.Name, a: osrOffset);
        }

        return new OptimizationJob(new Compilation(_agent, snapshot, constants, osrOffset), handle, _inbox, isRehearsal) { Prepared = Stopwatch.GetElapsedTime(begin), LossesKnown = _losses };
    }

    /// <summary>Makes what is made once, when a compilation first wants it; false if nothing was missing.</summary>
    private bool MakeMissing(Broker broker, ConstantTable constants)
    {
        bool wantsBodies = broker.WantsIterationBodies && _agent.Realm.IterationBodies.IsUndefined;
        if (wantsBodies)
        {
            IterationBodies.Ensure(_agent);
        }

        foreach (int prototype in broker.MissingCells)
        {
            Prototypes.ValidityCellOf(_agent, new JSObject(constants.ValueOf(prototype).Bits));
        }

        return wantsBodies || broker.MissingCells.Count > 0;
    }

    private CodeInfo? Finish(OptimizationJob job)
    {
        long begin = Stopwatch.GetTimestamp();
        using Compilation compilation = job.Compilation;
        using Handle handle = job.Function;
        string name = compilation.Function.Name;
        int osrOffset = compilation.OsrOffset;
        if (job.Defect is { } defect)
        {
            throw new InvalidOperationException("the optimizing compiler failed on " + name, defect);
        }

        if (job.Result is not { } compiled)
        {
            if (Events.IsOn)
            {
                Events.Emit(EventKind.TierUpAbandon, name, job.Bailout!.Message, a: osrOffset);
            }

            FeedbackVector.Cast(new JSFunction(handle.Value.Bits).FeedbackCell.Value).Flags |= NeverOptimize;
            return null;
        }

        if (Events.IsOn)
        {
            Events.Emit(EventKind.TierUpCompile, name, a: osrOffset, b: (long)job.Elapsed.TotalMicroseconds, c: compilation.Inlined.Count - 1);
        }

        if (compilation.Dependencies.Any(d => !d.Holds(compilation.Constants)))
        {
            if (Events.IsOn)
            {
                Events.Emit(EventKind.TierUpAbandon, name, "an assumption has died", a: osrOffset);
            }

            return null;
        }

        CodeInfo info = Install(new JSFunction(handle.Value.Bits), job, begin);
        Trace(_options.PrintOptCode, compiled.Listing);
        return info;
    }

    private CodeInfo Install(JSFunction function, OptimizationJob job, long finishing)
    {
        Compilation compilation = job.Compilation;
        CompiledFunction compiled = job.Result!;
        using Handle keepFunction = _agent.Heap.CreateHandle(function);
        using Handle keep = _agent.Heap.CreateHandle(CodeConstants.Make(_agent, compiled, compilation.Constants));
        function = new JSFunction(keepFunction.Value.Bits);
        var optimized = new OptimizedCode(compiled.Data, compiled.DataSlots.Length, compiled.ReservedSlots, compilation.OsrOffset) { Id = ++_nextId, Name = compilation.Function.Name, LossesKnown = job.LossesKnown };

        // Code and data area lie at a fixed distance: a block is as long as both need.
        byte[] bytes = compiled.Stub.Code;
        if (bytes.Length < compiled.DataSlots.Length * 8)
        {
            Array.Resize(ref bytes, compiled.DataSlots.Length * 8);
        }

        Code code = _codes.Add(new CodeDescription
        {
            Name = compiled.Stub.Name, Kind = CodeKind.Optimized, Instructions = bytes, Relocations = compiled.Stub.Relocations,
            Safepoints = compiled.Stub.Safepoints, Shared = function.Shared, SpillSlotCount = compiled.Stub.SpillSlotCount,
            ReservedSlots = compiled.ReservedSlots, ReservesValues = !compilation.IsOsr, Deoptimization = optimized,
        });
        function = new JSFunction(keepFunction.Value.Bits);
        code.SetDeoptimizationData(FixedArray.Cast(keep.Value));
        optimized.Installed = _codes.Find(code);
#pragma warning disable SEGNO002 // Kept true by ProcessWeak, which every collection calls.
        SetConstants(optimized, CodeConstants.ArrayOf(FixedArray.Cast(keep.Value)).Address);
#pragma warning restore SEGNO002
        optimized.DataSlots = (ulong*)(code.InstructionStart + (ulong)HandlerTables.Instance.DataDistance);
        CodeConstants.FillDataArea(optimized);
        FeedbackCell cell = function.FeedbackCell;
        optimized.Cell = _agent.Heap.CreateHandle(cell);
        optimized.Cell.MakeWeak();
        using Handle keepCode = _agent.Heap.CreateHandle(code);
        optimized.CodeHandle = _agent.Heap.CreateHandle(code);
        optimized.CodeHandle.MakeWeak();
        _live.Add(optimized);
        foreach (Dependency dependency in compilation.Dependencies)
        {
            dependency.Register(_agent, compilation.Constants, new Code(keepCode.Value.Bits));
        }

        code = new Code(keepCode.Value.Bits);
        cell = new JSFunction(keepFunction.Value.Bits).FeedbackCell;
        if (Events.IsOn)
        {
            Events.Emit(EventKind.TierUpInstall, optimized.Name, a: optimized.Id, b: code.InstructionSize, c: compilation.Dependencies.Count, d: (long)(job.Prepared + Stopwatch.GetElapsedTime(finishing)).TotalMicroseconds);
        }

        CodeInfo info = _codes.Find(code).Info;
        FeedbackVector vector = FeedbackVector.Cast(cell.Value);
        if (compilation.IsOsr)
        {
            OsrCache.Add(_agent, vector, compilation.OsrOffset, code);
        }
        else
        {
            vector.SetOptimizedCode(code);
            CodeSpace.Install(cell, code);
        }

        return info;
    }

    // ---- lost bets -------------------------------------------------------------------------------------------

    /// <summary>Accounts for a bail-out, with ordinary frames on the stack: the reason is learned, the code is marked and left.</summary>
    private void OnDeoptimized(DeoptimizationEvent e)
    {
        if (Events.IsOn)
        {
            Tell(e);
        }

        if (e.Details is not null)
        {
            Trace(_options.TraceDeoptVerbose, e.Details);
        }

        if (e.Reason is DeoptimizeReason.Exception or DeoptimizeReason.Stress)
        {
            return;
        }

        Learn(e);
        Mark(e.Owner, e.Reason);
    }

    /// <summary>What happened while nobody could be told: between capture and replacement.</summary>
    private void Tell(DeoptimizationEvent e)
    {
        OptimizedCode code = e.Owner;
        Events.Emit(e.Captured, EventKind.GuardFail, e.Function, e.Reason.Name(), code.Id, e.Id, e.BytecodeOffset, e.FeedbackSlot);
        Events.Emit(e.Captured, EventKind.DeoptCapture, code.Name, FrameCensus.CauseOf(e), code.Id, e.Id, e.IsLazy ? 1 : 0, code.OsrOffset);
        Events.Emit(e.Written, EventKind.DeoptTranslate, code.Name, a: code.Id, b: e.FrameCount);
        FrameCensus.Tell(Events, e);
        Events.Emit(e.Written, EventKind.DeoptWrite, code.Name, a: code.Id, b: e.Words);
        Events.Emit(e.Replaced, EventKind.DeoptReplace, code.Name, a: code.Id, b: e.Id);
        if (e.Objects > 0)
        {
            Events.Emit(EventKind.DeoptMaterialize, code.Name, a: code.Id, b: e.Objects);
        }
    }

    /// <summary>How many bets have been lost so far.</summary>
    private uint _losses;

    private void Learn(DeoptimizationEvent e)
    {
        if (e.FeedbackSlot < 0)
        {
            return;
        }

        StackFrame frame = CallSites.InnermostScriptFrame(_agent);
        FeedbackVector vector = new(frame.Slot(FrameLayout.FeedbackVector));
        if (!ByteArray.Is(vector.Deoptimizations))
        {
            using Handle keep = _agent.Heap.CreateHandle(vector);
            ByteArray history = _agent.NewByteArray(new byte[vector.Length * LostBets.BytesPerSlot]);
            vector = new FeedbackVector(keep.Value.Bits);
            vector.SetDeoptimizations(history);
        }

        LostBets.Note(new ByteArray(vector.Deoptimizations.Bits), e.FeedbackSlot, e.Reason, e.Owner.LossesKnown, ++_losses);
    }

    /// <summary>Marks every optimized code of a function.</summary>
    public void Invalidate(FeedbackVector vector)
    {
        foreach (OptimizedCode code in _live.ToArray())
        {
            if (FeedbackCell.TryAs(code.Cell.Value, out FeedbackCell cell) && cell.Value == (Value)vector)
            {
                Mark(code, DeoptimizeReason.Requested);
            }
        }
    }

    /// <summary>Something that a code relies on has changed, or is about to.</summary>
    public void Invalidate(Code code, DependencyKind kind)
    {
        OptimizedCode optimized = Of(code);
        if (!optimized.IsMarked)
        {
            optimized.LostDependency = kind;
        }

        Mark(optimized, DeoptimizeReason.DependencyChange);
    }

    /// <summary>Nobody enters the code again: its cell leads to the tier below (DEOPT-4).</summary>
    public void Mark(OptimizedCode code, DeoptimizeReason reason)
    {
        if (code.IsMarked)
        {
            return;
        }

        code.MarkReason = reason;
        int activations = _deoptimizer.PatchActivations(code);
        if (Code.TryAs(code.CodeHandle.Value, out Code marked))
        {
            Deoptimized.Append(marked);
        }

        if (Events.IsOn)
        {
            Events.Emit(EventKind.CodeMark, code.Name, reason.Name(), code.Id);
            if (activations > 0)
            {
                Events.Emit(EventKind.ActivationPatch, code.Name, a: code.Id, b: activations);
            }

            Events.Emit(EventKind.WeakListAppend, code.Name, a: code.Id);
        }

        if (!FeedbackCell.TryAs(code.Cell.Value, out FeedbackCell cell))
        {
            return;
        }

        FeedbackVector vector = FeedbackVector.Cast(cell.Value);
        CountLost(vector);
        if (IsEntered(cell, code) && Code.TryAs(vector.Shared.BaselineCode, out Code baseline))
        {
            CodeSpace.Install(cell, baseline);
        }

        Redirect(cell, code);
    }

    private void CountLost(FeedbackVector vector)
    {
        int count = Math.Min((vector.Flags & CountMask) + 1, CountMask);
        vector.Flags = (vector.Flags & ~CountMask) | count | (count >= (_options.AlwaysOptimize ? MaxDeoptimizationsAtOnce : MaxDeoptimizations) ? NeverOptimize : 0);
    }

    private static bool IsEntered(FeedbackCell cell, OptimizedCode code) => cell.Entry == (ulong)code.Installed!.Info.Start;

    /// <summary>If a cell leads to a code, it leads to the interpreter from now on. Stores no reference, so that the collector may do it.</summary>
    private void Redirect(FeedbackCell cell, OptimizedCode code)
    {
        if (IsEntered(cell, code))
        {
            cell.SetCode(Value.Undefined);
            cell.Entry = _agent.Block->Stubs[(int)StubId.InterpreterEntry];
        }
    }

    /// <summary>
    /// The collector has found an object dead that a code names: as with any other mark, but no bet was lost. The function runs in the
    /// interpreter until it asks for more, which then gives it the baseline code that it has.
    /// </summary>
    private void MarkInPause(OptimizedCode code)
    {
        code.MarkReason = DeoptimizeReason.ObjectDied;
        if (!Code.TryAs(code.CodeHandle.Value, out Code marked))
        {
            return;
        }

        Deoptimized.Append(marked);
        if (Events.IsOn)
        {
            Events.Emit(EventKind.CodeMark, code.Name, DeoptimizeReason.ObjectDied.Name(), code.Id);
            Events.Emit(EventKind.WeakListAppend, code.Name, a: code.Id);
        }

        if (FeedbackCell.TryAs(code.Cell.Value, out FeedbackCell cell))
        {
            Redirect(cell, code);
        }

        Unlink(code);
    }

    /// <summary>Clears the cache entries that lead to a marked code: its function's, or its place among the codes for loop headers.</summary>
    private void Unlink(OptimizedCode code)
    {
        if (code.IsUnlinked)
        {
            return;
        }

        code.IsUnlinked = true;
        int entries = 0;
        if (FeedbackCell.TryAs(code.Cell.Value, out FeedbackCell cell) && FeedbackVector.TryAs(cell.Value, out FeedbackVector vector))
        {
            if (vector.OptimizedCode == code.CodeHandle.Value)
            {
                vector.SetOptimizedCode(Value.Undefined);
                entries++;
            }

            entries += OsrCache.Remove(vector, code.CodeHandle.Value);
        }

        if (entries > 0 && Events.IsOn)
        {
            Events.Emit(EventKind.CacheClear, code.Name, a: code.Id, b: entries);
        }
    }
}
