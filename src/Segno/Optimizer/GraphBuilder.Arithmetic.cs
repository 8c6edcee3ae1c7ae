using Segno.Bytecode;
using Segno.Graph;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Operators, by the operand kinds that were seen.</summary>
internal sealed partial class GraphBuilder
{
    private const OperandFeedback NumberKinds = OperandFeedback.Smi | OperandFeedback.Number;

    private void BinaryOperation(Opcode operation, NodeId left, NodeId right, int slot)
    {
        _feedbackSlot = slot;
        OperandFeedback seen = _s.Slots[slot].Operands;
        bool bothInt32 = KindOf(left) == ValueKind.Int32 && KindOf(right) == ValueKind.Int32;
        bool bothNumbers = TypeOf(left).Is(NodeType.Number) && TypeOf(right).Is(NodeType.Number);
        if (seen == OperandFeedback.None && !bothNumbers)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if ((seen & ~NumberKinds) != 0 && !bothNumbers)
        {
            GenericBinary(operation, left, right, slot);
            return;
        }

        bool isSmi = seen == OperandFeedback.Smi;
        NodeId result = operation switch
        {
            Opcode.Add or Opcode.Sub => isSmi ? AddChecked(operation, left, right) : Float64Binary(operation == Opcode.Add ? NodeOp.Float64Add : NodeOp.Float64Sub, left, right),
            Opcode.Mul => isSmi ? MultiplyChecked(left, right) : Float64Binary(NodeOp.Float64Mul, left, right),
            Opcode.Div => isSmi && ShiftOf(right) is > 0 and var shift ? ShiftExactly(left, shift) : Float64Binary(NodeOp.Float64Div, left, right),
            Opcode.Mod => isSmi ? ModuloChecked(left, right) : Float64Modulo(left, right),
            Opcode.Exp => CallFloat64(Float64Function.Power, left, right),
            Opcode.BitwiseOr or Opcode.BitwiseXor or Opcode.BitwiseAnd or Opcode.ShiftLeft or Opcode.ShiftRight or Opcode.ShiftRightLogical =>
                Bitwise(operation, isSmi && !bothInt32 ? ToInt32Checked(left) : ToInt32Truncated(left), isSmi && !bothInt32 ? ToInt32Checked(right) : ToInt32Truncated(right)),
            _ => NodeId.None,
        };
        if (result == NodeId.None)
        {
            GenericBinary(operation, left, right, slot);
            return;
        }

        _env.Accumulator = result;
    }

    private void GenericBinary(Opcode operation, NodeId left, NodeId right, int slot)
    {
        RuntimeId id = operation switch
        {
            Opcode.Add => RuntimeId.Add,
            Opcode.Sub => RuntimeId.Subtract,
            Opcode.Mul => RuntimeId.Multiply,
            Opcode.Div => RuntimeId.Divide,
            Opcode.Mod => RuntimeId.Modulus,
            Opcode.Exp => RuntimeId.Exponentiate,
            Opcode.BitwiseOr => RuntimeId.BitwiseOr,
            Opcode.BitwiseXor => RuntimeId.BitwiseXor,
            Opcode.BitwiseAnd => RuntimeId.BitwiseAnd,
            Opcode.ShiftLeft => RuntimeId.ShiftLeft,
            Opcode.ShiftRight => RuntimeId.ShiftRight,
            _ => RuntimeId.ShiftRightLogical,
        };
        _env.Accumulator = operation == Opcode.Add
            ? CallStub(Frames.StubId.AddStrings, left, right, Constant(_s.Vector), Int32(slot))
            : CallRuntime(id, left, right, Constant(_s.Vector), Int32(slot));
        if (operation != Opcode.Add)
        {
            return;
        }

        if (_s.Slots[slot].Operands == OperandFeedback.String && TypeOf(left).Is(NodeType.String) && TypeOf(right).Is(NodeType.String))
        {
            Refine(_env.Accumulator, NodeType.String);
        }
    }

