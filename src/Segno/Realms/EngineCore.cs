using Segno.Builtins;
using Segno.Deoptimization;
using Segno.Frames;
using Segno.Heap;
using Segno.InlineCaches;
using Segno.Interpreter;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Operations;
using Segno.Runtime;
using Segno.Tiering;

namespace Segno.Realms;

/// <summary>What a function of the host does: <paramref name="hostId"/> is the number it was made with.</summary>
internal delegate Value HostCallback(Agent agent, int hostId, Arguments arguments);

/// <summary>Sizes and test switches of an engine.</summary>
internal sealed record EngineCoreOptions
{
    public long HeapLimitInBytes { get; init; } = 2048L << 20;
    public int MaxYoungBytes { get; init; } = 16 << 20;
    public int GcInterval { get; init; }
    public bool VerifyHeap { get; init; }
    public int VerifyInterval { get; init; } = 1;
    public bool NativesSyntax { get; init; }
    public bool Strict { get; init; }
    public CompilerOptions Compilers { get; init; } = CompilerOptions.Default;
    public TieringOptions Tiering { get; init; } = new();
}

/// <summary>An engine: a cluster with one agent and one realm, wired to the process's machine code.</summary>
internal sealed unsafe class EngineCore : IWeakProcessor, IDisposable
{
    /// <summary>Builtin ids from here on are functions of the host.</summary>
    private const int FirstHostId = 1 << 20;

    private static readonly Dictionary<int, ulong> s_builtinCode = [];

    private readonly ClusterHeap _heap;
    private readonly MegamorphicCache _megamorphicLoads = new();
    private readonly MegamorphicCache _megamorphicStores = new();
    private readonly Deoptimizer _deoptimizer;
    private readonly TieringPolicy _tiering;
    private int _terminationReason = -1;
    private bool _disposed;

    static EngineCore()
    {
        ReadOnlyBootstrap.MoreNames = BuiltinNames.All;
        RuntimeDispatch.BuiltinEntry = &EntryOf;
        RuntimeDispatch.BuiltinMachineCode = &MachineCodeOf;
        RuntimeDispatch.GenerateHandlerEntry = (nint)(delegate* unmanaged<ThreadBlock*, byte*, long, ulong>)&HandlerTables.GenerateHandler;
        BuiltinHooks.CreateFunction = &SourceFunctions.CreateFunction;
        BytecodeRuntime.CallNative = &NativeTable.Call;
        BuiltinHooks.IndirectEval = &SourceFunctions.IndirectEval;
        OptimizedFrames.HasHandler = &HasHandler;
        OptimizedFrames.Describe = &DescribeFrame;
        FunctionText.SourceHook = &SourceFunctions.SourceOf;
    }

    public EngineCore(EngineCoreOptions options)
    {
        Options = options;
        HandlerTables code = HandlerTables.Instance;
        FaultHandler.Install(code.Memory, code.Registry);
        _heap = new ClusterHeap(ReadOnlyBootstrap.Space, new HeapOptions
        {
            HardLimit = options.HeapLimitInBytes,
            SoftLimit = options.HeapLimitInBytes / 4 * 3,
            MaxSemiSpaceSize = options.MaxYoungBytes,
            MinSemiSpaceSize = Math.Min(options.MaxYoungBytes, HeapOptions.Default.MinSemiSpaceSize),
            VerifyHeap = options.VerifyHeap,
            VerifyInterval = options.VerifyInterval,
        });
        _heap.StackScanner = new MachineStackScanner(code.Registry);
        LocalHeap local = _heap.CreateLocalHeap();
        Agent = new Agent(local)
        {
            Embedder = this,
            Natives = options.NativesSyntax ? NativeTable.Instance : null,
            CompilerOptions = options.Compilers,
            CaptureStack = &StackTraces.Capture,
            FormatStack = &StackTraces.Format,
            InterruptHandler = &ServeInterrupts,
            MegamorphicLoads = _megamorphicLoads,
            MegamorphicStores = _megamorphicStores,
        };
        local.Block->MegamorphicLoadCache = _megamorphicLoads.Address;
        local.Block->MegamorphicStoreCache = _megamorphicStores.Address;
        _heap.AddWeakProcessor(this);
        code.Install(local.Block);
        RuntimeDispatch.Install(Agent);
        _deoptimizer = new Deoptimizer(Agent, code.Registry);
        CodeSpace = new CodeSpace(Agent, code.Memory, code.Registry) { Published = code.NameForPerf };
        Optimizer = new OptimizedTier(Agent, CodeSpace, _deoptimizer, options.Compilers);
        TieringOptions tiers = options.Tiering.With(options.Compilers);
        _tiering = new TieringPolicy(Agent, CodeSpace, code.BytecodeStub, Optimizer, tiers);
        Agent.Tiering = _tiering;
        Agent.TieringNatives = new TieringNatives(Agent, Optimizer, options.Compilers, tiers);
        Enter();
        try
        {
            RealmImage.CreateRealm(Agent);
        }
        finally
        {
            Leave();
        }

        if (options.GcInterval > 0)
        {
            _heap.SetGcInterval(options.GcInterval);
        }
    }

