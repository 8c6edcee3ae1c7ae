using System.Runtime.Intrinsics.X86;
using static Segno.MachineCode.EncodingFlags;

namespace Segno.MachineCode;

/// <summary>
/// Writes x64 machine code from the encoding table into a growing buffer. Labels are patched when bound; a jump back takes the
/// short form where it fits.
/// </summary>
internal partial class Assembler
{
    private byte[] _buffer = new byte[1024];
    private int _length;
    private LabelState[] _labels = new LabelState[32];
    private int _labelCount;
    private Fixup[] _fixups = new Fixup[64];
    private int _fixupCount;
    private readonly List<Relocation> _relocations = [];

    private struct LabelState
    {
        /// <summary>Offset in the code, or -1 while unbound.</summary>
        public int Position;

        /// <summary>First of the places that wait for the label, or -1.</summary>
        public int FirstFixup;
    }

    private struct Fixup
    {
        /// <summary>Where the 32-bit field lies.</summary>
        public int Position;

        /// <summary>What the displacement counts from.</summary>
        public int Origin;
        public int Next;
    }

    /// <summary>The offset of the next byte.</summary>
    public int Position => _length;

    public ReadOnlySpan<byte> Code => _buffer.AsSpan(0, _length);

    public List<Relocation> Relocations => _relocations;

    /// <summary>
    /// Whether instructions on vector registers take their VEX forms. These write whole registers. The older ones keep the upper halves: once some
    /// code of the process has left something in these, each of ours would wait for the last one with the same target.
    /// </summary>
    public bool UsesVex { get; init; } = HasVex;

    /// <summary>Whether this processor has them.</summary>
    public static bool HasVex => Avx.IsSupported;

    /// <summary>Receives the text of what is emitted, if set.</summary>
    public AssemblyListing? Listing { get; set; }

    public void Reset()
    {
        _length = _labelCount = _fixupCount = 0;
        _relocations.Clear();
    }

    // ---- Labels ----

    public Label NewLabel()
    {
        if (_labelCount == _labels.Length)
        {
            Array.Resize(ref _labels, _labelCount * 2);
        }

        _labels[_labelCount] = new LabelState { Position = -1, FirstFixup = -1 };
        return new Label(++_labelCount);
    }

    public void Bind(Label label)
    {
        ref LabelState state = ref _labels[label.Number - 1];
        if (state.Position >= 0)
        {
            throw new InvalidOperationException("A label is bound twice.");
        }

        state.Position = _length;
        Listing?.Label(label.Number);
        for (int i = state.FirstFixup; i >= 0; i = _fixups[i].Next)
        {
            PatchInt32(_fixups[i].Position, _length - _fixups[i].Origin);
        }
    }

    /// <summary>The offset of a bound label.</summary>
    /// <summary>Binds a label to a place outside of the code, given as its distance from the code's start: data at a fixed distance (D9).</summary>
    public void BindOutside(Label label, int distanceFromStart) => _labels[label.Number - 1].Position = distanceFromStart;

    public int PositionOf(Label label) => _labels[label.Number - 1].Position;

    public void Jump(Label target)
    {
        Listing?.Instruction("jmp", AssemblyListing.LabelName(target));
        Reserve();
        int position = PositionOf(target);
        if (position >= 0 && position - (_length + 2) >= sbyte.MinValue)
        {
            Put(0xEB);
            Put((byte)(position - (_length + 1)));
            return;
        }

        Put(0xE9);
        PutLabel32(target, 0);
    }

    public void Jump(Condition condition, Label target)
    {
        Listing?.Instruction("j" + condition.Suffix(), AssemblyListing.LabelName(target));
        Reserve();
        int position = PositionOf(target);
        if (position >= 0 && position - (_length + 2) >= sbyte.MinValue)
        {
            Put((byte)(0x70 | (int)condition));
            Put((byte)(position - (_length + 1)));
            return;
        }

        Put(0x0F);
        Put((byte)(0x80 | (int)condition));
        PutLabel32(target, 0);
    }

