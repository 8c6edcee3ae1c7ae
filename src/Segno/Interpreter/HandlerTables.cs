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
internal sealed unsafe partial class HandlerTables
{
    private const int TableLength = 256;

    private readonly Lock _lock = new();
    private readonly List<CodeInfo> _published = [];
    private readonly CodeMemory _memory;
    private StubCompiler? _compiler;
    private readonly ulong* _tables;
    private readonly nint[] _bytecodeStubs = new nint[3 * TableLength];
    private readonly ulong[] _stubs = new ulong[(int)StubId.Count];

    private static readonly Lock s_instanceLock = new();
    private static HandlerTables? s_instance;

    private HandlerTables(CodeMemory memory)
    {
        _memory = memory;
        _tables = (ulong*)NativeMemory.AllocZeroed(3 * TableLength * 8);
        if (CodeImage.Instance is { } image && image.Find(CodeImageSection.Data, SizeTable) is { } sizes)
        {
            LoadStubs(image, sizes.Code);
        }
        else
        {
            MakeStubs();
        }

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

    /// <summary>The compiler, made when something is not in the code image.</summary>
    private StubCompiler Compiler => _compiler ??= new StubCompiler(Configuration);

    private nint Publish(CompiledStub stub, CodeKind kind, CodeImageSection section, int index)
    {
        var block = new CodeImageBlock(stub.Code, stub.Relocations, [], stub.Safepoints) { Name = stub.Name, Kind = kind, HasFrame = stub.HasFrame, SpillSlotCount = stub.SpillSlotCount };
        if (index >= 0)
        {
            CodeImageWriter.Current?.Add(section, index, block);
        }

        return Publish(block);
    }

    private nint Publish(CodeImageBlock block, params ReadOnlySpan<ulong> addresses)
    {
        CodeInfo info = block.Publish(_memory, Registry, addresses);
        Add(info);
        return info.Start;
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

    /// <summary>Publishes the frameless code of a builtin; its address.</summary>
    public ulong PublishBuiltin(int id, StubDescriptor descriptor, Action<CodeStubAssembler> emit)
    {
        lock (_lock)
        {
            if (CodeImage.Instance?.Find(CodeImageSection.Builtins, id) is { } block)
            {
                return (ulong)Publish(block);
            }

            CompiledStub stub = CompileBuiltin(Compiler, descriptor, emit);
            return stub.HasFrame
                ? throw new InvalidOperationException(stub.Name + " has a frame: it would not find its arguments at the stack pointer")
                : (ulong)Publish(stub, CodeKind.Stub, CodeImageSection.Builtins, id);
        }
    }

    private static CompiledStub CompileBuiltin(StubCompiler compiler, StubDescriptor descriptor, Action<CodeStubAssembler> emit)
    {
        var assembler = new CodeStubAssembler(compiler, descriptor);
        emit(assembler);
        return assembler.Generate();
    }

    /// <summary>What generated code is made with.</summary>
    public BackendConfiguration Configuration { get; } = new()
    {
        ExitStubs = [InterpreterAssembler.Slot(StubId.Exit), InterpreterAssembler.Slot(StubId.Exit), InterpreterAssembler.Slot(StubId.Exit), InterpreterAssembler.Slot(StubId.Exit), InterpreterAssembler.Slot(StubId.Exit)],
        WriteBarrier = InterpreterAssembler.Slot(StubId.WriteBarrier),
    };

    /// <summary>Generates all that a code image has, while <see cref="CodeImageWriter.Current"/> takes it down.</summary>
    public void GenerateAll()
    {
        for (int i = 0; i < Bytecodes.Count; i++)
        {
            _ = Generate((Opcode)i, OperandScale.Single);
            if (HasStub((Opcode)i))
            {
                _ = BytecodeStub((Opcode)i, OperandScale.Single);
            }
        }
    }

    /// <summary>Baseline code jumps by itself: of control flow it calls the polls alone.</summary>
    private static bool HasStub(Opcode opcode) =>
        opcode is Opcode.JumpLoop or Opcode.Return || !(Bytecodes.Info(opcode).IsJump || opcode is Opcode.Wide or Opcode.ExtraWide or Opcode.SwitchOnSmi);

    /// <summary>The symbolic code of a builtin; the same text on every run.</summary>
    public static string ListingOf(StubDescriptor descriptor, Action<CodeStubAssembler> emit) =>
        CompileBuiltin(new StubCompiler(Instance.Configuration) { KeepsListing = true, RootNames = RootName }, descriptor, emit).Listing;

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

            nint address = Find(CodeImageSection.Handlers, opcode, scale) is { } block
                ? Publish(block)
                : Publish(Compile(Compiler, opcode, scale), CodeKind.BytecodeHandler, CodeImageSection.Handlers, ImageIndex(opcode, scale));
            Volatile.Write(ref entry, (ulong)address);
            return (ulong)address;
        }
    }

    /// <summary>The image has the narrow width alone: the others are hardly ever used.</summary>
    private static int ImageIndex(Opcode opcode, OperandScale scale) => scale == OperandScale.Single ? (int)opcode : -1;

    private static CodeImageBlock? Find(CodeImageSection section, Opcode opcode, OperandScale scale) =>
        scale == OperandScale.Single ? CodeImage.Instance?.Find(section, (int)opcode) : null;

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
                    Volatile.Write(ref entry, Find(CodeImageSection.BytecodeStubs, opcode, scale) is { } block
                        ? Publish(block)
                        : Publish(Compile(Compiler, opcode, scale, isCalled: true), CodeKind.BytecodeStub, CodeImageSection.BytecodeStubs, ImageIndex(opcode, scale)));
                }
            }
        }

        return entry;
    }

    /// <summary>The symbolic code of all handlers of the narrow width, by bytecode; the same text on every run.</summary>
    public static IEnumerable<(Opcode Opcode, string Listing)> Listings()
    {
        var compiler = new StubCompiler(Instance.Configuration) { KeepsListing = true, RootNames = RootName };
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
