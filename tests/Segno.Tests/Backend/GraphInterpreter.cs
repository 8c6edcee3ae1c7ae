using System.Numerics;
using Segno.Backend;
using Segno.MachineCode;

namespace Segno.Tests.Backend;

/// <summary>Executes a machine graph directly: what compiled code is compared with.</summary>
internal sealed unsafe class GraphInterpreter(MachineGraph graph)
{
    private readonly ulong[] _values = new ulong[graph.OpCount];

    /// <summary>Set when the graph ended in a trap or ran too long.</summary>
    public bool Stopped { get; private set; }

    public ulong Run(RegisterFile registers, byte* rootRegister)
    {
        BlockId block = 0;
        BlockId previous = BlockId.None;
        for (int steps = 0; steps < 100_000; steps++)
        {
            EnterBlock(block, previous);
            for (OpId id = graph.Block(block).FirstOp; id != OpId.None; id = graph.Op(id).Next)
            {
                ref MachineOp op = ref graph.Op(id);
                switch (op.Opcode)
                {
                    case MachineOpcode.Parameter:
                        _values[(int)id] = RegisterConvention.IsFloat64((Register)op.Aux)
                            ? BitConverter.DoubleToUInt64Bits(registers.Float[op.Aux - 16])
                            : registers.General[op.Aux];
                        break;
                    case MachineOpcode.ReadPinned:
                        _values[(int)id] = (Register)op.Aux switch
                        {
                            Register.R13 => (ulong)rootRegister,
                            Register.R14 => 0xFFFE_0000_0000_0000,
                            Register.R15 => 0xFFFE_0000_0000_0002,
                            _ => throw new NotSupportedException(),
                        };
                        break;
                    case MachineOpcode.Goto:
                        (previous, block) = (block, graph.Successor(block, 0));
                        break;
                    case MachineOpcode.Branch:
                        (previous, block) = (block, graph.Successor(block, Word(op, 0) != 0 ? 0 : 1));
                        break;
                    case MachineOpcode.Switch:
                    {
                        long index = (long)(int)Word(op, 0) - graph.SwitchLowest(op.Extra);
                        int cases = graph.Block(block).SuccessorCount - 1;
                        (previous, block) = (block, graph.Successor(block, index >= 0 && index < cases ? (int)index : cases));
                        break;
                    }

                    case MachineOpcode.Return:
                        return Value(op, 0);
                    case MachineOpcode.Unreachable:
                        Stopped = true;
                        return 0;
                    default:
                        Compute(id, ref op);
                        break;
                }
            }
        }

        Stopped = true;
        return 0;
    }

    private void EnterBlock(BlockId block, BlockId previous)
    {
        if (graph.Block(block).FirstPhi == OpId.None)
        {
            return;
        }

        int index = 0;
        for (int link = graph.Block(block).FirstPredecessor; graph.Predecessor(link, out int next) != previous; link = next)
        {
            index++;
        }

        // All phis read before any is written.
        List<(OpId Phi, ulong Value)> values = [];
        for (OpId phi = graph.Block(block).FirstPhi; phi != OpId.None; phi = graph.Op(phi).Next)
        {
            if (graph.Op(phi).Opcode == MachineOpcode.Phi)
            {
                values.Add((phi, _values[(int)graph.Input(phi, index)]));
            }
        }

        foreach ((OpId phi, ulong value) in values)
        {
            _values[(int)phi] = value;
        }
    }

    private ulong Value(in MachineOp op, int i) => _values[(int)graph.Input(op, i)];

    private uint Word(in MachineOp op, int i) => (uint)Value(op, i);

    private byte* Address(in MachineOp op) =>
        (byte*)(Value(op, 0) + (op.HasIndex ? Value(op, 1) << op.Aux : 0) + (ulong)op.Immediate);

