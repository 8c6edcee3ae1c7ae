using Segno.Bytecode;
using Segno.MachineCode;

namespace Segno.Baseline;

/// <summary>What a piece of code behind the straight path does.</summary>
internal enum DeferredKind : byte
{
    /// <summary>Calls the stub of the bytecode, then goes back.</summary>
    Stub,
    /// <summary>The write barrier of a store of rax into rdi.</summary>
    Barrier,
    /// <summary>ToBoolean of the accumulator, which stays, and a jump.</summary>
    ToBooleanJump,
    /// <summary>The interrupt of a back-edge.</summary>
    LoopInterrupt,
    /// <summary>A binary operation on numbers: left in rcx, right in rax or an immediate.</summary>
    NumberOperation,
    /// <summary>A comparison of numbers: left in rcx, right in rax.</summary>
    NumberComparison,
    /// <summary>A load by a handler that is not a field of the receiver: a holder's field, or an array's length.</summary>
    LoadHandler,
    /// <summary>A store that adds a field: goes back to the store with the new map in place.</summary>
    StoreTransition,
    /// <summary>A call whose target differs from what the slot saw.</summary>
    CallTarget,
}

/// <summary>A rare continuation of a bytecode, emitted behind the function's straight code.</summary>
internal struct DeferredCode
{
    public DeferredKind Kind;
    public Label Entry;

    /// <summary>Where the straight path goes on.</summary>
    public Label Back;
    public int Offset;
    public Opcode Opcode;
    public OperandScale Scale;

    /// <summary>A slot, an offset in the host, or an immediate.</summary>
    public int Number;
    public int Slot;

    /// <summary>The slot's address has the offset in rdx; or the right operand is the immediate.</summary>
    public bool Flag;

    /// <summary>The jump that is fused with a comparison: its target and on which answer it jumps.</summary>
    public Label Target;
    public bool JumpsIf;
}
