using System.Globalization;
using System.Text;

namespace Segno.MachineCode;

/// <summary>
/// The text of what an assembler emits, as it emits it: labels by number, fields of the thread block by name, no addresses; so the same
/// source gives the same text on every run.
/// </summary>
internal sealed class AssemblyListing
{
    private static readonly string[] s_names64 =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private static readonly string[] s_names32 =
        ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"];

    private static readonly string[] s_names16 =
        ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"];

    private static readonly string[] s_names8 =
        ["al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"];

    private readonly StringBuilder _text = new();

    /// <summary>Names for displacements from the root register, if the composition has some.</summary>
    public Func<int, string?>? RootNames { get; set; }

    public void Clear() => _text.Clear();

    public override string ToString() => _text.ToString();

    public void Comment(string text) => _text.Append("    ; ").Append(text).Append('\n');

    public void Label(int number, string suffix = "") => Line($"L{number}:{suffix}");

    public void Instruction(string mnemonic, string first = "", string second = "", string third = "")
    {
        _text.Append("    ").Append(mnemonic);
        if (first.Length > 0)
        {
            _text.Append(' ', Math.Max(1, 8 - mnemonic.Length)).Append(first);
        }

        if (second.Length > 0)
        {
            _text.Append(", ").Append(second);
        }

        if (third.Length > 0)
        {
            _text.Append(", ").Append(third);
        }

        _text.Append('\n');
    }

    /// <summary>
    /// An instruction of the table. In its VEX form it has another name, and operands that are the target again where nothing else is
    /// given for them.
    /// </summary>
    public void Instruction(in EncodingRow row, bool isVex, string first, string left, string second, string third = "")
    {
        if (!isVex)
        {
            Instruction(row.Mnemonic, first, second, third);
        }
        else if ((row.Flags & EncodingFlags.HasLeft) != 0)
        {
            Instruction("v" + row.Mnemonic, first, left.Length > 0 ? left : first, third.Length > 0 ? $"{second}, {third}" : second);
        }
        else if ((row.Flags & EncodingFlags.HasTarget) != 0)
        {
            Instruction("v" + row.Mnemonic, first, first, second);
        }
        else
        {
            Instruction("v" + row.Mnemonic, first, second, third);
        }
    }

    public static string LabelName(Label label) => string.Create(CultureInfo.InvariantCulture, $"L{label.Number}");

    public static string Name(Register register, OperandSize size)
    {
        int code = (int)register & 15;
        return RegisterConvention.IsFloat64(register)
            ? string.Create(CultureInfo.InvariantCulture, $"xmm{code}")
            : size switch
            {
                OperandSize.Qword => s_names64[code],
                OperandSize.Dword => s_names32[code],
                OperandSize.Word => s_names16[code],
                _ => s_names8[code],
            };
    }

    public static string Number(long value) =>
        value is >= -9 and <= 9 ? value.ToString(CultureInfo.InvariantCulture)
        : value < 0 && value > int.MinValue ? string.Create(CultureInfo.InvariantCulture, $"-0x{-value:x}")
        : string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    public string Memory(in MemoryOperand operand)
    {
        if (operand.Label.IsValid)
        {
            return $"[{LabelName(operand.Label)}]";
        }

        StringBuilder b = new("[");
        string separator = "";
        if (operand.Base != Register.None)
        {
            b.Append(Name(operand.Base, OperandSize.Qword));
            separator = " + ";
        }

        if (operand.Index != Register.None)
        {
            b.Append(separator).Append(Name(operand.Index, OperandSize.Qword));
            if (operand.ScaleLog2 > 0)
            {
                b.Append('*').Append(1 << operand.ScaleLog2);
            }

            separator = " + ";
        }

        if (operand.Base == RegisterConvention.Root && operand.Index == Register.None && RootNames?.Invoke(operand.Displacement) is string name)
        {
            return b.Append(" + ").Append(name).Append(']').ToString();
        }

        if (operand.Displacement < 0 && separator.Length > 0)
        {
            b.Append(" - ").Append(Number(-(long)operand.Displacement));
        }
        else if (operand.Displacement != 0 || separator.Length == 0)
        {
            b.Append(separator).Append(Number(operand.Displacement));
        }

        return b.Append(']').ToString();
    }

    /// <summary>The text of a register operand of a row, in ModRM.reg or in ModRM.rm.</summary>
    public static string Operand(in EncodingRow row, OperandSize size, int code, bool isReg)
    {
        EncodingFlags vector = isReg ? EncodingFlags.VectorReg : EncodingFlags.VectorRm;
        EncodingFlags small = isReg ? EncodingFlags.ByteReg : EncodingFlags.ByteRm;
        if ((row.Flags & vector) != 0)
        {
            return Name((Register)(16 + code), size);
        }

        // The narrow side of movzx, movsx and movsxd is narrower than the operand size says.
        OperandSize actual = (row.Flags & small) != 0 ? OperandSize.Byte
            : (row.Flags & EncodingFlags.Default64) != 0 ? OperandSize.Qword
            : !isReg && row.Map == 1 && row.Opcode is 0xB7 or 0xBF && row.Prefix == 0 ? OperandSize.Word
            : !isReg && row.Map == 0 && row.Opcode == 0x63 ? OperandSize.Dword
            : (row.Flags & EncodingFlags.Sized) == 0 ? OperandSize.Dword
            : size;
        return Name((Register)code, actual);
    }

    private void Line(string text) => _text.Append(text).Append('\n');
}