    private void Compute(OpId id, ref MachineOp op)
    {
        ulong a = op.InputCount > 0 ? Value(op, 0) : 0, b = op.InputCount > 1 ? Value(op, 1) : 0;
        int i = (int)a, j = (int)b;
        uint u = (uint)a, v = (uint)b;
        ulong stored = op.InputCount > 1 ? Value(op, op.InputCount - 1) : 0;
        double x = BitConverter.UInt64BitsToDouble(a), y = BitConverter.UInt64BitsToDouble(b);
        ref ulong r = ref _values[(int)id];
        switch (op.Opcode)
        {
            case MachineOpcode.Int32Constant: r = (uint)op.Immediate; break;
            case MachineOpcode.Int64Constant or MachineOpcode.Float64Constant: r = (ulong)op.Immediate; break;
            case MachineOpcode.LoadInt8: r = (uint)*(sbyte*)Address(op); break;
            case MachineOpcode.LoadUint8: r = *Address(op); break;
            case MachineOpcode.LoadInt16: r = (uint)*(short*)Address(op); break;
            case MachineOpcode.LoadUint16: r = *(ushort*)Address(op); break;
            case MachineOpcode.LoadWord32: r = *(uint*)Address(op); break;
            case MachineOpcode.LoadWord64 or MachineOpcode.LoadFloat64: r = *(ulong*)Address(op); break;
            case MachineOpcode.LoadFloat32: r = Bits(*(float*)Address(op)); break;
            case MachineOpcode.StoreWord8: *Address(op) = (byte)stored; break;
            case MachineOpcode.StoreWord16: *(ushort*)Address(op) = (ushort)stored; break;
            case MachineOpcode.StoreWord32: *(uint*)Address(op) = (uint)stored; break;
            case MachineOpcode.StoreWord64 or MachineOpcode.StoreFloat64: *(ulong*)Address(op) = stored; break;
            case MachineOpcode.StoreFloat32: *(float*)Address(op) = (float)BitConverter.UInt64BitsToDouble(stored); break;
            case MachineOpcode.LoadEffectiveAddress: r = (ulong)Address(op); break;
            case MachineOpcode.Int32Add or MachineOpcode.Int32AddWithOverflow: r = u + v; break;
            case MachineOpcode.Int32Sub or MachineOpcode.Int32SubWithOverflow: r = u - v; break;
            case MachineOpcode.Int32Mul or MachineOpcode.Int32MulWithOverflow: r = u * v; break;
            case MachineOpcode.Int32And: r = u & v; break;
            case MachineOpcode.Int32Or: r = u | v; break;
            case MachineOpcode.Int32Xor: r = u ^ v; break;
            case MachineOpcode.Int32Shl: r = u << j; break;
            case MachineOpcode.Int32Sar: r = (uint)(i >> j); break;
            case MachineOpcode.Int32Shr: r = u >> j; break;
            case MachineOpcode.Int32RotateLeft: r = BitOperations.RotateLeft(u, j); break;
            case MachineOpcode.Int32Div: r = (uint)(i / j); break;
            case MachineOpcode.Int32Mod: r = (uint)(i % j); break;
            case MachineOpcode.Uint32Div: r = u / v; break;
            case MachineOpcode.Uint32Mod: r = u % v; break;
            case MachineOpcode.Int64Add or MachineOpcode.Int64AddWithOverflow: r = a + b; break;
            case MachineOpcode.Int64Sub or MachineOpcode.Int64SubWithOverflow: r = a - b; break;
            case MachineOpcode.Int64Mul or MachineOpcode.Int64MulWithOverflow: r = a * b; break;
            case MachineOpcode.Int64And: r = a & b; break;
            case MachineOpcode.Int64Or: r = a | b; break;
            case MachineOpcode.Int64Xor: r = a ^ b; break;
            case MachineOpcode.Int64Shl: r = a << j; break;
            case MachineOpcode.Int64Sar: r = (ulong)((long)a >> j); break;
            case MachineOpcode.Int64Shr: r = a >> j; break;
            case MachineOpcode.Int64RotateLeft: r = BitOperations.RotateLeft(a, j); break;
            case MachineOpcode.Int64Div: r = (ulong)((long)a / (long)b); break;
            case MachineOpcode.Int64Mod: r = (ulong)((long)a % (long)b); break;
            case MachineOpcode.Uint64Div: r = a / b; break;
            case MachineOpcode.Uint64Mod: r = a % b; break;
            case MachineOpcode.Overflow: r = Overflows(graph.Input(op, 0)) ? 1ul : 0; break;
            case MachineOpcode.Int32CountLeadingZeros: r = (ulong)BitOperations.LeadingZeroCount(u); break;
            case MachineOpcode.Int64CountLeadingZeros: r = (ulong)BitOperations.LeadingZeroCount(a); break;
            case MachineOpcode.Int32CountTrailingZeros: r = (ulong)BitOperations.TrailingZeroCount(u); break;
            case MachineOpcode.Int64CountTrailingZeros: r = (ulong)BitOperations.TrailingZeroCount(a); break;
            case MachineOpcode.Int32PopulationCount: r = (ulong)BitOperations.PopCount(u); break;
            case MachineOpcode.Int64PopulationCount: r = (ulong)BitOperations.PopCount(a); break;
            case MachineOpcode.Int32ByteSwap: r = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(u); break;
            case MachineOpcode.Int64ByteSwap: r = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(a); break;
            case MachineOpcode.Int32Equal: r = Bit(u == v); break;
            case MachineOpcode.Int32LessThan: r = Bit(i < j); break;
            case MachineOpcode.Int32LessThanOrEqual: r = Bit(i <= j); break;
            case MachineOpcode.Uint32LessThan: r = Bit(u < v); break;
            case MachineOpcode.Uint32LessThanOrEqual: r = Bit(u <= v); break;
            case MachineOpcode.Int64Equal: r = Bit(a == b); break;
            case MachineOpcode.Int64LessThan: r = Bit((long)a < (long)b); break;
            case MachineOpcode.Int64LessThanOrEqual: r = Bit((long)a <= (long)b); break;
            case MachineOpcode.Uint64LessThan: r = Bit(a < b); break;
            case MachineOpcode.Uint64LessThanOrEqual: r = Bit(a <= b); break;
            case MachineOpcode.Float64Equal: r = Bit(x == y); break;
            case MachineOpcode.Float64LessThan: r = Bit(x < y); break;
            case MachineOpcode.Float64LessThanOrEqual: r = Bit(x <= y); break;
            case MachineOpcode.BitNot: r = a ^ 1; break;
            case MachineOpcode.Float64Add: r = Bits(x + y); break;
            case MachineOpcode.Float64Sub: r = Bits(x - y); break;
            case MachineOpcode.Float64Mul: r = Bits(x * y); break;
            case MachineOpcode.Float64Div: r = Bits(x / y); break;
            case MachineOpcode.Float64Sqrt: r = Bits(Math.Sqrt(x)); break;
            case MachineOpcode.Float64Abs: r = a & long.MaxValue; break;
            case MachineOpcode.Float64Neg: r = a ^ (1ul << 63); break;
            case MachineOpcode.Float64Round:
                r = Bits((RoundingMode)op.Aux switch
                {
                    RoundingMode.NearestEven => Math.Round(x), RoundingMode.Down => Math.Floor(x), RoundingMode.Up => Math.Ceiling(x),
                    _ => Math.Truncate(x),
                });
                break;
            case MachineOpcode.ChangeInt32ToInt64: r = (ulong)i; break;
            case MachineOpcode.ChangeUint32ToUint64 or MachineOpcode.TruncateInt64ToInt32: r = u; break;
            case MachineOpcode.SignExtendInt8: r = (uint)(sbyte)i; break;
            case MachineOpcode.SignExtendInt16: r = (uint)(short)i; break;
            case MachineOpcode.ChangeInt32ToFloat64: r = Bits(i); break;
            case MachineOpcode.ChangeUint32ToFloat64: r = Bits(u); break;
            case MachineOpcode.ChangeInt64ToFloat64: r = Bits((long)a); break;
            case MachineOpcode.TruncateFloat64ToInt32: r = x > -2147483649.0 && x < 2147483648.0 ? (uint)(int)x : 0x8000_0000; break;
            case MachineOpcode.TruncateFloat64ToInt64:
                r = x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (ulong)(long)x : 1ul << 63;
                break;
            case MachineOpcode.RoundFloat64ToFloat32: r = Bits((float)x); break;
            case MachineOpcode.BitcastFloat64ToInt64 or MachineOpcode.BitcastInt64ToFloat64 or MachineOpcode.Bitcast: r = a; break;
            case MachineOpcode.Select: r = a != 0 ? b : Value(op, 2); break;
            case MachineOpcode.Call: r = (a * 3) + b; break;
            case MachineOpcode.SecondResult:
                OpId call = graph.Input(op, 0);
                r = _values[(int)graph.Input(call, 0)] ^ _values[(int)graph.Input(call, 1)];
                break;
            case MachineOpcode.Comment or MachineOpcode.None: break;
            default: throw new NotSupportedException(op.Opcode.ToString());
        }
    }

    private bool Overflows(OpId arithmetic)
    {
        ref MachineOp op = ref graph.Op(arithmetic);
        ulong a = Value(op, 0), b = Value(op, 1);
        BigInteger x = (long)a, y = (long)b;
        bool narrow = op.Opcode <= MachineOpcode.Int32MulWithOverflow;
        if (narrow)
        {
            x = (int)a;
            y = (int)b;
        }

        BigInteger exact = op.Opcode switch
        {
            MachineOpcode.Int32AddWithOverflow or MachineOpcode.Int64AddWithOverflow => x + y,
            MachineOpcode.Int32SubWithOverflow or MachineOpcode.Int64SubWithOverflow => x - y,
            _ => x * y,
        };
        return narrow ? exact < int.MinValue || exact > int.MaxValue : exact < long.MinValue || exact > long.MaxValue;
    }

    private static ulong Bit(bool value) => value ? 1ul : 0;

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
