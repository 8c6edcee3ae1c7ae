using Segno.Builtins;
using Segno.Bytecode;
using Segno.Graph;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>
/// The Math object's functions. Arguments are taken to be numbers unless they cannot be: a wrong guess costs a bail-out, and is learned.
/// </summary>
internal sealed partial class GraphBuilder
{
    private static readonly Dictionary<BuiltinId, NodeOp> s_roundings = new()
    {
        [BuiltinId.Math_Floor] = NodeOp.Float64Floor, [BuiltinId.Math_Ceil] = NodeOp.Float64Ceil, [BuiltinId.Math_Trunc] = NodeOp.Float64Trunc,
    };

    private static readonly Dictionary<BuiltinId, Float64Function> s_float64Functions = new()
    {
        [BuiltinId.Math_Sin] = Float64Function.Sine, [BuiltinId.Math_Cos] = Float64Function.Cosine, [BuiltinId.Math_Tan] = Float64Function.Tangent,
        [BuiltinId.Math_Exp] = Float64Function.Exponential, [BuiltinId.Math_Log] = Float64Function.Logarithm,
    };

    private bool TryReduceMath(BuiltinId id, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        result = NodeId.None;
        int needed = id is BuiltinId.Math_Pow or BuiltinId.Math_Imul or BuiltinId.Math_Max or BuiltinId.Math_Min ? 2 : 1;
        if (arguments.Length < needed || (needed == 2 && arguments.Length > 2))
        {
            return false;
        }

        foreach (NodeId argument in arguments[..needed])
        {
            if (!TypeOf(argument).Maybe(NodeType.Number))
            {
                return false;
            }
        }

        NodeId x = arguments[0];
        NodeId y = arguments[needed - 1];
        if (s_roundings.TryGetValue(id, out NodeOp rounding))
        {
            result = KindOf(x) == ValueKind.Int32 || TypeOf(x).Is(NodeType.Smi) ? x : _g.Floating(rounding, 0, ToFloat64Checked(x));
            return true;
        }

        if (s_float64Functions.TryGetValue(id, out Float64Function function))
        {
            result = CallFloat64(function, x, Float64(0));
            return true;
        }

        switch (id)
        {
            case BuiltinId.Math_Sqrt:
                result = _g.Floating(NodeOp.Float64Sqrt, 0, ToFloat64Checked(x));
                return true;
            case BuiltinId.Math_Abs:
                result = _g.Floating(NodeOp.Float64Abs, 0, ToFloat64Checked(x));
                return true;
            case BuiltinId.Math_Pow:
                result = CallFloat64(Float64Function.Power, x, y);
                return true;
            case BuiltinId.Math_Imul when TypeOf(x).Is(NodeType.Number) && TypeOf(y).Is(NodeType.Number):
                result = Pure(NodeOp.Int32Mul, ToInt32Truncated(x), ToInt32Truncated(y));
                return true;
            case BuiltinId.Math_Max or BuiltinId.Math_Min:
                bool isMax = id == BuiltinId.Math_Max;
                result = KindOf(x) == ValueKind.Int32 && KindOf(y) == ValueKind.Int32
                    ? Diamond(CompareInt32(Opcode.TestLessThan, x, y), () => isMax ? y : x, () => isMax ? x : y)
                    : Float64Extreme(isMax, ToFloat64Checked(x), ToFloat64Checked(y));
                return true;
            default:
                return false;
        }
    }

    private NodeId CallFloat64(Float64Function function, NodeId x, NodeId y)
    {
        NodeId a = ToFloat64Checked(x);
        NodeId b = ToFloat64Checked(y);
        return _g.Append(_c.Block, NodeOp.Float64Call, (long)function, a, b);
    }

    /// <summary>
    /// Math.max and Math.min of two doubles (ECMA-262, 21.3.2.24 and 21.3.2.25): minus zero is less than zero, and NaN wins. Sums give both:
    /// of zeros the larger, of unordered values NaN.
    /// </summary>
    private NodeId Float64Extreme(bool isMax, NodeId x, NodeId y)
    {
        if (!_isReachable)
        {
            return NodeId.None;
        }

        return Diamond(
            _g.Floating(NodeOp.Float64LessThan, 0, x, y),
            () => isMax ? y : x,
            () => Diamond(_g.Floating(NodeOp.Float64LessThan, 0, y, x), () => isMax ? x : y, EqualOrUnordered));

        NodeId EqualOrUnordered() => Diamond(
            _g.Floating(NodeOp.Float64LessThan, 0, Float64(0), _g.Floating(NodeOp.Float64Abs, 0, x)),
            () => Diamond(_g.Floating(NodeOp.Float64Equal, 0, x, y), () => x, Sum),
            Sum);

        NodeId Sum() => isMax
            ? _g.Floating(NodeOp.Float64Add, 0, x, y)
            : _g.Floating(NodeOp.Float64Neg, 0, _g.Floating(NodeOp.Float64Add, 0, _g.Floating(NodeOp.Float64Neg, 0, x), _g.Floating(NodeOp.Float64Neg, 0, y)));
    }

    /// <summary>The remainder of doubles; by a power of two exact without a call.</summary>
    private NodeId Float64Modulo(NodeId left, NodeId right)
    {
        NodeId x = ToFloat64Checked(left);
        NodeId y = ToFloat64Checked(right);
        if (!_isReachable)
        {
            return NodeId.None;
        }

        if (_g[y].Op != NodeOp.Float64Constant || !IsPowerOfTwo(BitConverter.Int64BitsToDouble(_g[y].Immediate)))
        {
            return _g.Append(_c.Block, NodeOp.Float64Call, (long)Float64Function.Modulus, x, y);
        }

        // No step rounds: the quotient has x's digits, the difference fewer. A zero has the sign of x; infinity gives NaN.
        NodeId quotient = _g.Floating(NodeOp.Float64Trunc, 0, _g.Floating(NodeOp.Float64Div, 0, x, y));
        NodeId rest = _g.Floating(NodeOp.Float64Sub, 0, x, _g.Floating(NodeOp.Float64Mul, 0, quotient, y));
        return Diamond(_g.Floating(NodeOp.Float64Equal, 0, rest, Float64(0)), () => _g.Floating(NodeOp.Float64Mul, 0, x, Float64(0)), () => rest);
    }

    /// <summary>From 1 to 2^52: the quotient of no double loses digits or becomes infinite.</summary>
    private static bool IsPowerOfTwo(double value) => value is >= 1 and <= 1L << 52 && (BitConverter.DoubleToInt64Bits(value) & 0xF_FFFF_FFFF_FFFF) == 0;
}
