using System.Runtime.InteropServices;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Graph;
using Segno.Heap;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Segno.Deoptimization;

/// <summary>
/// Rebuilds the frames of the interpreter from a frame of optimized code: capture, translation, and the words that replace it. One per
/// agent. Between entry and replacement nothing is allocated on the heap and nothing polls (DEOPT-3).
/// </summary>
internal sealed unsafe class Deoptimizer : IRootProvider, IDisposable
{
    private const int MaxWords = 1 << 16;

    private readonly Agent _agent;
    private readonly CodeRegistry _registry;
    private readonly ulong* _words;
    private readonly DeoptimizedFrames* _frames;
    private readonly Materializer _materializer;
    private int _accumulatorObject = -1;
    private ulong _accumulator = Value.UndefinedBits;

    public Deoptimizer(Agent agent, CodeRegistry registry)
    {
        _agent = agent;
        _materializer = new Materializer(agent);
        _registry = registry;
        _words = (ulong*)NativeMemory.Alloc(MaxWords * 8);
        _frames = (DeoptimizedFrames*)NativeMemory.Alloc((nuint)sizeof(DeoptimizedFrames));
        agent.Deoptimizer = this;
        ThreadBlock* block = agent.Block;
        block->Runtime[(int)RuntimeSlot.Deoptimize] = (ulong)(delegate* unmanaged<ThreadBlock*, ulong*, ulong, ulong, DeoptimizedFrames*>)&Eager;
        block->Runtime[(int)RuntimeSlot.DeoptimizeLazily] = (ulong)(delegate* unmanaged<ThreadBlock*, ulong*, ulong, ulong, DeoptimizedFrames*>)&Lazy;
        block->Runtime[(int)RuntimeSlot.DeoptimizeForException] = (ulong)(delegate* unmanaged<ThreadBlock*, DeoptimizedFrames*>)&ForException;
        block->GuardCountdown = agent.CompilerOptions.DeoptEveryNTimes;
        agent.Heap.Heap.AddRootProvider(this);
    }

    /// <summary>Whether events carry every frame, and where each of its values came from.</summary>
    public bool DescribesFrames { get; set; }

    /// <summary>Told behind each replacement, with ordinary frames on the stack.</summary>
    public Action<DeoptimizationEvent>? Sink { get; set; }

    public RootSection Section => RootSection.Realms;

    private DeoptimizationEvent? _event;

    /// <summary>The receiver of a construction that goes on in <see cref="Finish"/>, or 0.</summary>
    private ulong _receiver;

    /// <summary>The accumulator holds what the registers of a ForInPrepare are to get in <see cref="Finish"/>.</summary>
    private bool _enumerates;

    public void VisitRoots(RootVisitor visitor)
    {
        fixed (ulong* accumulator = &_accumulator)
        {
            visitor.VisitSlot(accumulator);
        }

        if (_receiver != 0)
        {
            fixed (ulong* receiver = &_receiver)
            {
                visitor.VisitSlot(receiver);
            }
        }

        _materializer.VisitRoots(visitor);
    }

    /// <summary>The second half: runs with the written frames on the stack. Answers the accumulator.</summary>
    public Value Finish()
    {
        DeoptimizationEvent? done = _event;
        _event = null;
        long replaced = Stopwatch.GetTimestamp();
        int objects = _materializer.Count;
        _materializer.Materialize(_accumulatorObject, ref _accumulator);
        if (done is not null)
        {
            done.Replaced = replaced;
            done.Objects = objects;
            Sink?.Invoke(done);
        }

        if (_receiver != 0)
        {
            return Construct();
        }

        var accumulator = new Value(_accumulator);
        _accumulator = Value.UndefinedBits;
        if (_enumerates)
        {
            _enumerates = false;
            Enumerate(new FixedArray(accumulator.Bits));
            return Value.Undefined;
        }

        return accumulator;
    }

    /// <summary>The code was marked while the keys of a for-in were collected: map, keys and count go to the registers of the bytecode.</summary>
    private void Enumerate(FixedArray triple)
    {
        StackFrame frame = InnermostFrame();
        var it = new BytecodeIterator(new ReadOnlySpan<byte>(frame.Bytecode.Bytes, frame.Bytecode.Length), frame.BytecodeOffset);
        for (int i = 0; i < 3; i++)
        {
            *frame.SlotAddress((it.Operand(0) - i) * 8) = triple.GetElements(i).Bits;
        }
    }

