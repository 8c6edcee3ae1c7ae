using Segno.Bytecode;
using Segno.MachineCode;

namespace Segno.Baseline;

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
