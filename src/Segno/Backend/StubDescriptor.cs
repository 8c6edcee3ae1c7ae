using Segno.MachineCode;

namespace Segno.Backend;

internal enum StubKind : byte
{
    /// <summary>
    /// A bytecode handler: entered by a jump, rsp 16-byte aligned, with <see cref="BackendConfiguration.HandlerAreaInWords"/>
    /// words at rsp for its spills. Never moves rsp, never returns.
    /// </summary>
    Handler,

    /// <summary>
    /// The body of a bytecode handler, called by baseline code instead of dispatched to: as <see cref="Handler"/>, with the return
    /// address in the word below the area for spills, and returning the accumulator.
    /// </summary>
    BytecodeStub,

    /// <summary>Called with the return address at rsp. Builds a standard frame only if it spills or calls.</summary>
    Stub,

    /// <summary>A JavaScript function: adapts its arguments, always builds the frame of optimized code, pops its arguments (D19).</summary>
    Function,
}

/// <summary>One incoming value of a stub.</summary>
internal readonly record struct StubParameter(Register Register, Representation Representation);

/// <summary>What the outside knows of a stub: name, frame mode, incoming registers.</summary>
internal sealed class StubDescriptor(string name, StubKind kind, params StubParameter[] parameters)
{
    public string Name { get; } = name;
    public StubKind Kind { get; } = kind;
    public StubParameter[] Parameters { get; } = parameters;

    /// <summary>The value of the fixed slot at [rbp-8] that tells the frame walker the frame's kind (FRAME-2).</summary>
    public int FrameMarker { get; init; }

    /// <summary>Of a function: its formal parameters without the receiver.</summary>
    public int ParameterCount { get; init; }

    /// <summary>Of a function: words below the fixed part of the frame that its spill slots leave alone.</summary>
    public int ReservedSlots { get; init; }

    /// <summary>Of a function: the first of the reserved words keeps new.target.</summary>
    public bool KeepsNewTarget { get; init; }

    /// <summary>Of a function: words that the frames which a deoptimization writes may need beyond its own.</summary>
    public int ExtraStackInWords { get; init; }

    /// <summary>Of a function: thread-block slots of the stubs that its exits and its prologue reach.</summary>
    public int DeoptimizationEntry { get; init; }
    public int LazyDeoptimizationEntry { get; init; }
    public int StackGuard { get; init; }
    public int AdaptArguments { get; init; }

    /// <summary>Of a function: how far behind a code address its data area lies (D9).</summary>
    public nint DataDistance { get; init; }

    /// <summary>Of a function: it is entered in the middle of a loop, on the frame of the interpreter (on-stack replacement).</summary>
    public bool IsOsr { get; init; }
}