    /// <summary>The innermost of the frames just written.</summary>
    private StackFrame InnermostFrame()
    {
        var walker = new StackWalker(_agent.Block);
        if (walker.Current.Kind == FrameKind.Exit)
        {
            walker.Advance();
        }

        return walker.Current;
    }

    /// <summary>
    /// The code was marked while the receiver of a construction was being made: the constructor is called from here, in the midst of
    /// its bytecode, which then gets the result like that of any call.
    /// </summary>
    private Value Construct()
    {
        var receiver = new Value(_receiver);
        var newTarget = new Value(_accumulator);
        _receiver = 0;
        _accumulator = Value.UndefinedBits;
        StackFrame frame = InnermostFrame();
        var it = new BytecodeIterator(new ReadOnlySpan<byte>(frame.Bytecode.Bytes, frame.Bytecode.Length), frame.BytecodeOffset);
        int count = it.Operand(2);
        *frame.SlotAddress(it.Operand(1) * 8) = receiver.Bits;

        // Registers descend, arguments ascend; both are visited: the collector sees all of the C# stack.
        ulong* list = stackalloc ulong[count];
        for (int i = 0; i < count; i++)
        {
            list[i] = *frame.SlotAddress((it.Operand(1) - i) * 8);
        }

        var constructor = new Value(*frame.SlotAddress(it.Operand(0) * 8));
        Value result = Invoker.Call(_agent, JSFunction.Cast(constructor), newTarget, count - 1, (Value*)list);

        // What ran may have been deoptimized itself, and gone on elsewhere.
        _agent.Block->ResumeAddress = _agent.Block->Stubs[(int)StubId.ResumeAfterCall];
        return result;
    }

    // ---- entries ---------------------------------------------------------------------------------------------

    [UnmanagedCallersOnly]
    private static DeoptimizedFrames* Eager(ThreadBlock* block, ulong* registers, ulong pc, ulong framePointer) =>
        Of(block).Deoptimize(registers, pc, framePointer, isLazy: false);

    [UnmanagedCallersOnly]
    private static DeoptimizedFrames* Lazy(ThreadBlock* block, ulong* registers, ulong pc, ulong framePointer) =>
        Of(block).Deoptimize(registers, pc, framePointer, isLazy: true);

    [UnmanagedCallersOnly]
    private static DeoptimizedFrames* ForException(ThreadBlock* block)
    {
        Deoptimizer self = Of(block);
        try
        {
            return self.ForException(block->ResumePc, block->ResumeFramePointer);
        }
        catch (Exception e)
        {
            Environment.FailFast("deoptimization failed", e);
            return null;
        }
    }

    private static Deoptimizer Of(ThreadBlock* block) => (Deoptimizer)Agent.From(block).Deoptimizer!;

    private DeoptimizedFrames* Deoptimize(ulong* registers, ulong pc, ulong framePointer, bool isLazy)
    {
        try
        {
            using var scope = new NoAllocationScope(_agent.Heap);
            long captured = Stopwatch.GetTimestamp();
            CodeInfo info = _registry.Find((nint)pc - 1)!;
            var code = (OptimizedCode)((InstalledCode)info.Tag!).Deoptimization!;
            int id = code.Data.FindExit((int)((nint)pc - info.Start));
            DeoptimizationEntry entry = code.Data.Entries[id];
            var state = new TranslatedState(code, framePointer, registers, _materializer);
            ulong result = isLazy ? registers[DeoptimizationStubs.WordOf(MachineCode.Register.Rax)] : Value.UndefinedBits;
            Write(entry.Translation, state, int.MaxValue, out TranslatedFrame top);
            _accumulator = top.HasAccumulator ? top.Accumulator : result;
            _receiver = top.Continuation == FrameContinuation.Construct ? result : 0;
            _enumerates = top.Continuation == FrameContinuation.Enumerate;
            ThreadBlock* block = _agent.Block;
            block->ResumeAddress = block->Stubs[(int)(top.Continuation == FrameContinuation.Before ? StubId.ResumeAtBytecode : StubId.ResumeAfterCall)];
            string? details = DescribesFrames ? TranslationPrinter.Print(entry.Translation, state) : null;
            _event = new DeoptimizationEvent(info.Name, id, entry, ReasonOf(code, entry, isLazy), entry.FeedbackSlot, code.Data.Functions[entry.Function], isLazy, code, top.FrameCount,
                captured, Stopwatch.GetTimestamp(), (int)_frames->Count, details);
            return _frames;
        }
        catch (Exception e)
        {
            // There is no frame left to throw into.
            Environment.FailFast("deoptimization failed", e);
            return null;
        }
    }

