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
}
