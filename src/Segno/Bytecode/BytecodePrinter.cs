using System.Globalization;
using System.Text;

namespace Segno.Bytecode;

/// <summary>Bytecode as text: offsets, named operands, constants, handlers, positions, feedback slots.</summary>
internal static class BytecodePrinter
{
    public static string Print(BytecodeFunction function, string name)
    {
        var text = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"function {(name.Length == 0 ? "(anonymous)" : name)}: parameters {function.ParameterCount}, registers {function.RegisterCount}, bytes {function.Bytes.Length}\n");
        var positions = function.Positions.ToDictionary(static p => p.Offset, static p => p.Position);
        for (var it = new BytecodeIterator(function.Bytes); !it.IsDone; it.Advance())
        {
            text.Append(positions.TryGetValue(it.Offset, out int position) ? string.Create(culture, $"{position,6} ") : "       ");
            text.Append(culture, $"{it.Offset,5}  {it.Info.Name}{(it.Scale == OperandScale.Single ? "" : it.Scale == OperandScale.Double ? ".Wide" : ".ExtraWide")}");
            for (int i = 0; i < it.Info.Operands.Length; i++)
            {
                text.Append(i == 0 ? " " : ", ");
                AppendOperand(text, function, it, i);
            }

            text.Append('\n');
        }

        for (int i = 0; i < function.Constants.Length; i++)
        {
            text.Append(culture, $"  constant {i}: {Describe(function.Constants[i])}\n");
        }

        foreach (HandlerTableEntry handler in function.Handlers)
        {
            text.Append(culture, $"  handler [{handler.Start}, {handler.End}) -> {handler.Handler}, context {new Register(handler.ContextRegister)}\n");
        }

        for (int i = 0; i < function.FeedbackSlots.Length; i++)
        {
            if (function.FeedbackSlots[i] != FeedbackSlotKind.Continuation)
            {
                text.Append(culture, $"  slot {i}: {function.FeedbackSlots[i]}\n");
            }
        }

        return text.ToString();
    }

    private static void AppendOperand(StringBuilder text, BytecodeFunction function, BytecodeIterator it, int index)
    {
        int value = it.Operand(index);
        switch (it.Info.Operands[index])
        {
            case OperandKind.Reg:
            case OperandKind.RegOut:
            case OperandKind.RegOutPair:
            case OperandKind.RegOutTriple:
            case OperandKind.RegInOut:
            case OperandKind.RegList:
                text.Append(new Register(value).ToString());
                break;
            case OperandKind.RegCount:
                text.Append('#').Append(value);
                break;
            case OperandKind.Imm:
            case OperandKind.UImm:
                text.Append(value);
                break;
            case OperandKind.Constant:
                text.Append('[').Append(value).Append(']');
                if (value < function.Constants.Length && function.Constants[value].Kind is ConstantKind.String or ConstantKind.Number)
                {
                    text.Append(' ').Append(Describe(function.Constants[value]));
                }

                break;
            case OperandKind.Slot:
                text.Append("slot ").Append(value);
                break;
            case OperandKind.Flags:
                text.Append("flags ").Append(value);
                break;
            case OperandKind.Jump:
                text.Append("-> ").Append(it.JumpTarget);
                break;
            case OperandKind.Runtime:
                text.Append(NativeIds.TryFromRuntimeOperand(value, out NativeId native) ? "%" + native : "runtime " + value.ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Describe(ConstantEntry entry) => entry.Kind switch
    {
        ConstantKind.Number => entry.Number.ToString("R", CultureInfo.InvariantCulture),
        ConstantKind.String => "\"" + entry.Object + "\"",
        ConstantKind.JumpTableEntry => "jump " + entry.Number.ToString(CultureInfo.InvariantCulture),
        ConstantKind.TheHole => "the hole",
        ConstantKind.BigInt => entry.Object + "n",
        _ => entry.Kind + " " + entry.Object,
    };
}
