using System.Numerics;

namespace Segno.Backend;

/// <summary>Constant folding, identities and strength reduction, applied while operations are appended.</summary>
internal sealed partial class MachineGraphBuilder
{
    private const int From32To64 = MachineOpcode.Int64Add - MachineOpcode.Int32Add;

    public OpId Binary(MachineOpcode opcode, OpId left, OpId right) =>
        Binary(opcode, left, right, MachineOpcodeTable.Get(opcode).Result);

    public OpId Binary(MachineOpcode opcode, OpId left, OpId right, Representation representation)
    {
        left = Resolve(left);
        right = Resolve(right);
        bool leftIsConstant = IsIntegerConstant(left);
        if (leftIsConstant && !IsIntegerConstant(right) && MachineOpcodeTable.Is(opcode, OpProperties.Commutative))
        {
            (left, right) = (right, left);
            leftIsConstant = false;
        }

        if (IsIntegerConstant(right))
        {
            long b = graph.Op(right).Immediate;
            if (leftIsConstant && TryFold(opcode, graph.Op(left).Immediate, b, out long result))
            {
                return MakeConstant(result, representation);
            }

            OpId simpler = Simplify(opcode, left, right, b, representation);
            if (simpler != OpId.None)
            {
                return simpler;
            }
        }

        OpId id = Append(opcode, representation);
        graph.AddInput(id, left);
        graph.AddInput(id, right);
        return id;
    }

    public OpId Unary(MachineOpcode opcode, OpId input) => Unary(opcode, input, MachineOpcodeTable.Get(opcode).Result);

    public OpId Unary(MachineOpcode opcode, OpId input, Representation representation)
    {
        input = Resolve(input);
        ref MachineOp op = ref graph.Op(input);
        if (op.Opcode is MachineOpcode.Int32Constant or MachineOpcode.Int64Constant or MachineOpcode.Float64Constant &&
            TryFoldUnary(opcode, op.Immediate, out long result))
        {
            return MakeConstant(result, representation);
        }

        if (opcode == MachineOpcode.BitNot && op.Opcode == MachineOpcode.BitNot)
        {
            return graph.Input(op, 0);
        }

        // The lower half of a widened word is the word.
        if (opcode == MachineOpcode.TruncateInt64ToInt32 &&
            op.Opcode is MachineOpcode.ChangeInt32ToInt64 or MachineOpcode.ChangeUint32ToUint64)
        {
            return graph.Input(op, 0);
        }

        OpId id = Append(opcode, representation);
        graph.AddInput(id, input);
        return id;
    }

    private OpId MakeConstant(long value, Representation representation) => representation switch
    {
        Representation.Word32 => Int32Constant((int)value),
        Representation.Bit => BitConstant(value != 0),
        Representation.Float64 => Constant(MachineOpcode.Float64Constant, Representation.Float64, value),
        _ => Int64Constant(value, representation),
    };

    private bool IsIntegerConstant(OpId id) =>
        graph.Op(id).Opcode is MachineOpcode.Int32Constant or MachineOpcode.Int64Constant;

    private static bool TryFold(MachineOpcode opcode, long a, long b, out long result)
    {
        switch (opcode)
        {
            case MachineOpcode.Int64Add: result = a + b; return true;
            case MachineOpcode.Int64Sub: result = a - b; return true;
            case MachineOpcode.Int64Mul: result = a * b; return true;
            case MachineOpcode.Int64And: result = a & b; return true;
            case MachineOpcode.Int64Or: result = a | b; return true;
            case MachineOpcode.Int64Xor: result = a ^ b; return true;
            case MachineOpcode.Int64Shl: result = a << (int)b; return true;
            case MachineOpcode.Int64Sar: result = a >> (int)b; return true;
            case MachineOpcode.Int64Shr: result = (long)((ulong)a >> (int)b); return true;
            case MachineOpcode.Int32Add: result = (int)a + (int)b; return true;
            case MachineOpcode.Int32Sub: result = (int)a - (int)b; return true;
            case MachineOpcode.Int32Mul: result = (int)a * (int)b; return true;
            case MachineOpcode.Int32And: result = (int)a & (int)b; return true;
            case MachineOpcode.Int32Or: result = (int)a | (int)b; return true;
            case MachineOpcode.Int32Xor: result = (int)a ^ (int)b; return true;
            case MachineOpcode.Int32Shl: result = (int)a << (int)b; return true;
            case MachineOpcode.Int32Sar: result = (int)a >> (int)b; return true;
            case MachineOpcode.Int32Shr: result = (int)((uint)a >> (int)b); return true;
            case MachineOpcode.Int32Equal: result = (int)a == (int)b ? 1 : 0; return true;
            case MachineOpcode.Int32LessThan: result = (int)a < (int)b ? 1 : 0; return true;
            case MachineOpcode.Int32LessThanOrEqual: result = (int)a <= (int)b ? 1 : 0; return true;
            case MachineOpcode.Uint32LessThan: result = (uint)a < (uint)b ? 1 : 0; return true;
            case MachineOpcode.Uint32LessThanOrEqual: result = (uint)a <= (uint)b ? 1 : 0; return true;
            case MachineOpcode.Int64Equal: result = a == b ? 1 : 0; return true;
            case MachineOpcode.Int64LessThan: result = a < b ? 1 : 0; return true;
            case MachineOpcode.Int64LessThanOrEqual: result = a <= b ? 1 : 0; return true;
            case MachineOpcode.Uint64LessThan: result = (ulong)a < (ulong)b ? 1 : 0; return true;
            case MachineOpcode.Uint64LessThanOrEqual: result = (ulong)a <= (ulong)b ? 1 : 0; return true;
            default: result = 0; return false;
        }
    }

