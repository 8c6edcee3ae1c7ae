using Iced.Intel;
using Segno.MachineCode;
using Xunit;
using Assembler = Segno.MachineCode.Assembler;
using Label = Segno.MachineCode.Label;
using Instruction = Segno.MachineCode.Instruction;
using MemoryOperand = Segno.MachineCode.MemoryOperand;
using Register = Segno.MachineCode.Register;

namespace Segno.Tests.MachineCode;

/// <summary>Every row of the encoding table with random operands, read back by an independent decoder.</summary>
public sealed class AssemblerFuzzTests
{
    private const int RoundsPerRow = 300;
    private static readonly OperandSize[] s_sizes = [OperandSize.Word, OperandSize.Dword, OperandSize.Qword];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_row_decodes_to_what_was_asked_for(bool usesVex)
    {
        Random random = new(20250101);
        for (int r = 0; r < EncodingTable.Count; r++)
        {
            for (int round = 0; round < RoundsPerRow; round++)
            {
                CheckRow((Instruction)r, random, usesVex);
            }
        }
    }

    [Fact]
    public void Forms_with_a_target_of_their_own()
    {
        Random random = new(20250102);
        Assembler a = new() { UsesVex = true, Listing = new AssemblyListing() };
        for (int r = 0; r < EncodingTable.Count; r++)
        {
            EncodingRow row = EncodingTable.Get((Instruction)r);
            const EncodingFlags Three = EncodingFlags.HasLeft | EncodingFlags.VectorReg | EncodingFlags.VectorRm;
            for (int round = 0; row.Form == EncodingForm.RegRm && (row.Flags & Three) == Three && round < RoundsPerRow; round++)
            {
                Register target = RandomRegister(random, vector: true), left = RandomRegister(random, vector: true), right = RandomRegister(random, vector: true);
                MemoryOperand memory = RandomMemory(random);
                a.Reset();
                bool isMemory = random.Next(2) == 0;
                if (isMemory)
                {
                    a.Emit((Instruction)r, target, left, memory);
                }
                else
                {
                    a.Emit((Instruction)r, target, left, right);
                }

                string[] names = [.. new[] { target, left, right }.Select(static x => AssemblyListing.Name(x, OperandSize.Qword))];
                CheckDecoded(a, $"v{row.Mnemonic} {names[0]},{names[1]},{(isMemory ? Memory(memory) : names[2])}");
            }
        }

        Assert.Throws<ArgumentException>(() => a.Emit(Instruction.Ucomisd, Register.Xmm0, Register.Xmm1, Register.Xmm2));
    }

    [Fact]
    public void The_enumeration_and_the_table_have_the_same_length() =>
        Assert.Equal(Enum.GetValues<Instruction>().Length, EncodingTable.Count);

    private static void CheckRow(Instruction instruction, Random random, bool usesVex)
    {
        EncodingRow row = EncodingTable.Get(instruction);
        bool sized = (row.Flags & EncodingFlags.Sized) != 0;
        OperandSize size = !sized ? OperandSize.Qword : s_sizes[random.Next(3)];
        if (instruction is Instruction.Movsxd or Instruction.MovRegImm64)
        {
            size = OperandSize.Qword;
        }
        else if (sized && ((row.Flags & (EncodingFlags.VectorReg | EncodingFlags.VectorRm)) != 0 || instruction is Instruction.Bswap or Instruction.Cdq) &&
            size == OperandSize.Word)
        {
            size = OperandSize.Dword;
        }

        Assembler a = new() { UsesVex = usesVex };
        string text = Emit(a, instruction, row, size, random);
        CheckDecoded(a, usesVex && (row.Flags & (EncodingFlags.VectorReg | EncodingFlags.VectorRm)) != 0 ? Vex(row, text) : text);
    }

    /// <summary>The text of the VEX form: the target again, or where only the upper half is meant, the source if it is a register.</summary>
    private static string Vex(in EncodingRow row, string text)
    {
        string[] parts = text.Split(' ');
        string[] operands = parts[1].Split(',');
        if ((row.Flags & (EncodingFlags.HasLeft | EncodingFlags.HasTarget)) == 0)
        {
            return "v" + text;
        }

        bool isSource = (row.Flags & EncodingFlags.KeepsUpper) != 0 && operands[1][0] != '[';
        return $"v{parts[0]} {string.Join(',', [operands[0], operands[isSource ? 1 : 0], .. operands[1..]])}";
    }

