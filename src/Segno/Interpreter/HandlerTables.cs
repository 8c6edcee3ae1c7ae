using System.Runtime.InteropServices;
using Segno.Backend;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Interpreter;

/// <summary>
/// The machine code that every engine of the process shares: calling-convention stubs, and bytecode handlers, which are
/// generated when a bytecode of a width first runs, so that a short script pays for what it uses.
/// </summary>
internal sealed unsafe class HandlerTables
{
    private const int TableLength = 256;

    private readonly Lock _lock = new();
    private readonly List<CodeInfo> _published = [];
    private readonly CodeMemory _memory;
    private readonly StubCompiler _compiler;
    private readonly ulong* _tables;
    private readonly nint[] _bytecodeStubs = new nint[3 * TableLength];
    private readonly ulong[] _stubs = new ulong[(int)StubId.Count];

    private static readonly Lock s_instanceLock = new();
    private static HandlerTables? s_instance;

    private HandlerTables(CodeMemory memory)
    {
        _memory = memory;
        var configuration = new BackendConfiguration
        {
            ExitStubs = [.. Enumerable.Repeat(InterpreterAssembler.Slot(StubId.Exit), 5)],
            WriteBarrier = InterpreterAssembler.Slot(StubId.WriteBarrier),
        };
        _compiler = new StubCompiler(configuration);
        _tables = (ulong*)NativeMemory.AllocZeroed(3 * TableLength * 8);
        MakeStubs();
        for (int scale = 0; scale < 3; scale++)
        {
            for (int i = 0; i < TableLength; i++)
            {
                _tables[(scale * TableLength) + i] = _stubs[(int)StubId.MissingHandler + scale];
            }
        }
    }

    /// <summary>The tables of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">Executable memory is not to be had (D18).</exception>
    public static HandlerTables Instance
    {
        get
        {
            if (Volatile.Read(ref s_instance) is { } instance)
            {
                return instance;
            }

            // Only one may ever be made: the unwinder knows its addresses.
            lock (s_instanceLock)
            {
                if (s_instance is null)
                {
                    Volatile.Write(ref s_instance, new HandlerTables(CodeMemory.TryCreate() ?? throw new PlatformNotSupportedException("Segno needs executable memory, which this platform or its configuration refuses")));
                }

                return s_instance!;
            }
        }
    }

    public CodeRegistry Registry { get; } = new();

    /// <summary>Where all machine code of the process lies.</summary>
    public CodeMemory Memory => _memory;

    /// <summary>Writes names of code for perf, if set.</summary>
    private PerfMap? PerfMap { get; set; }

    /// <summary>Where handlers print their code, if set.</summary>
    public Action<string>? ListingSink { get; set; }

    /// <summary>Fills the addresses of an agent's thread block.</summary>
    public void Install(ThreadBlock* block)
    {
        for (int i = 0; i < _stubs.Length; i++)
        {
            block->Stubs[i] = _stubs[i];
        }

        block->DispatchTable = (ulong)_tables;
        block->WideDispatchTable = (ulong)(_tables + TableLength);
        block->ExtraWideDispatchTable = (ulong)(_tables + (2 * TableLength));
    }

    // ---- stubs -----------------------------------------------------------------------------------------------

