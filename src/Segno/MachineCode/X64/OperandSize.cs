namespace Segno.MachineCode;

/// <summary>Operand size in bytes.</summary>
internal enum OperandSize : byte
{
    Byte = 1,
    Word = 2,
    Dword = 4,
    Qword = 8,
}
