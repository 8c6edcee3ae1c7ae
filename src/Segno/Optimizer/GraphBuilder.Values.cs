using Segno.Graph;
using Segno.Layouts;

namespace Segno.Optimizer;

/// <summary>Constants, types, and the ways from one representation to another.</summary>
internal sealed partial class GraphBuilder
{
    private NodeId Undefined => Immediate(Value.UndefinedBits);

    private NodeId True => Immediate(Value.TrueBits);

    private NodeId False => Immediate(Value.FalseBits);

    private NodeId Immediate(ulong bits)
    {
        NodeId id = _g.Floating(NodeOp.TaggedConstant, (long)bits);
        _g[id].Type = ConstantTable.TypeOf(new Value(bits));
        return id;
    }

    private NodeId Int32(int value)
    {
        NodeId id = _g.Floating(NodeOp.Int32Constant, value);
        _g[id].Range = new(value, value);
        return id;
    }

    private NodeId Float64(double value) => _g.Floating(NodeOp.Float64Constant, BitConverter.DoubleToInt64Bits(value));

    private NodeId BitConstant(bool value)
    {
        NodeId id = _g.Floating(NodeOp.BitConstant, value ? 1 : 0);
        return id;
    }

    private NodeId Constant(int number)
    {
        NodeId id = _g.Floating(NodeOp.HeapConstant, number);
        _g[id].Type = _c.Constants.TypeOf(number);
        return id;
    }

    private NodeId ConstantOf(ulong bits, int number)
    {
        if (number >= 0)
        {
            return Constant(number);
        }

        var value = new Value(bits);
        return value.IsSmi ? Int32(value.AsInt32) : value.IsNumber ? Float64(value.AsNumber) : Immediate(bits);
    }

    /// <summary>The entry of the constant pool.</summary>
    private NodeId PoolConstant(int index) => ConstantOf(_s.ConstantBits[index], _s.ConstantNumbers[index]);

    private ValueKind KindOf(NodeId id) => _g[id].Kind;

    private NodeType TypeOf(NodeId id)
    {
        NodeType type = _g[id].Type;
        return Facts.TypeOf(id) is { } known ? type & known : type;
    }

    private void Refine(NodeId id, NodeType type)
    {
        NodeType now = TypeOf(id) & type;
        if (now != _g[id].Type)
        {
            Facts.SetType(id, now);
        }
    }

    // ---- conversions -----------------------------------------------------------------------------------------

    /// <summary>To a representation that holds all values of the node; never fails.</summary>
    private NodeId Convert(NodeId id, ValueKind kind)
    {
        if (KindOf(id) == kind)
        {
            return id;
        }

        return kind switch
        {
            ValueKind.Tagged => Tagged(id),
            ValueKind.Float64 => KindOf(id) == ValueKind.Int32 ? ToFloat64(id) : throw new InvalidOperationException($"no conversion of {_g[id].Op} to a double"),
            _ => throw new InvalidOperationException($"no conversion of {_g[id].Op} to {kind}"),
        };
    }

    private NodeId Tagged(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        switch (node.Kind)
        {
            case ValueKind.Tagged:
                return id;
            case ValueKind.Int32:
                if (node.Op == NodeOp.Int32Constant)
                {
                    return Immediate(Value.FromInt32((int)node.Immediate).Bits);
                }

                if (node.Op == NodeOp.UntagSmi)
                {
                    return _g.Input(id, 0);
                }

                return WithRange(_g.Floating(NodeOp.TagInt32, 0, id), node.Range);
            case ValueKind.Float64:
                if (node.Op == NodeOp.Float64Constant)
                {
                    return Immediate(Value.FromDouble(BitConverter.Int64BitsToDouble(node.Immediate)).Bits);
                }

                if (node.Op == NodeOp.Int32ToFloat64)
                {
                    return Tagged(_g.Input(id, 0));
                }

                if (node.Op == NodeOp.Uint32ToFloat64)
                {
                    return _g.Floating(NodeOp.TagUint32, 0, _g.Input(id, 0));
                }

                return _g.Floating(NodeOp.TagFloat64, 0, id);
            case ValueKind.Bit:
                return node.Op == NodeOp.BitConstant ? (node.Immediate != 0 ? True : False) : _g.Floating(NodeOp.TagBit, 0, id);
            default:
                throw new InvalidOperationException($"{node.Op} has no value");
        }
    }

    /// <summary>Bounds that hold wherever the value is used: what is known here alone belongs to the facts, since floating nodes are shared.</summary>
    private NodeId WithRange(NodeId id, Int32Range range)
    {
        ref GraphNode node = ref _g[id];
        node.Range = node.Range.Intersect(range);
        return id;
    }