    private void MakeStubs()
    {
        int entryResume = 0;
        Macro(StubId.Entry, masm => entryResume = MachineStubs.Entry(masm));
        Unwinder.Registry = Registry;
        Unwinder.EntryResumeAddress = _stubs[(int)StubId.Entry] + (ulong)entryResume;
        Macro(StubId.Exit, MachineStubs.Exit);
        Macro(StubId.Unwind, MachineStubs.Unwind);
        Macro(StubId.ResumeInterpreter, MachineStubs.ResumeInterpreter);
        Macro(StubId.AdaptArguments, UnoptimizedFrames.AdaptArguments);
        Macro(StubId.EnterInterpreter, MachineStubs.Dispatch);
        Macro(StubId.ResumeBaseline, MachineStubs.ResumeBaseline);
        Macro(StubId.InterpreterEntry, static masm => MachineStubs.InterpreterEntry(masm, (int)Runtime.RuntimeId.StackGuard));
        Macro(StubId.CompileLazy, static masm => MachineStubs.CompileLazy(masm, (int)Runtime.RuntimeId.CompileLazy));
        Macro(StubId.BuiltinEntry, static masm => MachineStubs.BuiltinEntry(masm, RuntimeSlot.Builtin));
        Macro(StubId.CallNonFunction, static masm => MachineStubs.BuiltinEntry(masm, RuntimeSlot.CallNonFunction));
        Macro(StubId.PushArgumentsThenCall, static masm => MachineStubs.PushArguments(masm, listHasReceiver: true, constructs: false));
        Macro(StubId.PushUndefinedAndArgumentsThenCall, static masm => MachineStubs.PushArguments(masm, listHasReceiver: false, constructs: false));
        Macro(StubId.PushArgumentsThenConstruct, static masm => MachineStubs.PushArguments(masm, listHasReceiver: true, constructs: true));
        Macro(StubId.Call0, static masm => MachineStubs.CallFixed(masm, 0));
        Macro(StubId.Call1, static masm => MachineStubs.CallFixed(masm, 1));
        Macro(StubId.Call2, static masm => MachineStubs.CallFixed(masm, 2));
        Macro(StubId.WriteBarrier, MachineStubs.WriteBarrier);
        Macro(StubId.NumberToInt32, MachineStubs.NumberToInt32);
        Macro(StubId.FunctionPrototypeCall, MachineStubs.FunctionPrototypeCall);
        Macro(StubId.FunctionPrototypeApply, MachineStubs.FunctionPrototypeApply);
        Macro(StubId.ReturnFromBuiltin, MachineStubs.PopArgumentsAndReturn);
        Macro(StubId.InterpreterReturn, MachineStubs.InterpreterReturn);
        Macro(StubId.MissingHandler, static masm => MachineStubs.MissingHandler(masm, 1));
        Macro(StubId.MissingWideHandler, static masm => MachineStubs.MissingHandler(masm, 2));
        Macro(StubId.MissingExtraWideHandler, static masm => MachineStubs.MissingHandler(masm, 4));

        Macro(StubId.CallAny, MachineStubs.CallAny);
        Macro(StubId.FunctionStackGuard, static masm => MachineStubs.FunctionStackGuard(masm, (int)Runtime.RuntimeId.StackGuard));
        const int Finish = (int)Runtime.RuntimeId.FinishDeoptimization;
        Macro(StubId.DeoptimizationEntry, static masm => DeoptimizationStubs.Entry(masm, RuntimeSlot.Deoptimize, Finish));
        Macro(StubId.LazyDeoptimizationEntry, static masm => DeoptimizationStubs.Entry(masm, RuntimeSlot.DeoptimizeLazily, Finish));
        Macro(StubId.DeoptimizeForException, static masm => DeoptimizationStubs.ForException(masm, Finish));
        Macro(StubId.ResumeAtBytecode, DeoptimizationStubs.ResumeAtBytecode);
        nint sizes = MakeSizeTable();
        Macro(StubId.ResumeAfterCall, masm => DeoptimizationStubs.ResumeAfterCall(masm, sizes, (int)Opcode.Construct, (int)Opcode.ConstructWithSpread));

        StubParameter[] fourTagged = [.. RegisterConvention.RuntimeArguments.Select(static r => new StubParameter(r, Representation.Tagged))];
        Stub(StubId.LoadICSlow, fourTagged, Handlers.LoadICSlow);
        StubParameter[] withValue = [.. fourTagged, new StubParameter(MachineCode.Register.R9, Representation.Tagged)];
        Stub(StubId.StoreICSlow, withValue, static a => Handlers.StoreICSlow(a, Segno.Runtime.RuntimeId.StoreICMiss));
        Stub(StubId.DefineNamedOwnSlow, withValue, static a => Handlers.StoreICSlow(a, Segno.Runtime.RuntimeId.DefineNamedOwnMiss));
        Stub(StubId.AddStrings, fourTagged, Handlers.AddStrings);
        Stub(StubId.NumberToString, [fourTagged[0]], Handlers.NumberToString);
        Stub(StubId.LoadICAny, fourTagged, Handlers.LoadICAny);
        Stub(StubId.StoreICAny, withValue, static a => Handlers.StoreICAny(a, StubId.StoreICSlow, Segno.Runtime.RuntimeId.StoreICMiss));
        Stub(StubId.DefineNamedOwnAny, withValue, static a => Handlers.StoreICAny(a, StubId.DefineNamedOwnSlow, Segno.Runtime.RuntimeId.DefineNamedOwnMiss));
        Stub(StubId.KeyedLoadAny, fourTagged, Handlers.KeyedLoadAny);
        Stub(StubId.KeyedStoreAny, withValue, Handlers.KeyedStoreAny);
        Stub(StubId.ToBoolean, [fourTagged[0]], Handlers.ToBooleanStub);
        Stub(StubId.EqualAny, fourTagged, static a => Handlers.EqualAny(a, Segno.Runtime.RuntimeId.Equal));
        Stub(StubId.StrictEqualAny, fourTagged, static a => Handlers.EqualAny(a, Segno.Runtime.RuntimeId.StrictEqual));
    }