    private NodeId Pure(NodeOp op, NodeId left, NodeId right)
    {
        if (_g[left].Op == NodeOp.Int32Constant && _g[right].Op == NodeOp.Int32Constant)
        {
            int a = (int)_g[left].Immediate;
            int b = (int)_g[right].Immediate;
            switch (op)
            {
                case NodeOp.Int32Add: return Int32(a + b);
                case NodeOp.Int32Sub: return Int32(a - b);
                case NodeOp.Int32Mul: return Int32(a * b);
                case NodeOp.Int32And: return Int32(a & b);
                case NodeOp.Int32Or: return Int32(a | b);
                case NodeOp.Int32Xor: return Int32(a ^ b);
                case NodeOp.Int32Shl: return Int32(a << b);
                case NodeOp.Int32Sar: return Int32(a >> b);
                case NodeOp.Int32Shr: return Int32((int)((uint)a >> b));
            }
        }

        if (NodeOps.Is(op, NodeProperties.Commutative) && _g[left].Op == NodeOp.Int32Constant)
        {
            (left, right) = (right, left);
        }

        return _g.Floating(op, 0, left, right);
    }

    private NodeId AddChecked(Opcode operation, NodeId left, NodeId right)
    {
        bool isAdd = operation == Opcode.Add;

        // The sign of a zero is lost in a sum with an integer, and where a zero is taken away from one.
        NodeId a = isAdd && IsInteger(right) ? ToInt32WithoutZeroSign(left) : ToInt32Checked(left);
        NodeId b = IsInteger(left) ? ToInt32WithoutZeroSign(right) : ToInt32Checked(right);
        NodeOp exactly = isAdd ? NodeOp.Float64Add : NodeOp.Float64Sub;
        if (TryInt32Exactly(exactly, a, b, needsZeroSign: true, out NodeId exact))
        {
            return exact;
        }

        if (_g[a].Op == NodeOp.Int32Constant && isAdd)
        {
            (a, b) = (b, a);
        }

        (long low, long high) = BoundsOf(exactly, RangeOf(a), RangeOf(b));
        NodeId result = Guarded(isAdd ? NodeOp.Int32AddChecked : NodeOp.Int32SubChecked, DeoptimizeReason.Overflow, a, b);
        return WithRange(result, Int32Range.Clamp(low, high));
    }

    private NodeId MultiplyChecked(NodeId left, NodeId right)
    {
        NodeId a = ToInt32Checked(left);
        NodeId b = ToInt32Checked(right);
        if (_g[a].Op == NodeOp.Int32Constant)
        {
            (a, b) = (b, a);
        }

        if (TryInt32Exactly(NodeOp.Float64Mul, a, b, needsZeroSign: true, out NodeId exact))
        {
            return exact;
        }

        (long low, long high) = BoundsOf(NodeOp.Float64Mul, RangeOf(a), RangeOf(b));
        NodeId result = Guarded(NodeOp.Int32MulChecked, DeoptimizeReason.Overflow, a, b);
        _g[result].Immediate = MayBeMinusZero(a, b) ? 1 : 0;
        return WithRange(result, Int32Range.Clamp(low, high));
    }

    private NodeId ModuloChecked(NodeId left, NodeId right)
    {
        NodeId a = ToInt32Checked(left);
        NodeId b = ToInt32Checked(right);
        Int32Range dividend = RangeOf(a), divisor = RangeOf(b);
        NodeId result = Guarded(NodeOp.Int32ModChecked, DeoptimizeReason.MinusZero, a, b);
        _g[result].Immediate = (long)((dividend.IsNonNegative ? ModuloFlags.None : ModuloFlags.NegativeDividend) | (divisor.Min > 0 ? ModuloFlags.None : ModuloFlags.NoPositiveDivisor));
        return WithRange(result, new(0, Math.Max(0, divisor.Max - 1)));
    }

