using System.Buffers.Binary;

namespace Segno.Bytecode;

/// <summary>Walks the instructions of a byte range in order.</summary>
internal ref struct BytecodeIterator
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _opcodeOffset;

    public BytecodeIterator(ReadOnlySpan<byte> bytes, int offset = 0)
    {
        _bytes = bytes;
        Seek(offset);
    }

    /// <summary>Offset of the instruction, its prefix included.</summary>
    public int Offset { get; private set; }

    /// <summary>Offset of the opcode byte: what jump distances count from.</summary>
    public readonly int OpcodeOffset => _opcodeOffset;

    public OperandScale Scale { get; private set; }

    public readonly bool IsDone => Offset >= _bytes.Length;

    public readonly Opcode Opcode => (Opcode)_bytes[_opcodeOffset];

    public readonly BytecodeInfo Info => Bytecodes.Info(Opcode);

    public readonly int NextOffset => _opcodeOffset + Info.SizeInBytes(Scale);

    public void Seek(int offset)
    {
        Offset = offset;
        _opcodeOffset = offset;
        Scale = OperandScale.Single;
        if (offset < _bytes.Length && (Opcode)_bytes[offset] is Opcode.Wide or Opcode.ExtraWide)
        {
            Scale = (Opcode)_bytes[offset] == Opcode.Wide ? OperandScale.Double : OperandScale.Quadruple;
            _opcodeOffset++;
        }
    }

    public void Advance() => Seek(NextOffset);

    public readonly int Operand(int index)
    {
        BytecodeInfo info = Info;
        OperandKind kind = info.Operands[index];
        ReadOnlySpan<byte> at = _bytes[(_opcodeOffset + info.OperandOffset(index, Scale))..];
        bool signed = IsSigned(kind);
        return BytecodeInfo.OperandSize(kind, Scale) switch
        {
            1 => signed ? (sbyte)at[0] : at[0],
            2 => signed ? BinaryPrimitives.ReadInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
            _ => BinaryPrimitives.ReadInt32LittleEndian(at),
        };
    }

    public static bool IsSigned(OperandKind kind) =>
        kind is >= OperandKind.Reg and <= OperandKind.RegList or OperandKind.Imm;

    /// <summary>The offset that a jump leads to.</summary>
    public readonly int JumpTarget
    {
        get
        {
            int distance = Operand(0);
            return Opcode == Opcode.JumpLoop ? _opcodeOffset - distance : _opcodeOffset + distance;
        }
    }
}
