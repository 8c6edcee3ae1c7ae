using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Heap;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// A thread of JavaScript execution (the specification's agent): its heap, its strings, its realm. Not tied to one OS
/// thread; the thread block is bound while a thread is inside (D15).
/// </summary>
internal sealed unsafe partial class Agent : IRootProvider, IDisposable
{
    private readonly GCHandle _self;
    private uint _hashSeed = 0x2545F491;

    public Agent(LocalHeap heap)
    {
        Heap = heap;
        // Weak: the block must not keep its agent alive, and whoever runs inside does.
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        Block->AgentHandle = (ulong)GCHandle.ToIntPtr(_self);
        for (int i = 0; i < (int)RootId.Count; i++)
        {
            Block->Roots[i] = ReadOnlyRoots.Table[i];
        }

        Block->PendingException = Value.HoleBits;
        Block->NativeContext = Value.UndefinedBits;
        Block->NumberStringCache = NumberStrings.Address;
        StringTable = new StringTable(this);
        heap.Heap.AddRootProvider(this);
        if (!heap.Heap.Events.HasOwner)
        {
            Events.HasOwner = true;
            heap.Heap.Events = Events;
        }

        heap.Heap.AddWeakProcessor(StringTable);
        heap.Heap.AddWeakProcessor(Sources);
    }

    public LocalHeap Heap { get; }

