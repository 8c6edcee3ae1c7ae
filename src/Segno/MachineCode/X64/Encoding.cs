namespace Segno.MachineCode;

/// <summary>How the operands of an instruction lie in its bytes.</summary>
internal enum EncodingForm : byte
{
    /// <summary>No operands.</summary>
    Plain,

    /// <summary>First operand in ModRM.reg, second in ModRM.rm (register or memory).</summary>
    RegRm,

    /// <summary>First operand in ModRM.rm, second in ModRM.reg.</summary>
    RmReg,

    /// <summary>One operand in ModRM.rm, the opcode extension in ModRM.reg.</summary>
    Rm,
    RmImm8,

    /// <summary>An immediate of the operand's size, at most 32 bits.</summary>
    RmImm32,

    /// <summary>Shift by cl.</summary>
    RmCl,
    RegRmImm8,
    RegRmImm32,

    /// <summary>The register is part of the opcode.</summary>
    OpReg,
    OpRegImm32,
    OpRegImm64,
}

[Flags]
internal enum EncodingFlags : ushort
{
    None = 0,

    /// <summary>Operates on 16, 32 or 64 bits by prefix.</summary>
    Sized = 1,

    /// <summary>8-bit register operand in ModRM.reg.</summary>
    ByteReg = 2,

    /// <summary>8-bit register operand in ModRM.rm.</summary>
    ByteRm = 4,
    VectorReg = 8,
    VectorRm = 16,

    /// <summary>64 bits by nature: no REX.W needed.</summary>
    Default64 = 32,

    /// <summary>ModRM.rm is always a register (on), or always memory where <see cref="MemoryOnly"/> is set.</summary>
    RegisterOnly = 64,
    MemoryOnly = 128,

    /// <summary>The VEX form names the left operand besides the target; a form with two operands here repeats the target.</summary>
    HasLeft = 256,

    /// <summary>What <see cref="HasLeft"/> names gives the upper half of the target alone: any register does.</summary>
    KeepsUpper = 512,

    /// <summary>The VEX form names the target besides the operand in ModRM.rm.</summary>
    HasTarget = 1024,
}

/// <summary>One row of the encoding table.</summary>
internal readonly record struct EncodingRow(
    string Mnemonic, byte Prefix, byte Map, byte Opcode, byte Extension, EncodingForm Form, EncodingFlags Flags);