    private DeoptimizeReason ReasonOf(OptimizedCode code, in DeoptimizationEntry entry, bool isLazy)
    {
        int every = _agent.CompilerOptions.DeoptEveryNTimes;
        if (every > 0 && _agent.Block->GuardCountdown == 0)
        {
            _agent.Block->GuardCountdown = every;
            return DeoptimizeReason.Stress;
        }

        if (!isLazy || entry.Reason != DeoptimizeReason.None)
        {
            return entry.Reason;
        }

        return code.MarkReason == DeoptimizeReason.Requested ? DeoptimizeReason.Requested : DeoptimizeReason.DependencyChange;
    }

    private DeoptimizedFrames* ForException(ulong pc, ulong framePointer)
    {
        using var scope = new NoAllocationScope(_agent.Heap);
        long captured = Stopwatch.GetTimestamp();
        CodeInfo info = _registry.FindReturnAddress((nint)pc, out _)!;
        var code = (OptimizedCode)((InstalledCode)info.Tag!).Deoptimization!;
        code.Data.TryFindCall((int)((nint)pc - info.Start), out DeoptimizationEntry entry);
        var state = new TranslatedState(code, framePointer, null, _materializer);
        int depth = FindHandler(code, entry, framePointer, out int handler, out int contextRegister);
        Write(entry.Translation, state, depth, out TranslatedFrame top);
        var function = new JSFunction(*WordAt(top.FramePointer, FrameLayout.Function));
        ulong* context = WordAt(top.FramePointer, FrameLayout.Context);
        *context = *WordAt(top.FramePointer, contextRegister * 8);
        _materializer.CopyPatch(Address(top.FramePointer, contextRegister * 8), Address(top.FramePointer, FrameLayout.Context));
        KeepKind(top.FramePointer, new JSFunction(*WordAt(top.FramePointer, FrameLayout.Function)));
        ulong handlerPc = (ulong)BytecodeArray.Cast(function.Shared.Bytecode).Bytes + (ulong)handler;
        *WordAt(top.FramePointer, FrameLayout.BytecodePc) = handlerPc;
        _frames->Pc = handlerPc;
        ThreadBlock* block = _agent.Block;
        _accumulator = block->PendingException;
        block->PendingException = Value.HoleBits;
        block->ResumeAddress = block->Stubs[(int)StubId.ResumeAtBytecode];
        string? details = DescribesFrames ? TranslationPrinter.Print(entry.Translation, state) : null;
        _event = new DeoptimizationEvent(info.Name, -1, entry, DeoptimizeReason.Exception, -1, code.Data.Functions[entry.Function], true, code, top.FrameCount,
            captured, Stopwatch.GetTimestamp(), (int)_frames->Count, details);
        return _frames;
    }

    // ---- questions of the walkers ----------------------------------------------------------------------------

    /// <summary>The frame, from the outermost, that handles an exception at a call; -1 if none does.</summary>
    private static int FindHandler(OptimizedCode code, in DeoptimizationEntry entry, ulong framePointer, out int handler, out int contextRegister)
    {
        var state = new TranslatedState(code, framePointer, null, null!);
        var reader = new TranslationReader(code.Data.Translations, entry.Translation);
        reader.NextOpcode();
        int count = (int)reader.Next();
        int found = -1;
        handler = contextRegister = 0;
        for (int i = 0; i < count; i++)
        {
            TranslatedFrame frame = state.ReadHeader(ref reader);
            state.SkipValues(ref reader, frame);
            if (Unwinder.TryFindHandler(BytecodeArray.Cast(new JSFunction(frame.Closure).Shared.Bytecode), frame.Offset, out int target, out int register))
            {
                found = i;
                handler = target;
                contextRegister = register;
            }
        }

        return found;
    }

