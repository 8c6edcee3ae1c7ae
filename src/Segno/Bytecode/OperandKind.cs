namespace Segno.Bytecode;

/// <summary>What an operand means; each but a jump takes one byte, two under Wide, four under ExtraWide.</summary>
internal enum OperandKind : byte
{
    /// <summary>A register or parameter that is read.</summary>
    Reg,
    /// <summary>A register that is written.</summary>
    RegOut,
    /// <summary>The first of two consecutive registers that are written.</summary>
    RegOutPair,
    /// <summary>The first of three consecutive registers that are written.</summary>
    RegOutTriple,
    /// <summary>A register that is read, then written.</summary>
    RegInOut,
    /// <summary>The first of a list of registers that are read; a <see cref="RegCount"/> follows.</summary>
    RegList,
    RegCount,
    /// <summary>A signed immediate.</summary>
    Imm,
    /// <summary>An unsigned immediate.</summary>
    UImm,
    /// <summary>An index into the constant pool.</summary>
    Constant,
    /// <summary>The first word of a feedback slot.</summary>
    Slot,
    Flags,
    /// <summary>Distance in bytes from the start of the instruction, forward or, of JumpLoop, backward; two bytes, four under a prefix.</summary>
    Jump,
    /// <summary>The number of a runtime function.</summary>
    Runtime,
}

/// <summary>What a bytecode does to the accumulator.</summary>
internal enum AccumulatorUse : byte
{
    None,
    Read,
    Write,
    ReadWrite,
}

/// <summary>The width of operands, by the prefix bytecode.</summary>
internal enum OperandScale : byte
{
    Single = 1,
    Double = 2,
    Quadruple = 4,
}

/// <summary>Facts about a bytecode that liveness, the validator and the compilers read.</summary>
[Flags]
internal enum BytecodeFlags : byte
{
    None = 0,
    /// <summary>May throw, run script, or deoptimize.</summary>
    CanThrow = 1,
    ConditionalJump = 2,
    UnconditionalJump = 4,
    /// <summary>Control does not go on to the next instruction.</summary>
    EndsBlock = 8,
    Switch = 16,
}