    public EngineCoreOptions Options { get; }

    public Agent Agent { get; }

    public OptimizedTier Optimizer { get; }

    /// <summary>What happens to code, feedback and the heap.</summary>
    public Base.EventStream Events => Agent.Events;

    /// <summary>The code of this engine's functions.</summary>
    public CodeSpace CodeSpace { get; }

    /// <summary>Where the code of functions is printed.</summary>
    public Action<string>? CodeSink
    {
        get => _tiering.CodeSink;
        set => _tiering.CodeSink = value;
    }

    /// <summary>Runs when a function of the host is called; must throw JavaScript exceptions as <see cref="JSException"/>.</summary>
    public HostCallback? HostCall { get; set; }

    /// <summary>Where compiled bytecode is printed.</summary>
    public Action<string>? BytecodeSink
    {
        get => Agent.BytecodeTrace;
        set => Agent.BytecodeTrace = value;
    }

    /// <summary>Where syntax trees are printed.</summary>
    public Action<string>? AstSink
    {
        get => null;
        set => Agent.SyntaxTrace = value is null ? null : literal => value(Syntax.AstPrinter.Print((Syntax.FunctionLiteral)literal, withPositions: false));
    }

    /// <summary>Told of changes of inline caches.</summary>
    public Action<string>? IcSink
    {
        get => _icSink;
        set
        {
            _icSink = value;
            Listen(ref _icListener, value is null ? null : e =>
            {
                if (e.Kind == Base.EventKind.FeedbackChange)
                {
                    value($"[ic] {(e.Subject.Length > 0 ? e.Subject : "(anonymous)")} slot {e["slot"]}: {e.Reason}");
                }
            });
        }
    }

    private Action<string>? _icSink;
    private Action<string>? _gcSink;
    private Action<Base.EngineEvent>? _icListener;
    private Action<Base.EngineEvent>? _gcListener;

    private void Listen(ref Action<Base.EngineEvent>? place, Action<Base.EngineEvent>? listener)
    {
        if (place is not null)
        {
            Events.Remove(place);
        }

        place = listener;
        if (listener is not null)
        {
            Events.Add(listener);
        }
    }

    /// <summary>Told what the compilers trace.</summary>
    public Action<string>? CompilerSink
    {
        get => Agent.CompilerTrace;
        set => Agent.CompilerTrace = value;
    }

    /// <summary>Starts to count the calls from machine code to C#.</summary>
    public void CountRuntimeCalls()
    {
        Agent.RuntimeCallStats = new RuntimeCallStats();
        RuntimeDispatch.Install(Agent);
    }

    /// <summary>What has been counted since <see cref="CountRuntimeCalls"/>, a line for each function.</summary>
    public string PrintRuntimeCalls() => Agent.RuntimeCallStats?.Print(
        static id => ((RuntimeId)id).ToString(),
        static id => id >= FirstHostId ? "of the host" : BuiltinTable.HolderOf(id) + "." + System.Text.Encoding.ASCII.GetString(BuiltinTable.NameOf(id))) ?? "";

    /// <summary>Told of each collection of this engine.</summary>
    public Action<string>? GcSink
    {
        get => _gcSink;
        set
        {
            _gcSink = value;
            Listen(ref _gcListener, value is null ? null : new Base.CollectionTrace(value).Listen);
        }
    }