    private static void CheckDecoded(Assembler a, string text)
    {
        Decoder decoder = Decoder.Create(64, a.Code.ToArray());
        decoder.Decode(out Iced.Intel.Instruction decoded);
        Assert.False(decoded.IsInvalid, $"{text}: {Convert.ToHexString(a.Code)}");
        Assert.True(decoded.Length == a.Position, $"{text}: {decoded} has length {decoded.Length} of {a.Position}");
        Assert.Equal(text, Normalize(decoded));
    }

    private static string Emit(Assembler a, Instruction instruction, in EncodingRow row, OperandSize size, Random random)
    {
        bool memory = row.Form is EncodingForm.RegRm or EncodingForm.RmReg or EncodingForm.Rm or EncodingForm.RmImm8 or EncodingForm.RmImm32
            or EncodingForm.RegRmImm8 or EncodingForm.RegRmImm32 && (row.Flags & EncodingFlags.RegisterOnly) == 0 &&
            (random.Next(2) == 0 || (row.Flags & EncodingFlags.MemoryOnly) != 0);
        if ((row.Flags & EncodingFlags.RegisterOnly) != 0)
        {
            memory = false;
        }

        Register reg = RandomRegister(random, (row.Flags & EncodingFlags.VectorReg) != 0);
        Register rm = RandomRegister(random, (row.Flags & EncodingFlags.VectorRm) != 0);
        MemoryOperand m = RandomMemory(random);
        int immediate = RandomImmediate(random, row, size);
        string regText = AssemblyListing.Operand(row, size, (int)reg & 15, isReg: true);
        string rmText = memory ? Memory(m) : AssemblyListing.Operand(row, size, (int)rm & 15, isReg: false);
        string immediateText = immediate.ToString(System.Globalization.CultureInfo.InvariantCulture);
        switch (row.Form)
        {
            case EncodingForm.Plain:
                a.Emit(instruction, size);
                return instruction == Instruction.Cdq && size == OperandSize.Qword ? "cqo" : row.Mnemonic;
            case EncodingForm.RegRm:
                if (memory)
                {
                    a.Emit(instruction, size, reg, m);
                }
                else
                {
                    a.Emit(instruction, size, reg, rm);
                }

                return $"{row.Mnemonic} {regText},{rmText}";
            case EncodingForm.RmReg:
                if (memory)
                {
                    a.Emit(instruction, size, m, reg);
                }
                else
                {
                    a.Emit(instruction, size, rm, reg);
                }

                return $"{row.Mnemonic} {rmText},{regText}";
            case EncodingForm.Rm:
                if (memory)
                {
                    a.Emit(instruction, size, m);
                }
                else
                {
                    a.Emit(instruction, size, rm);
                }

                return $"{row.Mnemonic} {rmText}";
            case EncodingForm.RmCl:
                a.Emit(instruction, size, rm);
                return $"{row.Mnemonic} {AssemblyListing.Operand(row, size, (int)rm & 15, isReg: false)},cl";
            case EncodingForm.RmImm8 or EncodingForm.RmImm32:
                if (memory)
                {
                    a.Emit(instruction, size, m, immediate);
                }
                else
                {
                    a.Emit(instruction, size, rm, immediate);
                }

                return $"{row.Mnemonic} {rmText},{immediateText}";
            case EncodingForm.RegRmImm8 or EncodingForm.RegRmImm32:
                if (memory)
                {
                    a.Emit(instruction, size, reg, m, immediate);
                }
                else
                {
                    a.Emit(instruction, size, reg, rm, immediate);
                }

                return $"{row.Mnemonic} {regText},{rmText},{immediateText}";
            case EncodingForm.OpReg:
                a.Emit(instruction, size, rm);
                return $"{row.Mnemonic} {AssemblyListing.Operand(row, size, (int)rm, isReg: false)}";
            case EncodingForm.OpRegImm32:
                a.Emit(instruction, OperandSize.Dword, rm, immediate);
                return $"{row.Mnemonic} {AssemblyListing.Name(rm, OperandSize.Dword)},{immediateText}";
            default:
                long wide = random.NextInt64(long.MinValue, long.MaxValue);
                a.MoveImmediate64(rm, wide);
                return $"{row.Mnemonic} {AssemblyListing.Name(rm, OperandSize.Qword)},{wide}";
        }
    }

    private static int RandomImmediate(Random random, in EncodingRow row, OperandSize size)
    {
        int value = random.Next(int.MinValue, int.MaxValue);
        bool isByte = row.Form is EncodingForm.RmImm8 or EncodingForm.RegRmImm8;
        return isByte ? (sbyte)value : size == OperandSize.Word && row.Form != EncodingForm.OpRegImm32 ? (short)value : value;
    }