    public void Call(Label target)
    {
        Listing?.Instruction("call", AssemblyListing.LabelName(target));
        Reserve();
        Put(0xE8);
        PutLabel32(target, 0);
    }

    /// <summary>A rel32 call of code elsewhere in the code range.</summary>
    public void CallCode(nint address, string name = "")
    {
        Listing?.Instruction("call", name);
        Relative(0xE8, address);
    }

    public void JumpCode(nint address, string name = "")
    {
        Listing?.Instruction("jmp", name);
        Relative(0xE9, address);
    }

    private void Relative(byte opcode, nint address)
    {
        Reserve();
        Put(opcode);
        _relocations.Add(new Relocation(_length, RelocationKind.Relative32, address));
        PutInt32(0);
    }

    /// <summary>A table entry: the distance from <paramref name="origin"/> to <paramref name="target"/>, both bound or to be bound.</summary>
    public void PutDistance(Label origin, Label target)
    {
        Listing?.Instruction("dd", AssemblyListing.LabelName(target), "", "");
        Reserve();
        AddFixup(target, PositionOf(origin));
        PutInt32(PositionOf(target) >= 0 ? PositionOf(target) - PositionOf(origin) : 0);
    }

    /// <summary>A table entry: the absolute address of a bound label.</summary>
    public void PutAddress(Label target)
    {
        Reserve();
        _relocations.Add(new Relocation(_length, RelocationKind.CodeAbsolute64, PositionOf(target)));
        PutInt64(0);
    }

    public void PutData64(long value)
    {
        Reserve();
        PutInt64(value);
    }

    /// <summary>Fills with multi-byte no-operations up to a multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment) => Nop(-_length & (alignment - 1));

    public void Nop(int count)
    {
        while (count > 0)
        {
            Reserve();
            int size = Math.Min(count, 9);
            s_nops.AsSpan(size * (size - 1) / 2, size).CopyTo(_buffer.AsSpan(_length));
            _length += size;
            count -= size;
        }
    }

    // The recommended no-operations of 1 to 9 bytes, one after the other.
    private static readonly byte[] s_nops =
    [
        0x90,
        0x66, 0x90,
        0x0F, 0x1F, 0x00,
        0x0F, 0x1F, 0x40, 0x00,
        0x0F, 0x1F, 0x44, 0x00, 0x00,
        0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00,
        0x0F, 0x1F, 0x80, 0x00, 0x00, 0x00, 0x00,
        0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x66, 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00,
    ];

    // ---- Instructions by row ----

