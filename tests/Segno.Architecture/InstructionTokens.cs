using System.Buffers.Binary;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Segno.Architecture;

/// <summary>The metadata tokens in the code of a method.</summary>
internal static class InstructionTokens
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Where(static f => f.FieldType == typeof(OpCode))
        .Select(static f => (OpCode)f.GetValue(null)!)
        .ToDictionary(static o => (int)(ushort)o.Value, static o => o.OperandType);

    public static IEnumerable<EntityHandle> Of(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            int opcode = code[at++];
            if (opcode == 0xFE)
            {
                opcode = 0xFE00 | code[at++];
            }

            OperandType operand = Operands[opcode];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return MetadataTokens.EntityHandle(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at)));
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
                _ => 4,
            };
        }
    }
}