    private NodeId ToFloat64(NodeId int32)
    {
        return _g[int32].Op == NodeOp.Int32Constant ? Float64((int)_g[int32].Immediate) : _g.Floating(NodeOp.Int32ToFloat64, 0, int32);
    }

    /// <summary>As an integer of 32 bits; bails out of the code if it is none.</summary>
    private NodeId ToInt32Checked(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        switch (node.Kind)
        {
            case ValueKind.Int32:
                return id;
            case ValueKind.Float64:
                if (node.Op == NodeOp.Int32ToFloat64)
                {
                    return _g.Input(id, 0);
                }

                if (Facts.TryGetInt32(id, out NodeId known))
                {
                    return known;
                }

                known = Guarded(NodeOp.CheckedFloat64ToInt32, DeoptimizeReason.LostPrecision, id);
                Facts.SetInt32(id, known);
                return known;
            case ValueKind.Bit:
                id = Tagged(id);
                break;
        }

        if (_g[id].Op == NodeOp.TaggedConstant && new Value((ulong)_g[id].Immediate).IsSmi)
        {
            return Int32(new Value((ulong)_g[id].Immediate).AsInt32);
        }

        if (_g[id].Op == NodeOp.TagInt32)
        {
            return _g.Input(id, 0);
        }

        if (Facts.TryGetInt32(id, out NodeId alternative))
        {
            return alternative;
        }

        if (TypeOf(id).Is(NodeType.Smi))
        {
            alternative = WithRange(_g.Floating(NodeOp.UntagSmi, 0, id), _g[id].Range);
        }
        else
        {
            alternative = Guarded(NodeOp.CheckedTaggedToInt32, DeoptimizeReason.NotASmi, id);
            Refine(id, NodeType.Int32);
        }

        Facts.SetInt32(id, alternative);
        return alternative;
    }

    /// <summary>As a double; bails out if it is no number.</summary>
    private NodeId ToFloat64Checked(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        switch (node.Kind)
        {
            case ValueKind.Float64:
                return id;
            case ValueKind.Int32:
                return ToFloat64(id);
            case ValueKind.Bit:
                id = Tagged(id);
                break;
        }

        if (_g[id].Op == NodeOp.TaggedConstant && new Value((ulong)_g[id].Immediate).IsNumber)
        {
            return Float64(new Value((ulong)_g[id].Immediate).AsNumber);
        }

        if (_g[id].Op == NodeOp.TagInt32)
        {
            return ToFloat64(_g.Input(id, 0));
        }

        if (_g[id].Op is NodeOp.TagFloat64 or NodeOp.TagFraction)
        {
            return _g.Input(id, 0);
        }

        if (Facts.TryGetFloat64(id, out NodeId alternative))
        {
            return alternative;
        }

        if (Facts.TryGetInt32(id, out NodeId int32))
        {
            return ToFloat64(int32);
        }

        if (TypeOf(id).Is(NodeType.Number))
        {
            alternative = _g.Floating(NodeOp.UntagNumber, 0, id);
        }
        else
        {
            alternative = Guarded(NodeOp.CheckedTaggedToFloat64, DeoptimizeReason.NotANumber, id);
            Refine(id, NodeType.Number);
        }

        Facts.SetFloat64(id, alternative);
        return alternative;
    }

    /// <summary>ToInt32 of a number: its bits modulo 2^32; bails out if it is no number.</summary>
    private NodeId ToInt32Truncated(NodeId id)
    {
        switch (KindOf(id))
        {
            case ValueKind.Int32:
                return id;
            case ValueKind.Float64:
                return Truncate(id);
        }

        if (KindOf(id) == ValueKind.Tagged && Facts.TryGetInt32(id, out NodeId known))
        {
            return known;
        }

        return Truncate(ToFloat64Checked(id));
    }