    /// <summary>Binds the agent to this thread (D15).</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside.</exception>
    public void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Base.Signals.EnsureAlternateStack();
        Agent.Heap.Enter();
    }

    public void Leave() => Agent.Heap.Leave();

    /// <summary>Compiles a script; nothing of it runs.</summary>
    /// <exception cref="JSException">The script does not parse.</exception>
    public JSFunction Compile(string source, string name, bool isModule) => isModule
        ? throw Agent.Error(ErrorKind.SyntaxError, "modules are not supported yet")
        : Compilation.CompileScript(Agent, source, name, Options.Strict);

    /// <summary>Runs a compiled script in the global scope; its completion value.</summary>
    /// <exception cref="JSException">The script threw.</exception>
    /// <exception cref="TerminationException">It was ended from outside.</exception>
    public Value Run(JSFunction script)
    {
        Value receiver = Agent.Realm.GlobalObject;
        return Invoker.Call(Agent, script, Value.Undefined, 0, &receiver);
    }

    /// <summary>A function that calls <see cref="HostCall"/> with a number.</summary>
    public JSFunction NewHostFunction(string name, int length, int hostId)
    {
        SharedFunctionInfo shared = Agent.NewSharedFunctionInfo(Agent.StringTable.Internalize(name), Value.Undefined);
        shared.BuiltinId = FirstHostId + hostId;
        shared.Length = length;
        shared.Flags = (uint)(FunctionFlags.Builtin | FunctionFlags.Native);
        FeedbackCell cell = Agent.NewFeedbackCell(Agent.Block->Stubs[(int)StubId.BuiltinEntry]);
        return Agent.NewFunction(Map.Cast(Agent.Realm.BuiltinFunctionMap), shared, Agent.Realm.GlobalContext, cell);
    }

    private static bool HasHandler(ulong framePointer, ulong pc) => Deoptimizer.HasHandler(HandlerTables.Instance.Registry, framePointer, pc);

    private static bool DescribeFrame(ulong framePointer, ulong pc, int index, out ulong function, out int offset) =>
        Deoptimizer.Describe(HandlerTables.Instance.Registry, framePointer, pc, index, out function, out offset);

    private static nint EntryOf(int builtinId) =>
        builtinId >= FirstHostId ? (nint)(delegate*<Agent, Arguments, Value>)&CallHost : (nint)BuiltinTable.Entry(builtinId);

    /// <summary>Machine code of a builtin, generated once for the process; 0 if it has none.</summary>
    private static ulong MachineCodeOf(int builtinId)
    {
        switch ((BuiltinId)builtinId)
        {
            case BuiltinId.FunctionPrototype_Call:
                return HandlerTables.Instance.AddressOf(StubId.FunctionPrototypeCall);
            case BuiltinId.FunctionPrototype_Apply:
                return HandlerTables.Instance.AddressOf(StubId.FunctionPrototypeApply);
        }

        lock (s_builtinCode)
        {
            if (!s_builtinCode.TryGetValue(builtinId, out ulong address) && BuiltinStubs.EmitterOf(builtinId) is { } emit)
            {
                address = HandlerTables.Instance.PublishBuiltin(builtinId, BuiltinStubs.DescriptorOf(builtinId), emit);
                s_builtinCode.Add(builtinId, address);
            }

            return address;
        }
    }

    /// <summary>Writes all machine code that engines of this build share, for <see cref="CodeImage"/>; no engine may have been made before.</summary>
    public static void WriteCodeImage(string path)
    {
        var writer = new CodeImageWriter();
        CodeImageWriter.Current = writer;
        using (new EngineCore(new EngineCoreOptions()))
        {
            HandlerTables.Instance.GenerateAll();
            for (int id = 0; id < BuiltinTable.Count; id++)
            {
                _ = MachineCodeOf(id);
            }
        }

        File.WriteAllBytes(path, writer.ToArray());
    }

    private static Value CallHost(Agent agent, Arguments arguments)
    {
        var core = (EngineCore)agent.Embedder!;
        HostCallback callback = core.HostCall ?? throw new InvalidOperationException("a function of the host was called, but the host serves none");
        return callback(agent, arguments.Function.Shared.BuiltinId - FirstHostId, arguments);
    }

    /// <summary>Ends the running script at its next poll; from any thread.</summary>
    public void RequestTermination(TerminationReason reason)
    {
        Volatile.Write(ref _terminationReason, (int)reason);
        Agent.Heap.RequestInterrupt(InterruptRequest.Terminate);
    }

    /// <summary>Takes back a request that no poll has served.</summary>
    public void CancelTermination() => Agent.Heap.TakeInterrupts(InterruptRequest.Terminate);

    private static void ServeInterrupts(Agent agent)
    {
        agent.Heap.Poll();
        if (agent.Heap.TakeInterrupts(InterruptRequest.ClearedHandles) != 0)
        {
            ((EngineCore)agent.Embedder!).CodeSpace.FreeDead();
        }

        if (agent.Heap.TakeInterrupts(InterruptRequest.FinishCompilation) != 0)
        {
            ((EngineCore)agent.Embedder!).Optimizer.FinishCompilations();
        }

        if (agent.Heap.TakeInterrupts(InterruptRequest.Terminate) != 0)
        {
            throw new TerminationException((TerminationReason)Volatile.Read(ref ((EngineCore)agent.Embedder!)._terminationReason));
        }
    }

    /// <summary>Writes the names of all code generated from here on for perf.</summary>
    public static void EnablePerfMap() => HandlerTables.Instance.WritePerfMap();

    /// <summary>The symbolic code of all bytecode handlers.</summary>
    public static string PrintBuiltins()
    {
        var text = new System.Text.StringBuilder();
        foreach ((Bytecode.Opcode opcode, string listing) in HandlerTables.Listings())
        {
            text.Append(opcode).Append(":\n").Append(listing).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Names, handlers and strings move: the caches outside the heap start anew after each collection.</summary>
    public void ProcessWeak(CollectionContext context)
    {
        _megamorphicLoads.Clear();
        _megamorphicStores.Clear();
        Agent.NumberStrings.Clear();
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;

            // First of all: from here on no thread that compiles asks the agent to look.
            Optimizer.Dispose();
            Agent.Dispose();
            _heap.Dispose();
            _deoptimizer.Dispose();
            _megamorphicLoads.Dispose();
            _megamorphicStores.Dispose();
        }
    }
}