    /// <summary>The exponent of an integer constant that is a power of two, else -1.</summary>
    private int ShiftOf(NodeId divisor) =>
        _g[divisor].Op == NodeOp.Int32Constant && _g[divisor].Immediate > 0 && System.Numerics.BitOperations.IsPow2(_g[divisor].Immediate)
            ? System.Numerics.BitOperations.Log2((ulong)_g[divisor].Immediate)
            : -1;

    /// <summary>The quotient by a power of two, of which none was seen that is no integer.</summary>
    private NodeId ShiftExactly(NodeId left, int shift)
    {
        NodeId dividend = ToInt32Checked(left);
        NodeId remainder = Pure(NodeOp.Int32And, dividend, Int32((1 << shift) - 1));
        Guard(_g.Floating(NodeOp.Int32Equal, 0, remainder, Int32(0)), DeoptimizeReason.LostPrecision);
        return _isReachable ? Bitwise(Opcode.ShiftRight, dividend, Int32(shift)) : dividend;
    }

    /// <summary>The integer operation that has the result of the one on doubles, where the ranges of the operands say that it is an integer of 32 bits.</summary>
    private bool TryInt32Exactly(NodeOp op, NodeId a, NodeId b, bool needsZeroSign, out NodeId result)
    {
        result = NodeId.None;
        if (op is not (NodeOp.Float64Add or NodeOp.Float64Sub or NodeOp.Float64Mul) || (op == NodeOp.Float64Mul && needsZeroSign && MayBeMinusZero(a, b)))
        {
            return false;
        }

        (long low, long high) = BoundsOf(op, RangeOf(a), RangeOf(b));
        if (low < int.MinValue || high > int.MaxValue)
        {
            return false;
        }

        NodeOp integer = op switch { NodeOp.Float64Add => NodeOp.Int32Add, NodeOp.Float64Sub => NodeOp.Int32Sub, _ => NodeOp.Int32Mul };
        result = Bounded(Pure(integer, a, b), a, b, (x, y) => Exactly(BoundsOf(op, x, y)));
        return true;
    }

    /// <summary>The integer that a double was made of; none if it was not.</summary>
    private NodeId IntegerOf(NodeId float64)
    {
        ref GraphNode node = ref _g[float64];
        return node.Op switch
        {
            NodeOp.Int32ToFloat64 => _g.Input(float64, 0),
            NodeOp.Float64Constant when BitConverter.Int64BitsToDouble(node.Immediate) is var value && (int)value == value && !double.IsNegative(value) => Int32((int)value),
            _ => NodeId.None,
        };
    }

    private bool IsInteger(NodeId id) => KindOf(id) == ValueKind.Int32 || TypeOf(id).Is(NodeType.Smi);

    /// <summary>As <see cref="ToInt32Checked"/>, where minus zero does as well as zero.</summary>
    private NodeId ToInt32WithoutZeroSign(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        return node.Op == NodeOp.Float64Mul && IntegerOf(_g.Input(id, 0)) is not NodeId.None and var a && IntegerOf(_g.Input(id, 1)) is not NodeId.None and var b
            && TryInt32Exactly(NodeOp.Float64Mul, a, b, needsZeroSign: false, out NodeId exact)
            ? exact
            : ToInt32Checked(id);
    }

    private NodeId Float64Binary(NodeOp op, NodeId left, NodeId right)
    {
        NodeId a = ToFloat64Checked(left);
        NodeId b = ToFloat64Checked(right);
        if (_g[a].Op == NodeOp.Float64Constant && _g[b].Op == NodeOp.Float64Constant)
        {
            double x = BitConverter.Int64BitsToDouble(_g[a].Immediate);
            double y = BitConverter.Int64BitsToDouble(_g[b].Immediate);
            return Float64(op switch
            {
                NodeOp.Float64Add => x + y,
                NodeOp.Float64Sub => x - y,
                NodeOp.Float64Mul => x * y,
                _ => x / y,
            });
        }

        if (op == NodeOp.Float64Div && _g[b].Op == NodeOp.Float64Constant && BitConverter.Int64BitsToDouble(_g[b].Immediate) is var divisor
            && double.IsPow2(Math.Abs(divisor)) && double.IsNormal(1 / divisor))
        {
            // Exact, and many times as fast.
            return _g.Floating(NodeOp.Float64Mul, 1, a, Float64(1 / divisor));
        }

        // Integers whose sum or product was too large once, but which are known better here.
        return IntegerOf(a) is not NodeId.None and var m && IntegerOf(b) is not NodeId.None and var n && TryInt32Exactly(op, m, n, needsZeroSign: true, out NodeId exact)
            ? exact
            : _g.Floating(op, 0, a, b);
    }