    private static bool TryFoldUnary(MachineOpcode opcode, long value, out long result)
    {
        switch (opcode)
        {
            case MachineOpcode.ChangeInt32ToInt64: result = (int)value; return true;
            case MachineOpcode.ChangeUint32ToUint64: result = (uint)value; return true;
            case MachineOpcode.TruncateInt64ToInt32: result = (int)value; return true;
            case MachineOpcode.SignExtendInt8: result = (sbyte)value; return true;
            case MachineOpcode.SignExtendInt16: result = (short)value; return true;
            case MachineOpcode.ChangeInt32ToFloat64: result = BitConverter.DoubleToInt64Bits((int)value); return true;
            case MachineOpcode.ChangeUint32ToFloat64: result = BitConverter.DoubleToInt64Bits((uint)value); return true;
            case MachineOpcode.BitcastFloat64ToInt64:
            case MachineOpcode.BitcastInt64ToFloat64:
            case MachineOpcode.Bitcast: result = value; return true;
            case MachineOpcode.BitNot: result = value ^ 1; return true;
            default: result = 0; return false;
        }
    }

    private OpId Simplify(MachineOpcode opcode, OpId left, OpId right, long b, Representation representation)
    {
        bool is64 = opcode is >= MachineOpcode.Int64Add and <= MachineOpcode.Uint64Mod;
        if (!is64 && opcode is < MachineOpcode.Int32Add or > MachineOpcode.Uint32Mod)
        {
            return OpId.None;
        }

        MachineOpcode kind = is64 ? (MachineOpcode)((int)opcode - From32To64) : opcode;
        bool keepsType = graph.Op(left).Representation == representation;
        switch (kind)
        {
            case MachineOpcode.Int32Sub when b != (is64 ? long.MinValue : int.MinValue):
                return Binary(Widen(MachineOpcode.Int32Add, is64), left, IntegerLike(right, -b), representation);
            case MachineOpcode.Int32Add or MachineOpcode.Int32Or or MachineOpcode.Int32Xor when b == 0 && keepsType:
            case MachineOpcode.Int32Shl or MachineOpcode.Int32Sar or MachineOpcode.Int32Shr or MachineOpcode.Int32RotateLeft when b == 0 && keepsType:
            case MachineOpcode.Int32And when b == -1 && keepsType:
            case MachineOpcode.Int32Mul or MachineOpcode.Int32Div or MachineOpcode.Uint32Div when b == 1 && keepsType:
                return left;
            case MachineOpcode.Int32And or MachineOpcode.Int32Mul when b == 0:
                return MakeConstant(0, representation);
            case MachineOpcode.Int32Add when graph.Op(left).Opcode == opcode && IsIntegerConstant(graph.Input(left, 1)):
            {
                // (x + c1) + c2; 32-bit sums wrap, and MakeConstant truncates.
                OpId inner = graph.Input(left, 0);
                return Binary(opcode, inner, IntegerLike(right, graph.Op(graph.Input(left, 1)).Immediate + b), representation);
            }

            case MachineOpcode.Int32Mul when b > 1 && BitOperations.IsPow2(b):
                return Binary(Widen(MachineOpcode.Int32Shl, is64), left, Int32Constant(BitOperations.TrailingZeroCount(b)), representation);
            case MachineOpcode.Uint32Div when b > 1 && BitOperations.IsPow2(b):
                return Binary(Widen(MachineOpcode.Int32Shr, is64), left, Int32Constant(BitOperations.TrailingZeroCount(b)), representation);
            case MachineOpcode.Uint32Mod when b > 0 && BitOperations.IsPow2(b):
                return Binary(Widen(MachineOpcode.Int32And, is64), left, IntegerLike(right, b - 1), representation);
            default:
                return OpId.None;
        }
    }

    private static MachineOpcode Widen(MachineOpcode opcode, bool is64) => is64 ? (MachineOpcode)((int)opcode + From32To64) : opcode;

    private OpId IntegerLike(OpId sample, long value) =>
        graph.Op(sample).Opcode == MachineOpcode.Int32Constant ? Int32Constant((int)value) : Int64Constant(value);
}