    public static bool HasHandler(CodeRegistry registry, ulong framePointer, ulong pc)
    {
        CodeInfo info = registry.FindReturnAddress((nint)pc, out _)!;
        var code = (OptimizedCode)((InstalledCode)info.Tag!).Deoptimization!;
        return code.Data.TryFindCall((int)((nint)pc - info.Start), out DeoptimizationEntry entry) && FindHandler(code, entry, framePointer, out _, out _) >= 0;
    }

    /// <summary>The index-th JavaScript frame, from the innermost, of a frame of optimized code that is at a call.</summary>
    public static bool Describe(CodeRegistry registry, ulong framePointer, ulong pc, int index, out ulong function, out int offset)
    {
        CodeInfo info = registry.FindReturnAddress((nint)pc, out _)!;
        var code = (OptimizedCode)((InstalledCode)info.Tag!).Deoptimization!;
        function = *(ulong*)(framePointer + unchecked((ulong)(long)FrameLayout.Function));
        offset = 0;
        if (!code.Data.TryFindCall((int)((nint)pc - info.Start), out DeoptimizationEntry entry))
        {
            return index == 0; // the stack check at entry
        }

        var state = new TranslatedState(code, framePointer, null, null!);
        var reader = new TranslationReader(code.Data.Translations, entry.Translation);
        reader.NextOpcode();
        int count = (int)reader.Next();
        if (index >= count)
        {
            return false;
        }

        for (int i = 0; i < count - index; i++)
        {
            TranslatedFrame frame = state.ReadHeader(ref reader);
            state.SkipValues(ref reader, frame);
            function = frame.Closure;
            offset = frame.Offset;
        }

        return true;
    }