    public ThreadBlock* Block
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Heap.Block;
    }

    public StringTable StringTable { get; }

    /// <summary>Receives each parsed top level (--print-ast), as the syntax room's node.</summary>
    public Action<object>? SyntaxTrace { get; set; }

    /// <summary>Receives compiled bytecode as text (--print-bytecode).</summary>
    public Action<string>? BytecodeTrace { get; set; }

    /// <summary>Receives the lines of the compilers' traces (--trace-opt and its like).</summary>
    public Action<string>? CompilerTrace { get; set; }

    /// <summary>The natives that scripts may call; null where <c>%Name(...)</c> is no syntax.</summary>
    public Syntax.INativeTable? Natives { get; init; }

    /// <summary>How the compilers of the higher tiers are to work.</summary>
    public CompilerOptions CompilerOptions { get; init; } = CompilerOptions.Default;

    /// <summary>What natives ask of the tiers; an engine with compilers puts its own here.</summary>
    public ITieringNatives TieringNatives { get; set; } = InterpreterTier.Instance;

    /// <summary>The jobs that wait; null until there is one.</summary>
    public MicrotaskQueue? Microtasks { get; set; }

    /// <summary>The composition that this agent is part of.</summary>
    public object? Embedder { get; set; }

    /// <summary>The stub cache of megamorphic loads, an object of the inline caches' room; emptied by every collection.</summary>
    public IDisposable? MegamorphicLoads { get; set; }

    /// <summary>The same for stores.</summary>
    public IDisposable? MegamorphicStores { get; set; }

    /// <summary>The deoptimizer of this agent, an object of its own room.</summary>
    public IDisposable? Deoptimizer { get; set; }
    /// <summary>Texts of numbers; emptied by every collection.</summary>
    public NumberStringCache NumberStrings { get; } = new();

    /// <summary>What scripts have on the .NET heap.</summary>
    public SourceTable Sources { get; } = new();

    /// <summary>The calls from machine code to C#; null where nobody counts them.</summary>
    public RuntimeCallStats? RuntimeCallStats { get; set; }

    /// <summary>What happens to code, for traces and tests.</summary>
    public Base.EventStream Events { get; } = new();

    /// <summary>Who marks code that relies on what dies; null where there is no such code.</summary>
    public IDependentCodeOwner? DependentCodeOwner { get; set; }

    /// <summary>Decides on tiers; null where only the interpreter runs.</summary>
    public ITiering? Tiering { get; set; }

    public DescriptorLookupCache DescriptorCache { get; } = new();

    /// <summary>The intrinsics of the running realm.</summary>
    public NativeContext Realm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Heap.Block->NativeContext);
    }

    /// <summary>
    /// Captures the stack for a new error object: a value kept in the error, turned to text on demand. The frames down to the innermost one of
    /// the given function, undefined for none, are left out. Installed by the frames room.
    /// </summary>
    public delegate*<Agent, JSError, Value, void> CaptureStack { get; set; }

    /// <summary>Turns what was captured into the text of the stack property. Installed by the frames room.</summary>
    public delegate*<Agent, JSError, Value> FormatStack { get; set; }

    public Value StackText(JSError error) => FormatStack == null ? Value.Undefined : FormatStack(this, error);

    /// <summary>A C# exception that is crossing machine frames and that no JavaScript handler may see (D6).</summary>
    public Exception? PendingFault { get; set; }

    /// <summary>The pending exception of the thread block as a C# exception.</summary>
    public JSException TakePendingException()
    {
        var exception = new JSException(this, new Value(Block->PendingException));
        Block->PendingException = Value.HoleBits;
        return exception;
    }

    /// <summary>Makes the error of a stack overflow the pending exception; to be called outside a catch block's callees that run script.</summary>
    public void SetStackOverflow() => Block->PendingException = ((Value)NewError(ErrorKind.RangeError, NewString("Maximum call stack size exceeded"))).Bits;

    public RootSection Section => RootSection.Realms;

    /// <summary>The agent of a thread block, as machine code hands it to C#.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Agent From(ThreadBlock* block) => Unsafe.As<Agent>(GCHandle.FromIntPtr((nint)block->AgentHandle).Target!);

    public void VisitRoots(RootVisitor visitor)
    {
        visitor.VisitSlot(&Block->PendingException);
        visitor.VisitSlot(&Block->NativeContext);
    }

    public object? GetSource(int id) => Sources[id];

    /// <summary>What the hashes of symbols are drawn from.</summary>
    public uint HashSeed
    {
        get => _hashSeed;
        set => _hashSeed = value;
    }

    public uint NextHashSeed() => _hashSeed = (_hashSeed * 1664525) + 1013904223;

    /// <summary>A new error object of a kind with a message, as an exception to throw.</summary>
    public JSException Error(ErrorKind kind, string message) => new(this, NewError(kind, NewString(message)));

    public JSException TypeError(string message) => Error(ErrorKind.TypeError, message);

    public Value ErrorPrototype(ErrorKind kind) => kind switch
    {
        ErrorKind.EvalError => Realm.EvalErrorPrototype,
        ErrorKind.RangeError => Realm.RangeErrorPrototype,
        ErrorKind.ReferenceError => Realm.ReferenceErrorPrototype,
        ErrorKind.SyntaxError => Realm.SyntaxErrorPrototype,
        ErrorKind.TypeError => Realm.TypeErrorPrototype,
        ErrorKind.URIError => Realm.UriErrorPrototype,
        ErrorKind.AggregateError => Realm.AggregateErrorPrototype,
        _ => Realm.ErrorPrototype,
    };

    /// <summary>An error with its stack captured; <paramref name="message"/> may be undefined.</summary>
    public JSError NewError(ErrorKind kind, Value message)
    {
        Value prototype = ErrorPrototype(kind);
        Map map = Maps.ForPrototype(this, Map.Cast(Realm.ErrorMap), prototype);
        return NewError(map, message, Value.Undefined);
    }

    /// <param name="map">The shape of the error.</param>
    /// <param name="message">Its message, or undefined.</param>
    /// <param name="constructor">The function that the script called to make it, which is no part of its stack; or undefined.</param>
    public JSError NewError(Map map, Value message, Value constructor)
    {
        JSError error = JSError.Cast(NewJSObject(map));
        if (!message.IsUndefined)
        {
            Properties.Add(this, error, new PropertyKey(Names.Message), message, PropertyAttributes.DontEnum);
        }

        if (CaptureStack != null)
        {
            CaptureStack(this, error, constructor);
        }

        return error;
    }

    public void Dispose()
    {
        Tiering?.Dispose();
        Microtasks?.Dispose();
        StringTable.Dispose();
        NumberStrings.Dispose();
        Sources.Dispose();
        _self.Free();
    }
}
