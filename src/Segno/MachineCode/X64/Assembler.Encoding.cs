using System.Buffers.Binary;
using static Segno.MachineCode.EncodingFlags;

namespace Segno.MachineCode;

/// <summary>From rows and operands to bytes: prefixes, opcode, ModRM, SIB, displacement, immediate.</summary>
internal partial class Assembler
{
    /// <summary>More than any instruction or table entry takes.</summary>
    private const int LongestInstruction = 32;

    private void ModRegister(in EncodingRow row, OperandSize size, int reg, int rm)
    {
        Reserve();

        // sil, dil, spl, bpl exist only with a REX prefix.
        bool force = ((row.Flags & ByteReg) != 0 && reg is >= 4 and < 8) || ((row.Flags & ByteRm) != 0 && rm is >= 4 and < 8);
        Prefixes(row, size, reg, 0, rm, force);
        OpcodeBytes(row, 0);
        Put((byte)(0xC0 | (reg & 7) << 3 | rm & 7));
    }

    private void ModMemory(in EncodingRow row, OperandSize size, int reg, in MemoryOperand memory, int immediateSize)
    {
        Reserve();
        bool force = (row.Flags & ByteReg) != 0 && reg is >= 4 and < 8;
        int regField = (reg & 7) << 3;
        if (memory.Label.IsValid)
        {
            Prefixes(row, size, reg, 0, 0, force);
            OpcodeBytes(row, 0);
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

        Prefixes(row, size, reg, memory.Index == Register.None ? 0 : indexCode, memory.Base == Register.None ? 0 : baseCode, force);
        OpcodeBytes(row, 0);
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