    private NodeId Bitwise(Opcode operation, NodeId a, NodeId b)
    {
        NodeOp op = operation switch
        {
            Opcode.BitwiseOr => NodeOp.Int32Or,
            Opcode.BitwiseXor => NodeOp.Int32Xor,
            Opcode.BitwiseAnd => NodeOp.Int32And,
            Opcode.ShiftLeft => NodeOp.Int32Shl,
            Opcode.ShiftRight => NodeOp.Int32Sar,
            _ => NodeOp.Int32Shr,
        };
        bool isConstant = _g[b].Op == NodeOp.Int32Constant;
        int value = isConstant ? (int)_g[b].Immediate : 0;
        if (isConstant && (value == 0 ? op is NodeOp.Int32Or or NodeOp.Int32Xor or NodeOp.Int32Shl or NodeOp.Int32Sar : value == -1 && op == NodeOp.Int32And))
        {
            return a;
        }

        if (op is NodeOp.Int32Shl or NodeOp.Int32Sar or NodeOp.Int32Shr && !isConstant)
        {
            b = Pure(NodeOp.Int32And, b, Int32(31));
        }
        else if (isConstant && op is NodeOp.Int32Shl or NodeOp.Int32Sar or NodeOp.Int32Shr)
        {
            b = Int32(value & 31);
            value &= 31;
        }

        NodeId result = Bounded(Pure(op, a, b), a, b, (left, right) => BoundsOfBits(op, left, right));

        // A shift that fills with zeros has an unsigned result.
        return op == NodeOp.Int32Shr && !RangeOf(result).IsNonNegative ? _g.Floating(NodeOp.Uint32ToFloat64, 0, result) : result;
    }