    /// <summary>For each opcode the sizes of its instruction at the three widths, without a prefix; lives as long as the process.</summary>
    private static nint MakeSizeTable()
    {
        var table = (byte*)NativeMemory.Alloc(256 * 4);
        for (int i = 0; i < Bytecodes.Count; i++)
        {
            table[i * 4] = (byte)Bytecodes.Info((Opcode)i).SizeInBytes(OperandScale.Single);
            table[(i * 4) + 1] = (byte)Bytecodes.Info((Opcode)i).SizeInBytes(OperandScale.Double);
            table[(i * 4) + 2] = (byte)Bytecodes.Info((Opcode)i).SizeInBytes(OperandScale.Quadruple);
        }

        return (nint)table;
    }

    private void Stub(StubId id, StubParameter[] parameters, Action<CodeStubAssembler> emit)
    {
        var assembler = new CodeStubAssembler(_compiler, new StubDescriptor(id.ToString(), StubKind.Stub, parameters) { FrameMarker = (int)FrameKind.Stub });
        emit(assembler);
        _stubs[(int)id] = (ulong)Publish(assembler.Generate(), CodeKind.Stub);
    }

    private void Macro(StubId id, Action<MacroAssembler> emit)
    {
        var masm = new MacroAssembler();
        emit(masm);
        nint address = _memory.Publish(masm.Code, CollectionsMarshal.AsSpan(masm.Relocations));
        Add(new CodeInfo(id.ToString(), CodeKind.MacroStub, address, masm.Position, SafepointTable.Empty));
        _stubs[(int)id] = (ulong)address;
    }

    private nint Publish(CompiledStub stub, CodeKind kind)
    {
        nint address = _memory.Publish(stub.Code, stub.Relocations);
        Add(new CodeInfo(stub.Name, kind, address, stub.Code.Length, stub.Safepoints) { HasFrame = stub.HasFrame, SpillSlotCount = stub.SpillSlotCount });
        return address;
    }

    /// <summary>Starts the perf map, with what exists already.</summary>
    public void WritePerfMap()
    {
        lock (_lock)
        {
            PerfMap ??= new PerfMap();
            foreach (CodeInfo info in _published)
            {
                PerfMap.Add(info);
            }
        }
    }

    private void Add(CodeInfo info)
    {
        Registry.Register(info);
        _published.Add(info);
        PerfMap?.Add(info);
    }

    /// <summary>Tells perf of code that an engine made, if it listens.</summary>
    public void NameForPerf(CodeInfo info)
    {
        lock (_lock)
        {
            PerfMap?.Add(info);
        }
    }

    // ---- handlers --------------------------------------------------------------------------------------------

    public ulong AddressOf(StubId id) => _stubs[(int)id];

    /// <summary>Publishes a frameless stub that another room emits; its address.</summary>
    public ulong Publish(StubDescriptor descriptor, Action<CodeStubAssembler> emit)
    {
        lock (_lock)
        {
            var assembler = new CodeStubAssembler(_compiler, descriptor);
            emit(assembler);
            CompiledStub stub = assembler.Generate();
            return stub.HasFrame
                ? throw new InvalidOperationException(stub.Name + " has a frame: it would not find its arguments at the stack pointer")
                : (ulong)Publish(stub, CodeKind.Stub);
        }
    }