    /// <summary>
    /// Sums and differences of integers are exact while they stay below 2^53: their lower 32 bits are those of integer arithmetic.
    /// </summary>
    private NodeId Truncate(NodeId float64)
    {
        ref GraphNode node = ref _g[float64];
        switch (node.Op)
        {
            case NodeOp.Int32ToFloat64 or NodeOp.Uint32ToFloat64:
                return _g.Input(float64, 0);
            case NodeOp.Float64Constant:
                return Int32(TruncateConstant(BitConverter.Int64BitsToDouble(node.Immediate)));
            case NodeOp.Float64Add or NodeOp.Float64Sub when IntegerBits(float64) <= 52:
            {
                NodeId left = Truncate(_g.Input(float64, 0));
                NodeId right = Truncate(_g.Input(float64, 1));
                return Pure(_g[float64].Op == NodeOp.Float64Add ? NodeOp.Int32Add : NodeOp.Int32Sub, left, right);
            }

            case NodeOp.Float64Mul when IntegerBits(float64) <= 52:
                return Pure(NodeOp.Int32Mul, Truncate(_g.Input(float64, 0)), Truncate(_g.Input(float64, 1)));
            case NodeOp.Float64Mul when TryGetQuotient(float64, out NodeId dividend, out int shift):
            {
                // A shift rounds down: negative ones are made greater first, so that it rounds to zero.
                NodeId rounding = RangeOf(dividend).IsNonNegative
                    ? Int32(0)
                    : Bitwise(Bytecode.Opcode.ShiftRightLogical, Bitwise(Bytecode.Opcode.ShiftRight, dividend, Int32(31)), Int32(32 - shift));
                return Bitwise(Bytecode.Opcode.ShiftRight, Pure(NodeOp.Int32Add, dividend, rounding), Int32(shift));
            }

            default:
                return _g.Floating(NodeOp.TruncateFloat64ToInt32, 0, float64);
        }
    }

    /// <summary>How many bits the magnitude of a double that is surely an integer may have; a large number where that is not known.</summary>
    private int IntegerBits(NodeId id)
    {
        const int Unknown = 1000;
        ref GraphNode node = ref _g[id];
        switch (node.Op)
        {
            case NodeOp.Int32ToFloat64:
            {
                Int32Range range = RangeOf(_g.Input(id, 0));
                long magnitude = Math.Max(Math.Abs((long)range.Min), Math.Abs((long)range.Max));
                return 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)magnitude);
            }