    private void Count(int slot, int by)
    {
        _feedbackSlot = slot;
        NodeId value = _env.Accumulator;
        OperandFeedback seen = _s.Slots[slot].Operands;
        if (seen == OperandFeedback.None && !TypeOf(value).Is(NodeType.Number))
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
        }
        else if ((seen & ~NumberKinds) != 0 && !TypeOf(value).Is(NodeType.Number))
        {
            _env.Accumulator = CallRuntime(by > 0 ? RuntimeId.Increment : RuntimeId.Decrement, value, Constant(_s.Vector), Int32(slot));
        }
        else
        {
            _env.Accumulator = seen == OperandFeedback.Smi ? AddChecked(Opcode.Add, value, Int32(by)) : Float64Binary(NodeOp.Float64Add, value, Float64(by));
        }
    }

    private void Negate(int slot)
    {
        _feedbackSlot = slot;
        NodeId value = _env.Accumulator;
        OperandFeedback seen = _s.Slots[slot].Operands;
        if (seen == OperandFeedback.None)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
        }
        else if ((seen & ~NumberKinds) != 0)
        {
            _env.Accumulator = CallRuntime(RuntimeId.Negate, value, Constant(_s.Vector), Int32(slot));
        }
        else if (seen == OperandFeedback.Smi)
        {
            _env.Accumulator = Guarded(NodeOp.Int32NegChecked, DeoptimizeReason.MinusZero, ToInt32Checked(value));
        }
        else
        {
            _env.Accumulator = _g.Floating(NodeOp.Float64Neg, 0, ToFloat64Checked(value));
        }
    }

    private void BitwiseNot(int slot)
    {
        _feedbackSlot = slot;
        OperandFeedback seen = _s.Slots[slot].Operands;
        if (seen == OperandFeedback.None)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
        }
        else if ((seen & ~NumberKinds) != 0)
        {
            _env.Accumulator = CallRuntime(RuntimeId.BitwiseNot, _env.Accumulator, Constant(_s.Vector), Int32(slot));
        }
        else
        {
            NodeId value = seen == OperandFeedback.Smi ? ToInt32Checked(_env.Accumulator) : ToInt32Truncated(_env.Accumulator);
            _env.Accumulator = Pure(NodeOp.Int32Xor, value, Int32(-1));
        }
    }

    private void ToNumberOrNumeric(RuntimeId id, int slot)
    {
        _feedbackSlot = slot;
        NodeId value = _env.Accumulator;
        if (TypeOf(value).Is(NodeType.Number))
        {
            return;
        }

        OperandFeedback seen = _s.Slots[slot].Operands;
        if (seen == OperandFeedback.Smi)
        {
            _env.Accumulator = ToInt32Checked(value);
        }
        else if (seen != OperandFeedback.None && (seen & ~NumberKinds) == 0)
        {
            // The value itself stays, so that its encoding does.
            ToFloat64Checked(value);
        }
        else
        {
            _env.Accumulator = CallRuntime(id, value, Constant(_s.Vector), Int32(slot));
        }
    }

    // ---- comparisons -----------------------------------------------------------------------------------------

    private void Comparison(Opcode operation, NodeId left, NodeId right, int slot)
    {
        _feedbackSlot = slot;
        OperandFeedback seen = _s.Slots[slot].Operands;
        bool isEquality = operation is Opcode.TestEqual or Opcode.TestEqualStrict;
        bool bothNumbers = TypeOf(left).Is(NodeType.Number) && TypeOf(right).Is(NodeType.Number);
        if (seen == OperandFeedback.None && !bothNumbers)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        if (KindOf(left) == ValueKind.Int32 && KindOf(right) == ValueKind.Int32 || seen == OperandFeedback.Smi)
        {
            _env.Accumulator = CompareInt32(operation, ToInt32Checked(left), ToInt32Checked(right));
        }
        else if (bothNumbers || (seen & ~NumberKinds) == 0)
        {
            _env.Accumulator = CompareFloat64(operation, ToFloat64Checked(left), ToFloat64Checked(right));
        }
        else if (isEquality && TryCompareReferences(operation, left, right, seen, out NodeId equal))
        {
            _env.Accumulator = equal;
        }
        else
        {
            _env.Accumulator = operation switch
            {
                Opcode.TestEqual => CallStub(Frames.StubId.EqualAny, left, right, Constant(_s.Vector), Int32(slot)),
                Opcode.TestEqualStrict => CallStub(Frames.StubId.StrictEqualAny, left, right, Constant(_s.Vector), Int32(slot)),
                Opcode.TestLessThan => CallRuntime(RuntimeId.LessThan, left, right, Constant(_s.Vector), Int32(slot)),
                Opcode.TestGreaterThan => CallRuntime(RuntimeId.GreaterThan, left, right, Constant(_s.Vector), Int32(slot)),
                Opcode.TestLessThanOrEqual => CallRuntime(RuntimeId.LessThanOrEqual, left, right, Constant(_s.Vector), Int32(slot)),
                _ => CallRuntime(RuntimeId.GreaterThanOrEqual, left, right, Constant(_s.Vector), Int32(slot)),
            };
            _g[_env.Accumulator].Type = NodeType.Boolean;
        }
    }

    private NodeId CompareInt32(Opcode operation, NodeId a, NodeId b)
    {
        if (_g[a].Op == NodeOp.Int32Constant && _g[b].Op == NodeOp.Int32Constant)
        {
            long x = _g[a].Immediate, y = _g[b].Immediate;
            return BitConstant(operation switch
            {
                Opcode.TestEqual or Opcode.TestEqualStrict => x == y,
                Opcode.TestLessThan => x < y,
                Opcode.TestGreaterThan => x > y,
                Opcode.TestLessThanOrEqual => x <= y,
                _ => x >= y,
            });
        }

        return operation switch
        {
            Opcode.TestEqual or Opcode.TestEqualStrict => _g.Floating(NodeOp.Int32Equal, 0, a, b),
            Opcode.TestLessThan => _g.Floating(NodeOp.Int32LessThan, 0, a, b),
            Opcode.TestGreaterThan => _g.Floating(NodeOp.Int32LessThan, 0, b, a),
            Opcode.TestLessThanOrEqual => _g.Floating(NodeOp.Int32LessThanOrEqual, 0, a, b),
            _ => _g.Floating(NodeOp.Int32LessThanOrEqual, 0, b, a),
        };
    }

    private NodeId CompareFloat64(Opcode operation, NodeId a, NodeId b) => operation switch
    {
        Opcode.TestEqual or Opcode.TestEqualStrict => _g.Floating(NodeOp.Float64Equal, 0, a, b),
        Opcode.TestLessThan => _g.Floating(NodeOp.Float64LessThan, 0, a, b),
        Opcode.TestGreaterThan => _g.Floating(NodeOp.Float64LessThan, 0, b, a),
        Opcode.TestLessThanOrEqual => _g.Floating(NodeOp.Float64LessThanOrEqual, 0, a, b),
        _ => _g.Floating(NodeOp.Float64LessThanOrEqual, 0, b, a),
    };

    /// <summary>Equality that is identity: one side is an object, a boolean, null or undefined by type.</summary>
    private bool TryCompareReferences(Opcode operation, NodeId left, NodeId right, OperandFeedback seen, out NodeId result)
    {
        const NodeType Identical = NodeType.Receiver | NodeType.Oddball | NodeType.Symbol;
        bool isStrict = operation == Opcode.TestEqualStrict;
        NodeType a = TypeOf(left), b = TypeOf(right);
        if (isStrict && (a.Is(Identical) || b.Is(Identical)))
        {
            result = TaggedEqual(Tagged(left), Tagged(right));
            return true;
        }

        if (a.Is(NodeType.Receiver) && b.Is(NodeType.Receiver))
        {
            result = TaggedEqual(Tagged(left), Tagged(right));
            return true;
        }

        if ((seen & ~(OperandFeedback.Receiver | OperandFeedback.Oddball)) != 0)
        {
            result = NodeId.None;
            return false;
        }

        if (seen == OperandFeedback.Receiver)
        {
            CheckReceiver(left);
            CheckReceiver(right);
            result = TaggedEqual(Tagged(left), Tagged(right));
        }
        else if (isStrict)
        {
            // One operand of these types is enough.
            CheckReceiverOrOddball(left, NodeType.Receiver | NodeType.Oddball);
            result = TaggedEqual(Tagged(left), Tagged(right));
        }
        else
        {
            // A boolean beside an object would be converted: only among their like are they compared by identity.
            NodeType allowed = seen == OperandFeedback.Oddball ? NodeType.Oddball : NodeType.Receiver | NodeType.NullOrUndefined;
            CheckReceiverOrOddball(left, allowed);
            CheckReceiverOrOddball(right, allowed);
            result = _isReachable ? EqualOrBothNullish(left, right) : NodeId.None;
        }

        return true;
    }

    private NodeId EqualOrBothNullish(NodeId left, NodeId right)
    {
        NodeId isSame = TaggedEqual(Tagged(left), Tagged(right));
        return TypeOf(left).Maybe(NodeType.NullOrUndefined) && TypeOf(right).Maybe(NodeType.NullOrUndefined)
            ? BitOf(Diamond(isSame, () => True, () => BitOf(Diamond(IsNullOrUndefined(left), () => Tagged(IsNullOrUndefined(right)), () => False))))
            : isSame;
    }

    /// <summary>Bails out unless the value is of the allowed types, which are some of objects, booleans, undefined and null.</summary>
    private void CheckReceiverOrOddball(NodeId value, NodeType allowed)
    {
        if (!_isReachable || TypeOf(value).Is(allowed))
        {
            return;
        }

        NodeId tagged = Tagged(value);
        NodeId isCell = _g.Floating(NodeOp.IsCell, 0, tagged);
        if (allowed.Maybe(NodeType.Receiver) && !TypeOf(tagged).Is(NodeType.Receiver))
        {
            Diamond(
                isCell,
                () =>
                {
                    CheckReceiver(tagged);
                    return Undefined;
                },
                () =>
                {
                    CheckOddball(tagged, allowed);
                    return Undefined;
                });
        }
        else
        {
            Guard(Not(isCell), DeoptimizeReason.NotAnObject);
            CheckOddball(tagged, allowed);
        }

        if (_isReachable)
        {
            Refine(tagged, allowed);
        }
    }

    /// <summary>Bails out unless an immediate is of the allowed types.</summary>
    private void CheckOddball(NodeId value, NodeType allowed)
    {
        if (_isReachable)
        {
            Guard(allowed.Maybe(NodeType.Boolean) ? Not(_g.Floating(NodeOp.IsNumber, 0, value)) : IsNullOrUndefined(value), DeoptimizeReason.NotAnObject);
        }
    }

    /// <summary>Bails out unless the value is an object.</summary>
    private void CheckReceiver(NodeId value)
    {
        if (TypeOf(value).Is(NodeType.Receiver))
        {
            return;
        }

        NodeId tagged = Tagged(value);
        if (!TypeOf(tagged).Is(NodeType.Cell))
        {
            Guard(_g.Floating(NodeOp.IsCell, 0, tagged), DeoptimizeReason.NotAnObject);
        }

        if (!_isReachable)
        {
            return;
        }

        NodeId type = InstanceTypeOf(MapOf(tagged));
        Guard(Not(_g.Floating(NodeOp.Int32LessThan, 0, type, Int32((int)Layouts.InstanceType.JSObject))), DeoptimizeReason.NotAnObject);
        Refine(tagged, NodeType.Receiver);
    }

    /// <summary>The bit of ToBoolean, where it is known how to compute it without a call; else a call.</summary>
    private NodeId ToBoolean(NodeId value)
    {
        switch (KindOf(value))
        {
            case ValueKind.Bit:
                return value;
            case ValueKind.Int32:
                return _g[value].Op == NodeOp.Int32Constant ? BitConstant(_g[value].Immediate != 0) : Not(_g.Floating(NodeOp.Int32Equal, 0, value, Int32(0)));
            case ValueKind.Float64:
                // Neither zero nor NaN: below or above zero.
                NodeId magnitude = _g.Floating(NodeOp.Float64Abs, 0, value);
                return _g.Floating(NodeOp.Float64LessThan, 0, Float64(0), magnitude);
        }

        NodeType type = TypeOf(value);
        if (type.Is(NodeType.Receiver | NodeType.Symbol))
        {
            return BitConstant(true);
        }

        if (type.Is(NodeType.NullOrUndefined))
        {
            return BitConstant(false);
        }

        if (type.Is(NodeType.Boolean))
        {
            return _g[value].Op == NodeOp.TagBit ? _g.Input(value, 0) : TaggedEqual(value, True);
        }

        if (type.Is(NodeType.Receiver | NodeType.NullOrUndefined))
        {
            return _g.Floating(NodeOp.IsCell, 0, value);
        }

        if (type.Is(NodeType.Smi))
        {
            return Not(_g.Floating(NodeOp.Int32Equal, 0, ToInt32Checked(value), Int32(0)));
        }

        NodeId result = _g.Append(_c.Block, NodeOp.CallStub, (long)Frames.StubId.ToBoolean, value);
        _g[result].Type = NodeType.Boolean;
        return TaggedEqual(result, True);
    }
}