    /// <summary>
    /// Lets every activation of a code on the stack leave it as soon as control comes back: the return address becomes the lazy exit of
    /// its call. Allocates nothing; return addresses in C# are none of ours. Answers how many there were.
    /// </summary>
    public int PatchActivations(OptimizedCode code)
    {
        int count = 0;
        for (var walker = new StackWalker(_agent.Block); !walker.IsDone;)
        {
            StackFrame callee = walker.Current;
            walker.Advance();
            if (walker.IsDone || callee.Kind == FrameKind.Entry || walker.Current.Kind != FrameKind.Optimized)
            {
                continue;
            }

            CodeInfo? info = _registry.FindReturnAddress((nint)walker.Current.Pc, out _);
            if (info?.Tag is InstalledCode installed && installed.Deoptimization == code
                && code.Data.TryFindCall((int)((nint)walker.Current.Pc - info.Start), out DeoptimizationEntry entry))
            {
                *callee.SlotAddress(FrameLayout.ReturnAddress) = (ulong)(info.Start + entry.ExitStart);
                count++;
            }
        }

        return count;
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    private ulong _bufferTop;

    /// <summary>The word of the buffer that will lie at an address of the stack.</summary>
    private ulong* WordAt(ulong framePointer, int offset) => _words + MaxWords - (long)((_bufferTop - (framePointer + (ulong)(long)offset)) / 8);

    /// <summary>Lays out the frames from the outermost to the <paramref name="last"/> of them, downwards from the frame's own pointer.</summary>
    private void Write(int translation, scoped in TranslatedState state, int last, out TranslatedFrame top)
    {
        _materializer.Start();
        _accumulatorObject = -1;
        var reader = new TranslationReader(state.Code.Data.Translations, translation);
        reader.NextOpcode();
        int count = Math.Min((int)reader.Next(), last == int.MaxValue ? int.MaxValue : last + 1);
        // The word at the frame pointer, the caller's, stays.
        _bufferTop = state.FramePointer;
        ulong framePointer = state.FramePointer;
        top = default;
        for (int i = 0; i < count; i++)
        {
            TranslatedFrame frame = state.ReadHeader(ref reader);
            if (i > 0)
            {
                framePointer = WriteCall(top, frame);
            }

            frame.FramePointer = framePointer;
            WriteFrame(ref reader, state, ref frame, isOutermost: i == 0);
            frame.FrameCount = i + 1;
            top = frame;
        }

        _frames->Bottom = top.Bottom;
        _frames->Words = WordAt(top.Bottom, 0);
        _frames->Count = (long)((_bufferTop - top.Bottom) / 8);
        _frames->FramePointer = top.FramePointer;
        _frames->Pc = *WordAt(top.FramePointer, FrameLayout.BytecodePc);
    }

    /// <summary>Room for the arguments below the caller's frame, the return address and the link; the new frame pointer.</summary>
    private ulong WriteCall(scoped in TranslatedFrame caller, scoped in TranslatedFrame frame)
    {
        ulong framePointer = caller.Bottom - ((ulong)frame.ParameterSlots * 8) - 16;
        *WordAt(framePointer, FrameLayout.ReturnAddress) = _agent.Block->Stubs[(int)StubId.ResumeAfterCall];
        *WordAt(framePointer, FrameLayout.CallerFramePointer) = caller.FramePointer;
        return framePointer;
    }

    private void WriteFrame(scoped ref TranslationReader reader, scoped in TranslatedState state, ref TranslatedFrame frame, bool isOutermost)
    {
        ulong fp = frame.FramePointer;
        var function = new JSFunction(frame.Closure);
        BytecodeArray bytecode = BytecodeArray.Cast(function.Shared.Bytecode);
        Place(WordAt(fp, FrameLayout.Context), Address(fp, FrameLayout.Context), state.ReadValue(ref reader));
        KeepKind(fp, function);
        *WordAt(fp, FrameLayout.Function) = frame.Closure;
        *WordAt(fp, FrameLayout.ArgumentCount) = isOutermost ? *(ulong*)(fp + unchecked((ulong)(long)FrameLayout.ArgumentCount)) : Value.FromInt32(frame.ArgumentCount).Bits;
        *WordAt(fp, FrameLayout.BytecodeArray) = bytecode.Address;
        *WordAt(fp, FrameLayout.BytecodePc) = (ulong)bytecode.Bytes + (ulong)frame.Offset;
        *WordAt(fp, FrameLayout.FeedbackVector) = function.FeedbackCell.Value.Bits;
        for (int i = 0; i < frame.ParameterSlots; i++)
        {
            bool isInPlace = state.ReadValue(ref reader, out ulong value);
            if (!isOutermost)
            {
                Place(WordAt(fp, FrameLayout.Receiver + (i * 8)), Address(fp, FrameLayout.Receiver + (i * 8)), value);
            }
            else if (!isInPlace)
            {
                // Arguments lie above the frame, where nothing is replaced.
                Place((ulong*)Address(fp, FrameLayout.Receiver + (i * 8)), Address(fp, FrameLayout.Receiver + (i * 8)), value);
            }
        }

        for (int i = 0; i < frame.RegisterCount; i++)
        {
            int register = FrameLayout.FirstRegister - (i * 8);
            Place(WordAt(fp, register), Address(fp, register), state.ReadValue(ref reader));
        }

        frame.HasAccumulator = !state.ReadValue(ref reader, out frame.Accumulator);
        _accumulatorObject = frame.HasAccumulator && frame.Accumulator == Value.MaterializeBits ? _materializer.LastObject : -1;
        frame.Bottom = StackFrame.HandlerAreaOf(fp, frame.RegisterCount);
        for (ulong at = frame.Bottom; at < fp + unchecked((ulong)(long)(FrameLayout.FirstRegister - ((frame.RegisterCount - 1) * 8))); at += 8)
        {
            *WordAt(at, 0) = 0;
        }
    }

    /// <summary>The word that tells a frame's kind must be a cell (FRAME-2): the closure's context stands in for one to come.</summary>
    private void KeepKind(ulong framePointer, JSFunction function)
    {
        ulong* context = WordAt(framePointer, FrameLayout.Context);
        if (*context == Value.MaterializeBits)
        {
            *context = function.Context.Bits;
        }
    }

    private static ulong Address(ulong framePointer, int offset) => framePointer + (ulong)(long)offset;

    /// <summary>A slot whose object does not exist yet holds the marker until it does.</summary>
    private void Place(ulong* word, ulong slot, ulong value)
    {
        *word = value;
        if (value == Value.MaterializeBits)
        {
            _materializer.AddPatch(slot);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_words);
        NativeMemory.Free(_frames);
    }
}
