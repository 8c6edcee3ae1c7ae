namespace Segno.MachineCode;

internal enum RelocationKind : byte
{
    /// <summary>A signed 32-bit displacement from the end of the field to an address in the code range.</summary>
    Relative32,

    /// <summary>A 64-bit address inside the code itself, given as an offset from its start (jump tables).</summary>
    CodeAbsolute64,
}

/// <summary>A field of a code block that depends on where the block or its target lies.</summary>
internal readonly record struct Relocation(int Offset, RelocationKind Kind, long Target);
