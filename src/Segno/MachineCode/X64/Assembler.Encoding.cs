using System.Buffers.Binary;
using static Segno.MachineCode.EncodingFlags;

namespace Segno.MachineCode;

/// <summary>From rows and operands to bytes: prefixes, opcode, ModRM, SIB, displacement, immediate.</summary>
internal partial class Assembler
{
    /// <summary>More than any instruction or table entry takes.</summary>
    private const int LongestInstruction = 32;

    private void ModRegister(in EncodingRow row, OperandSize size, int reg, int rm, int left = -1)
    {
        Reserve();
        int named = left >= 0 ? left : (row.Flags & HasTarget) != 0 || (row.Flags & (KeepsUpper | VectorRm)) == (KeepsUpper | VectorRm) ? rm : reg;

        // sil, dil, spl, bpl exist only with a REX prefix.
        bool force = ((row.Flags & ByteReg) != 0 && reg is >= 4 and < 8) || ((row.Flags & ByteRm) != 0 && rm is >= 4 and < 8);
        Opcode(row, size, reg, 0, rm, named, force);
        Put((byte)(0xC0 | (reg & 7) << 3 | rm & 7));
    }

    private void ModMemory(in EncodingRow row, OperandSize size, int reg, in MemoryOperand memory, int immediateSize, int left = -1)
    {
        Reserve();
        int named = left >= 0 ? left : reg;
        bool force = (row.Flags & ByteReg) != 0 && reg is >= 4 and < 8;
        int regField = (reg & 7) << 3;
        if (memory.Label.IsValid)
        {
            Opcode(row, size, reg, 0, 0, named, force);
            Put((byte)(regField | 5));
            PutLabel32(memory.Label, immediateSize);
            return;
        }

        int baseCode = memory.Base == Register.None ? 5 : (int)memory.Base & 15;
        int indexCode = memory.Index == Register.None ? 4 : (int)memory.Index & 15;
        if (memory.Index == Register.Rsp)
        {
            throw new ArgumentException("rsp cannot be an index.");
        }

        Opcode(row, size, reg, memory.Index == Register.None ? 0 : indexCode, memory.Base == Register.None ? 0 : baseCode, named, force);
        int displacement = memory.Displacement;
        int mode;
        if (memory.Base == Register.None)
        {
            mode = 0;
        }
        else if (displacement == 0 && (baseCode & 7) != 5)
        {
            mode = 0;
        }
        else
        {
            mode = displacement == (sbyte)displacement ? 1 : 2;
        }

        if (memory.Index != Register.None || memory.Base == Register.None || (baseCode & 7) == 4)
        {
            Put((byte)(mode << 6 | regField | 4));
            Put((byte)(memory.ScaleLog2 << 6 | (indexCode & 7) << 3 | baseCode & 7));
        }
        else
        {
            Put((byte)(mode << 6 | regField | baseCode & 7));
        }

        if (mode == 1)
        {
            Put((byte)displacement);
        }
        else if (mode == 2 || memory.Base == Register.None)
        {
            PutInt32(displacement);
        }
    }

    private void OpcodeRegister(in EncodingRow row, OperandSize size, Register operand)
    {
        Reserve();
        Prefixes(row, size, 0, 0, (int)operand & 15, force: false);
        OpcodeBytes(row, (int)operand & 7);
    }

    /// <summary>What is in front of ModRM; <paramref name="named"/> is the register that a VEX form names besides those of ModRM.</summary>
    private void Opcode(in EncodingRow row, OperandSize size, int reg, int index, int rm, int named, bool force)
    {
        if (IsVex(row))
        {
            VexPrefix(row, size, reg, index, rm, (row.Flags & (HasLeft | HasTarget)) != 0 ? named : 0);
            Put(row.Opcode);
        }
        else
        {
            Prefixes(row, size, reg, index, rm, force);
            OpcodeBytes(row, 0);
        }
    }

    /// <summary>The registers' upper bits and the one that is named besides are inverted; the short form knows only the upper bit of ModRM.reg.</summary>
    private void VexPrefix(in EncodingRow row, OperandSize size, int reg, int index, int rm, int named)
    {
        bool isWide = (row.Flags & Sized) != 0 && size == OperandSize.Qword;
        int kind = row.Prefix switch { 0x66 => 1, 0xF3 => 2, 0xF2 => 3, _ => 0 };
        int last = (~named & 15) << 3 | kind;
        if (row.Map == 1 && !isWide && index < 8 && rm < 8)
        {
            Put(0xC5);
            Put((byte)((~reg & 8) << 4 | last));
            return;
        }

        Put(0xC4);
        Put((byte)((~reg & 8) << 4 | (~index & 8) << 3 | (~rm & 8) << 2 | row.Map));
        Put((byte)((isWide ? 0x80 : 0) | last));
    }

    private void Prefixes(in EncodingRow row, OperandSize size, int reg, int index, int rm, bool force)
    {
        bool sized = (row.Flags & Sized) != 0;
        if (sized && size == OperandSize.Word)
        {
            Put(0x66);
        }

        if (row.Prefix != 0)
        {
            Put(row.Prefix);
        }

        int rex = (sized && size == OperandSize.Qword ? 8 : 0) | (reg >> 3) << 2 | (index >> 3) << 1 | rm >> 3;
        if (rex != 0 || force)
        {
            Put((byte)(0x40 | rex));
        }
    }

    private void OpcodeBytes(in EncodingRow row, int register)
    {
        if (row.Map != 0)
        {
            Put(0x0F);
            if (row.Map == 2)
            {
                Put(0x38);
            }
            else if (row.Map == 3)
            {
                Put(0x3A);
            }
        }

        Put((byte)(row.Opcode | register));
    }

    private static int ImmediateSize(in EncodingRow row, OperandSize size) => row.Form switch
    {
        EncodingForm.RmImm8 or EncodingForm.RegRmImm8 => 1,
        EncodingForm.RmImm32 or EncodingForm.RegRmImm32 when size == OperandSize.Word => 2,
        EncodingForm.RmImm32 or EncodingForm.RegRmImm32 or EncodingForm.OpRegImm32 => 4,
        _ => throw new ArgumentException(row.Mnemonic),
    };

    private void Immediate(in EncodingRow row, OperandSize size, int value)
    {
        switch (ImmediateSize(row, size))
        {
            case 1:
                Put((byte)value);
                break;
            case 2:
                Put((byte)value);
                Put((byte)(value >> 8));
                break;
            default:
                PutInt32(value);
                break;
        }
    }

    /// <summary>A 32-bit displacement from behind the field and <paramref name="bytesAfter"/> to a label.</summary>
    private void PutLabel32(Label label, int bytesAfter)
    {
        int origin = _length + 4 + bytesAfter;
        AddFixup(label, origin);
        int position = PositionOf(label);
        PutInt32(position >= 0 ? position - origin : 0);
    }

    private void AddFixup(Label label, int origin)
    {
        ref LabelState state = ref _labels[label.Number - 1];
        if (state.Position >= 0)
        {
            return;
        }

        if (_fixupCount == _fixups.Length)
        {
            Array.Resize(ref _fixups, _fixupCount * 2);
        }

        _fixups[_fixupCount] = new Fixup { Position = _length, Origin = origin, Next = state.FirstFixup };
        state.FirstFixup = _fixupCount++;
    }

    private void Reserve()
    {
        if (_length + LongestInstruction > _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private void Put(byte value) => _buffer[_length++] = value;

    private void PutInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length), value);
        _length += 4;
    }

    private void PutInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    private void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(position), value);
}