            case NodeOp.Uint32ToFloat64:
                return 32;
            case NodeOp.Float64Constant:
                double value = BitConverter.Int64BitsToDouble(node.Immediate);
                return value == Math.Floor(value) && Math.Abs(value) < 1L << 52 ? 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Abs(value)) : Unknown;
            case NodeOp.Float64Add or NodeOp.Float64Sub:
                return Math.Max(IntegerBits(_g.Input(id, 0)), IntegerBits(_g.Input(id, 1))) + 1;
            case NodeOp.Float64Mul:
                return IntegerBits(_g.Input(id, 0)) + IntegerBits(_g.Input(id, 1));
            default:
                return Unknown;
        }
    }

    /// <summary>Whether a double is the quotient of an integer and a power of two greater than one (see <see cref="Float64Binary"/>).</summary>
    private bool TryGetQuotient(NodeId float64, out NodeId dividend, out int shift)
    {
        dividend = NodeId.None;
        shift = 0;
        if (_g[float64].Op != NodeOp.Float64Mul || _g[_g.Input(float64, 0)].Op != NodeOp.Int32ToFloat64 || _g[_g.Input(float64, 1)].Op != NodeOp.Float64Constant)
        {
            return false;
        }

        double divisor = 1 / BitConverter.Int64BitsToDouble(_g[_g.Input(float64, 1)].Immediate);
        if (!double.IsPow2(divisor) || divisor is < 2 or > 1 << 30)
        {
            return false;
        }

        dividend = _g.Input(_g.Input(float64, 0), 0);
        shift = double.ILogB(divisor);
        return true;
    }

    private static int TruncateConstant(double value)
    {
        if (!double.IsFinite(value))
        {
            return 0;
        }

        double modulo = Math.IEEERemainder(Math.Truncate(value), 4294967296.0);
        return unchecked((int)(long)modulo);
    }

    // ---- nodes -----------------------------------------------------------------------------------------------

    private NodeId Guarded(NodeOp op, DeoptimizeReason reason, params ReadOnlySpan<NodeId> inputs)
    {
        NodeId id = _g.Append(_c.Block, op, 0, inputs);
        ref GraphNode node = ref _g[id];
        node.FrameState = BeforeState();
        node.Reason = (byte)reason;
        node.Extra = _feedbackSlot;
        return id;
    }

    /// <summary>The slot of the bytecode at hand: a failing guard speaks for it.</summary>
    private int _feedbackSlot = -1;

    /// <summary>Bails out unless the condition holds.</summary>
    private void Guard(NodeId condition, DeoptimizeReason reason)
    {
        if (TryEvaluate(condition, out bool holds))
        {
            if (!holds)
            {
                Deoptimize(reason);
            }

            return;
        }

        Guarded(NodeOp.Guard, reason, condition);
        Assume(Facts, condition);
    }

    /// <summary>Control does not go on: the interpreter executes the bytecode.</summary>
    private void Deoptimize(DeoptimizeReason reason)
    {
        Guarded(NodeOp.Deoptimize, reason);
        _isReachable = false;
    }

    private NodeId Not(NodeId condition)
    {
        ref GraphNode node = ref _g[condition];
        return node.Op switch
        {
            NodeOp.BitNot => _g.Input(condition, 0),
            NodeOp.BitConstant => BitConstant(node.Immediate == 0),
            _ => _g.Floating(NodeOp.BitNot, 0, condition),
        };
    }

    private NodeId TaggedEqual(NodeId left, NodeId right)
    {
        if (left == right)
        {
            return BitConstant(true);
        }

        bool leftConstant = _g[left].Op is NodeOp.TaggedConstant or NodeOp.HeapConstant;
        bool rightConstant = _g[right].Op is NodeOp.TaggedConstant or NodeOp.HeapConstant;
        if (leftConstant && rightConstant)
        {
            return BitConstant(false);
        }

        if ((TypeOf(left) & TypeOf(right)) == 0 && !TypeOf(left).Maybe(NodeType.Number))
        {
            return BitConstant(false);
        }

        return leftConstant ? _g.Floating(NodeOp.TaggedEqual, 0, right, left) : _g.Floating(NodeOp.TaggedEqual, 0, left, right);
    }

    // ---- memory ----------------------------------------------------------------------------------------------

    private NodeId Load(NodeId obj, int offset, NodeType type = NodeType.Any)
    {
        if (Facts.TryGetField(obj, offset, out NodeId known))
        {
            return known;
        }

        NodeId id = _g.Append(_c.Block, NodeOp.LoadField, offset, obj);
        _g[id].Type = type;
        Facts.SetField(obj, offset, id);
        return id;
    }

    /// <summary>Fields of raw words have negative keys among the facts, so that they do not mix with values.</summary>
    private NodeId LoadRaw(NodeOp op, NodeId obj, int offset, int min = int.MinValue, int max = int.MaxValue)
    {
        if (Facts.TryGetField(obj, ~offset, out NodeId known))
        {
            return known;
        }

        NodeId id = _g.Append(_c.Block, op, offset, obj);
        WithRange(id, new(min, max));
        Facts.SetField(obj, ~offset, id);
        return id;
    }

    private void Store(NodeId obj, int offset, NodeId value)
    {
        NodeId tagged = IsSeldomInteger(value, MaxPhiDepth) ? _g.Floating(NodeOp.TagFraction, 0, value) : Tagged(value);
        NodeId store = _g.Append(_c.Block, NodeOp.StoreField, offset, obj, tagged);
        _g[store].Extra = (int)FlagsOf(tagged);
        EscapeInto(obj, value);
        Facts.StoreField(obj, offset, value);
    }

    private StoreFlags FlagsOf(NodeId value) =>
        TypeOf(value).Is(NodeType.Cell) ? StoreFlags.OfCell : TypeOf(value).Maybe(NodeType.Cell) ? StoreFlags.None : StoreFlags.OfNoCell;

    /// <summary>How far through phis results of arithmetic are looked for.</summary>
    private const int MaxPhiDepth = 2;

    /// <summary>
    /// Whether a value is what arithmetic on fractions made, as the feedback said: fields take it as it is, as the interpreter stores it.
    /// Everywhere else, and where it was rounded or divided, an integer becomes a Smi, for it may be meant as a key.
    /// </summary>
    private bool IsSeldomInteger(NodeId id, int depth)
    {
        switch (_g[id].Op)
        {
            case NodeOp.Float64Mul when _g[id].Immediate != 0:
                return false;
            case NodeOp.Float64Add or NodeOp.Float64Sub or NodeOp.Float64Mul or NodeOp.Float64Neg or NodeOp.Float64Sqrt or NodeOp.LoadDoubleElement or NodeOp.LoadTypedFloat64:
                return true;
            case NodeOp.Phi when depth > 0 && _g[id].Kind == ValueKind.Float64:
                foreach (NodeId input in _g.Inputs(id))
                {
                    if (input == NodeId.None || !IsSeldomInteger(input, depth - 1))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The value becomes reachable from elsewhere, or under another name: a phi of it.</summary>
    private void Escape(NodeId value) => Facts.Escape(value);

    /// <summary>What an object that has not escaped refers to has not escaped through it.</summary>
    private void EscapeInto(NodeId obj, NodeId value)
    {
        if (!Facts.IsUnescaped(obj))
        {
            Escape(value);
        }
    }

    private NodeId MapOf(NodeId obj) => Load(obj, HeapObject.MapOffset, NodeType.Internal);

    private NodeId InstanceTypeOf(NodeId map) => LoadRaw(NodeOp.LoadUint16Field, map, Map.InstanceTypeOffset, 0, 0xFFFF);
}