    private static Register RandomRegister(Random random, bool vector) => (Register)(random.Next(16) + (vector ? 16 : 0));

    private static MemoryOperand RandomMemory(Random random)
    {
        Register baseRegister = random.Next(8) == 0 ? Register.None : RandomRegister(random, vector: false);
        Register index = random.Next(2) == 0 ? Register.None : RandomRegister(random, vector: false);
        if (index == Register.Rsp)
        {
            index = Register.None;
        }

        int displacement = random.Next(4) switch { 0 => 0, 1 => random.Next(-128, 128), 2 => random.Next(-5000, 5000), _ => random.Next() };
        return new MemoryOperand(baseRegister, index, index == Register.None ? 0 : random.Next(4), displacement);
    }

    private static string Memory(in MemoryOperand m) =>
        Memory(m.Base == Register.None ? "" : AssemblyListing.Name(m.Base, OperandSize.Qword),
            m.Index == Register.None ? "" : AssemblyListing.Name(m.Index, OperandSize.Qword), 1 << m.ScaleLog2, m.Displacement);

    private static string Memory(string baseName, string indexName, int scale, long displacement) =>
        $"[{baseName}+{indexName}*{(indexName.Length == 0 ? 1 : scale)}+{displacement}]";

    private static string Normalize(in Iced.Intel.Instruction i)
    {
        string mnemonic = i.Mnemonic.ToString().ToLowerInvariant();
        if (mnemonic is "movq" or "vmovq")
        {
            mnemonic = mnemonic.Replace('q', 'd');
        }

        List<string> operands = [];
        for (int k = 0; k < i.OpCount; k++)
        {
            OpKind kind = i.GetOpKind(k);
            if (kind == OpKind.Register)
            {
                string name = i.GetOpRegister(k).ToString().ToLowerInvariant();
                operands.Add(name[^1] == 'l' && name[0] == 'r' ? name[..^1] + "b" : name);
            }
            else if (kind == OpKind.Memory)
            {
                operands.Add(Memory(
                    i.MemoryBase == Iced.Intel.Register.None ? "" : i.MemoryBase.ToString().ToLowerInvariant(),
                    i.MemoryIndex == Iced.Intel.Register.None ? "" : i.MemoryIndex.ToString().ToLowerInvariant(),
                    i.MemoryIndexScale, (int)i.MemoryDisplacement64));
            }
            else
            {
                ulong value = i.GetImmediate(k);
                operands.Add(kind switch
                {
                    OpKind.Immediate8 => ((sbyte)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    OpKind.Immediate16 => ((short)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    OpKind.Immediate32 => ((int)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    OpKind.Immediate8to16 => ((short)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    OpKind.Immediate8to32 => ((int)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    _ => ((long)value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                });
            }
        }

        return operands.Count == 0 ? mnemonic : $"{mnemonic} {string.Join(',', operands)}";
    }

    [Fact]
    public void Jumps_reach_their_labels_in_both_directions_and_both_lengths()
    {
        foreach (int distance in new[] { 0, 1, 100, 123, 124, 125, 126, 127, 128, 129, 130, 1000 })
        {
            Assembler a = new();
            Label back = a.NewLabel(), forward = a.NewLabel();
            a.Bind(back);
            a.Jump(forward);
            a.Nop(distance);
            a.Jump(Condition.NotEqual, back);
            a.Bind(forward);
            a.Jump(back);
            ulong end = (ulong)a.PositionOf(forward);
            Decoder decoder = Decoder.Create(64, a.Code.ToArray());
            List<ulong> targets = [];
            while (decoder.IP < (ulong)a.Position)
            {
                decoder.Decode(out Iced.Intel.Instruction i);
                if (i.FlowControl is FlowControl.UnconditionalBranch or FlowControl.ConditionalBranch)
                {
                    targets.Add(i.NearBranchTarget);
                }
                else
                {
                    Assert.Equal(Mnemonic.Nop, i.Mnemonic);
                }
            }

            Assert.Equal([end, 0ul, 0ul], targets);
        }
    }

    [Fact]
    public void Conditional_instructions_carry_their_condition()
    {
        for (int c = 0; c < 16; c++)
        {
            Assembler a = new();
            a.SetCondition((Condition)c, Register.Rsi);
            a.MoveIf((Condition)c, OperandSize.Qword, Register.R9, Register.Rax);
            Decoder decoder = Decoder.Create(64, a.Code.ToArray());
            Assert.Equal($"set{((Condition)c).Suffix()} sil", Normalize(decoder.Decode()));
            Assert.Equal($"cmov{((Condition)c).Suffix()} r9,rax", Normalize(decoder.Decode()));
        }
    }
}