    public BackendConfiguration Configuration => _compiler.Configuration;

    public nint DataDistance => _memory.DataDistance;

    [UnmanagedCallersOnly]
    public static ulong GenerateHandler(ThreadBlock* block, byte* pc, long scale)
    {
        try
        {
            return Instance.Generate((Opcode)(*pc), (OperandScale)scale);
        }
        catch (Exception e)
        {
            // A handler that cannot be generated is a defect of the engine, and there is no frame to throw into.
            Environment.FailFast("no handler for " + (Opcode)(*pc), e);
            return 0;
        }
    }

    /// <summary>The address of a handler, generated if it is not there yet.</summary>
    public ulong Generate(Opcode opcode, OperandScale scale)
    {
        int table = scale == OperandScale.Single ? 0 : scale == OperandScale.Double ? 1 : 2;
        ref ulong entry = ref _tables[(table * TableLength) + (int)opcode];
        lock (_lock)
        {
            if (entry != _stubs[(int)StubId.MissingHandler + table])
            {
                return entry;
            }

            CompiledStub stub = Compile(_compiler, opcode, scale);
            if (ListingSink is not null)
            {
                ListingSink(stub.Listing);
            }

            ulong address = (ulong)Publish(stub, CodeKind.BytecodeHandler);
            Volatile.Write(ref entry, address);
            return address;
        }
    }

    private static CompiledStub Compile(StubCompiler compiler, Opcode opcode, OperandScale scale, bool isCalled = false)
    {
        var assembler = new InterpreterAssembler(compiler, opcode, scale, isCalled);
        if (isCalled && opcode is (Opcode.JumpLoop or Opcode.Return))
        {
            Handlers.Interrupt(assembler, isLoop: opcode == Opcode.JumpLoop);
        }
        else
        {
            Handlers.BodyOf(opcode)(assembler);
        }

        return assembler.Generate();
    }

    /// <summary>
    /// The stub by which baseline code has a bytecode carried out (pc and accumulator in their registers): generated at its first
    /// use and immortal. Of the bytecodes that end in a poll it is the interrupt alone.
    /// </summary>
    public nint BytecodeStub(Opcode opcode, OperandScale scale)
    {
        int table = scale == OperandScale.Single ? 0 : scale == OperandScale.Double ? 1 : 2;
        ref nint entry = ref _bytecodeStubs[(table * TableLength) + (int)opcode];
        if (Volatile.Read(ref entry) == 0)
        {
            lock (_lock)
            {
                if (entry == 0)
                {
                    Volatile.Write(ref entry, Publish(Compile(_compiler, opcode, scale, isCalled: true), CodeKind.BytecodeStub));
                }
            }
        }

        return entry;
    }

    /// <summary>The symbolic code of all handlers of the narrow width, by bytecode; the same text on every run.</summary>
    public static IEnumerable<(Opcode Opcode, string Listing)> Listings()
    {
        var compiler = new StubCompiler(Instance._compiler.Configuration) { KeepsListing = true, RootNames = RootName };
        for (int i = 0; i < Bytecodes.Count; i++)
        {
            yield return ((Opcode)i, Compile(compiler, (Opcode)i, OperandScale.Single).Listing);
        }
    }

    /// <summary>A field of the thread block as listings show it.</summary>
    public static string? RootName(int offset) => offset switch
    {
        >= ThreadBlock.StubsOffset and < ThreadBlock.StubsOffset + ((int)StubId.Count * 8) => "stub " + (StubId)((offset - ThreadBlock.StubsOffset) / 8),
        >= ThreadBlock.RuntimeOffset and < ThreadBlock.RuntimeOffset + ((int)RuntimeSlot.Count * 8) => "runtime " + (RuntimeSlot)((offset - ThreadBlock.RuntimeOffset) / 8),
        >= ThreadBlock.RootsOffset and < ThreadBlock.RootsOffset + ((int)RootId.Count * 8) => "root " + (RootId)((offset - ThreadBlock.RootsOffset) / 8),
        _ => ThreadBlock.NameOf(offset),
    };
}