    public void Emit(Instruction instruction, OperandSize size = OperandSize.Dword)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        Listing?.Instruction(instruction == Instruction.Cdq && size == OperandSize.Qword ? "cqo" : row.Mnemonic);
        Reserve();
        Prefixes(row, size, 0, 0, 0, force: false);
        OpcodeBytes(row, 0);
    }

    /// <summary>A row of form OpReg, or Rm with a register.</summary>
    public void Emit(Instruction instruction, OperandSize size, Register operand)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        if (Listing is not null)
        {
            Listing.Instruction(row.Mnemonic, AssemblyListing.Operand(row, size, (int)operand & 15, isReg: false),
                row.Form == EncodingForm.RmCl ? "cl" : "");
        }

        if (row.Form == EncodingForm.OpReg)
        {
            OpcodeRegister(row, size, operand);
        }
        else
        {
            ModRegister(row, size, row.Extension, (int)operand & 15);
        }
    }

    /// <summary>A row of form Rm with memory.</summary>
    public void Emit(Instruction instruction, OperandSize size, in MemoryOperand operand)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        Listing?.Instruction(row.Mnemonic, SizedMemory(row, size, operand));
        ModMemory(row, size, row.Extension, operand, 0);
    }

    /// <summary>Two registers, in the order of the assembly text.</summary>
    public void Emit(Instruction instruction, OperandSize size, Register first, Register second)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        bool swapped = row.Form == EncodingForm.RmReg;
        if (Listing is not null)
        {
            Listing.Instruction(row, IsVex(row), AssemblyListing.Operand(row, size, (int)first & 15, !swapped),
                (row.Flags & KeepsUpper) != 0 ? AssemblyListing.Operand(row, size, (int)second & 15, isReg: true) : "",
                AssemblyListing.Operand(row, size, (int)second & 15, swapped));
        }

        if (swapped)
        {
            (first, second) = (second, first);
        }

        ModRegister(row, size, (int)first & 15, (int)second & 15);
    }

    public void Emit(Instruction instruction, OperandSize size, Register register, in MemoryOperand memory)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        Listing?.Instruction(row, IsVex(row), AssemblyListing.Operand(row, size, (int)register & 15, isReg: true), "", Listing.Memory(memory));
        ModMemory(row, size, (int)register & 15, memory, 0);
    }

    /// <summary>A VEX form with a target of its own.</summary>
    public void Emit(Instruction instruction, Register target, Register left, Register right)
    {
        ref readonly EncodingRow row = ref VexRow(instruction);
        if (Listing is not null)
        {
            Listing.Instruction(row, true, AssemblyListing.Name(target, OperandSize.Qword), AssemblyListing.Name(left, OperandSize.Qword), AssemblyListing.Name(right, OperandSize.Qword));
        }

        ModRegister(row, OperandSize.Qword, (int)target & 15, (int)right & 15, (int)left & 15);
    }

    public void Emit(Instruction instruction, Register target, Register left, in MemoryOperand right)
    {
        ref readonly EncodingRow row = ref VexRow(instruction);
        Listing?.Instruction(row, true, AssemblyListing.Name(target, OperandSize.Qword), AssemblyListing.Name(left, OperandSize.Qword), Listing.Memory(right));
        ModMemory(row, OperandSize.Qword, (int)target & 15, right, 0, (int)left & 15);
    }

    private ref readonly EncodingRow VexRow(Instruction instruction)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        if (!UsesVex || (row.Flags & (HasLeft | VectorReg | VectorRm)) != (HasLeft | VectorReg | VectorRm))
        {
            throw new ArgumentException($"{row.Mnemonic} has no form with three registers.");
        }

        return ref row;
    }

    private bool IsVex(in EncodingRow row) => UsesVex && (row.Flags & (VectorReg | VectorRm)) != 0;

    public void Emit(Instruction instruction, OperandSize size, in MemoryOperand memory, Register register)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        Listing?.Instruction(row, IsVex(row), Listing.Memory(memory), "", AssemblyListing.Operand(row, size, (int)register & 15, isReg: true));
        ModMemory(row, size, (int)register & 15, memory, 0);
    }

    /// <summary>Memory without a register beside it needs its size in the text.</summary>
    private string SizedMemory(in EncodingRow row, OperandSize size, in MemoryOperand memory)
    {
        string word = (row.Flags & ByteRm) != 0 ? "byte " : (row.Flags & Default64) != 0 ? "" : size switch
        {
            OperandSize.Word => "word ",
            OperandSize.Dword => "dword ",
            _ => "qword ",
        };
        return word + Listing!.Memory(memory);
    }

    /// <summary>A register and an immediate of the size that the row's form says.</summary>
    public void Emit(Instruction instruction, OperandSize size, Register operand, int immediate)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        if (Listing is not null)
        {
            Listing.Instruction(row, IsVex(row), AssemblyListing.Operand(row, size, (int)operand & 15, isReg: false), "", AssemblyListing.Number(immediate));
        }

        if (row.Form == EncodingForm.OpRegImm32)
        {
            OpcodeRegister(row, size, operand);
        }
        else
        {
            ModRegister(row, size, row.Extension, (int)operand & 15);
        }

        Immediate(row, size, immediate);
    }

    public void Emit(Instruction instruction, OperandSize size, in MemoryOperand operand, int immediate)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        Listing?.Instruction(row.Mnemonic, SizedMemory(row, size, operand), AssemblyListing.Number(immediate));
        ModMemory(row, size, row.Extension, operand, ImmediateSize(row, size));
        Immediate(row, size, immediate);
    }

    public void Emit(Instruction instruction, OperandSize size, Register first, Register second, int immediate)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        if (Listing is not null)
        {
            string source = AssemblyListing.Operand(row, size, (int)second & 15, isReg: false);
            Listing.Instruction(row, IsVex(row), AssemblyListing.Operand(row, size, (int)first & 15, isReg: true), source, source, AssemblyListing.Number(immediate));
        }

        ModRegister(row, size, (int)first & 15, (int)second & 15);
        Immediate(row, size, immediate);
    }

    public void Emit(Instruction instruction, OperandSize size, Register first, in MemoryOperand second, int immediate)
    {
        ref readonly EncodingRow row = ref EncodingTable.Get(instruction);
        if (Listing is not null)
        {
            Listing.Instruction(row, IsVex(row), AssemblyListing.Operand(row, size, (int)first & 15, isReg: true), "", Listing.Memory(second), AssemblyListing.Number(immediate));
        }

        ModMemory(row, size, (int)first & 15, second, ImmediateSize(row, size));
        Immediate(row, size, immediate);
    }

    public void MoveImmediate64(Register register, long value)
    {
        Listing?.Instruction("mov", AssemblyListing.Name(register, OperandSize.Qword), AssemblyListing.Number(value));
        OpcodeRegister(EncodingTable.Get(Instruction.MovRegImm64), OperandSize.Qword, register);
        PutInt64(value);
    }

    public void SetCondition(Condition condition, Register register)
    {
        Listing?.Instruction("set" + condition.Suffix(), AssemblyListing.Name(register, OperandSize.Byte));
        EncodingRow row = new("setcc", 0, 1, (byte)(0x90 | (int)condition), 0, EncodingForm.Rm, ByteRm);
        ModRegister(row, OperandSize.Byte, 0, (int)register & 15);
    }

    public void MoveIf(Condition condition, OperandSize size, Register first, Register second)
    {
        Listing?.Instruction("cmov" + condition.Suffix(), AssemblyListing.Name(first, size), AssemblyListing.Name(second, size));
        EncodingRow row = new("cmovcc", 0, 1, (byte)(0x40 | (int)condition), 0, EncodingForm.RegRm, Sized);
        ModRegister(row, size, (int)first & 15, (int)second & 15);
    }

    public void MoveIf(Condition condition, OperandSize size, Register first, in MemoryOperand second)
    {
        Listing?.Instruction("cmov" + condition.Suffix(), AssemblyListing.Name(first, size), Listing.Memory(second));
        EncodingRow row = new("cmovcc", 0, 1, (byte)(0x40 | (int)condition), 0, EncodingForm.RegRm, Sized);
        ModMemory(row, size, (int)first & 15, second, 0);
    }

    /// <summary>The prefix that makes the next read-modify-write of memory atomic.</summary>
    public void Lock()
    {
        Listing?.Instruction("lock");
        Reserve();
        Put(0xF0);
    }

    public void MemoryFence()
    {
        Listing?.Instruction("mfence");
        Reserve();
        Put(0x0F);
        Put(0xAE);
        Put(0xF0);
    }

    /// <summary>Returns and pops this many bytes of arguments.</summary>
    public void Return(int bytesToPop = 0)
    {
        if (bytesToPop == 0)
        {
            Emit(Instruction.Ret);
            return;
        }

        Listing?.Instruction("ret", AssemblyListing.Number(bytesToPop));
        Reserve();
        Put(0xC2);
        Put((byte)bytesToPop);
        Put((byte)(bytesToPop >> 8));
    }

    public void PushImmediate(int value)
    {
        Listing?.Instruction("push", AssemblyListing.Number(value));
        Reserve();
        if (value == (sbyte)value)
        {
            Put(0x6A);
            Put((byte)value);
        }
        else
        {
            Put(0x68);
            PutInt32(value);
        }
    }
}
