using System.Runtime.CompilerServices;
using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>Operators on operands that the handlers do not take themselves; what was seen is recorded in the slot.</summary>
internal static unsafe partial class RuntimeFunctions
{
    private static void Operators_(nint[] table)
    {
        Set(table, RuntimeId.Add, &Add);
        Set(table, RuntimeId.Subtract, &Subtract);
        Set(table, RuntimeId.Multiply, &Multiply);
        Set(table, RuntimeId.Divide, &Divide);
        Set(table, RuntimeId.Modulus, &Modulus);
        Set(table, RuntimeId.Exponentiate, &Exponentiate);
        Set(table, RuntimeId.BitwiseOr, &BitwiseOr);
        Set(table, RuntimeId.BitwiseXor, &BitwiseXor);
        Set(table, RuntimeId.BitwiseAnd, &BitwiseAnd);
        Set(table, RuntimeId.ShiftLeft, &ShiftLeft);
        Set(table, RuntimeId.ShiftRight, &ShiftRight);
        Set(table, RuntimeId.ShiftRightLogical, &ShiftRightLogical);
        Set(table, RuntimeId.Increment, &Increment);
        Set(table, RuntimeId.Decrement, &Decrement);
        Set(table, RuntimeId.Negate, &Negate);
        Set(table, RuntimeId.BitwiseNot, &BitwiseNot);
        Set(table, RuntimeId.Equal, &Equal);
        Set(table, RuntimeId.StrictEqual, &StrictEqual);
        Set(table, RuntimeId.LessThan, &LessThan);
        Set(table, RuntimeId.GreaterThan, &GreaterThan);
        Set(table, RuntimeId.LessThanOrEqual, &LessThanOrEqual);
        Set(table, RuntimeId.GreaterThanOrEqual, &GreaterThanOrEqual);
        Set(table, RuntimeId.ToBoolean, &ToBoolean);
        Set(table, RuntimeId.ToNumber, &ToNumber);
        Set(table, RuntimeId.ToNumeric, &ToNumeric);
        Set(table, RuntimeId.ToObject, &ToObject);
        Set(table, RuntimeId.ToPropertyKey, &ToPropertyKey);
        Set(table, RuntimeId.ToString, &ToStringValue);
        Set(table, RuntimeId.TypeOf, &TypeOf);
        Set(table, RuntimeId.TestTypeOf, &TestTypeOf);
    }

    private static OperandFeedback KindOf(Value value) =>
        value.IsSmi ? OperandFeedback.Smi
        : value.IsNumber ? OperandFeedback.Number
        : value.IsString ? OperandFeedback.String
        : value.IsBigInt ? OperandFeedback.BigInt
        : value.IsReceiver ? OperandFeedback.Receiver
        : value.IsSymbol ? OperandFeedback.Symbol
        : OperandFeedback.Oddball;

    private static void Record(Value vector, Value slot, Value a, Value b)
    {
        OperandFeedback seen = KindOf(a) | KindOf(b);
        FeedbackVector feedback = VectorOf(vector);
        Value known = feedback.GetSlots(slot.AsInt32);
        feedback.InitSlots(slot.AsInt32, Value.FromInt32(known.AsInt32 | (int)seen));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Value Add(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        if (a.IsString && b.IsSmi)
        {
            return Strings.Concat(agent, new JSString(a.Bits), agent.NumberToString(b.AsInt32));
        }

        return a.IsString && b.IsString ? Strings.Concat(agent, new JSString(a.Bits), new JSString(b.Bits)) : Segno.Operations.Operators.Add(agent, a, b);
    }

    private static Value Subtract(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.Subtract(agent, a, b);
    }

    private static Value Multiply(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.Multiply(agent, a, b);
    }

    private static Value Divide(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.Divide(agent, a, b);
    }

    private static Value Modulus(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.Modulus(agent, a, b);
    }

    private static Value Exponentiate(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.Exponentiate(agent, a, b);
    }

    private static Value BitwiseOr(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.BitwiseOr(agent, a, b);
    }

    private static Value BitwiseXor(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.BitwiseXor(agent, a, b);
    }

    private static Value BitwiseAnd(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.BitwiseAnd(agent, a, b);
    }

    private static Value ShiftLeft(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.ShiftLeft(agent, a, b);
    }

    private static Value ShiftRight(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.ShiftRight(agent, a, b);
    }

    private static Value ShiftRightLogical(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Segno.Operations.Operators.ShiftRightLogical(agent, a, b);
    }

    private static Value Increment(Agent agent, Value a, Value vector, Value slot, Value d)
    {
        Record(vector, slot, a, a);
        return Segno.Operations.Operators.Increment(agent, a);
    }

    private static Value Decrement(Agent agent, Value a, Value vector, Value slot, Value d)
    {
        Record(vector, slot, a, a);
        return Segno.Operations.Operators.Decrement(agent, a);
    }

    private static Value Negate(Agent agent, Value a, Value vector, Value slot, Value d)
    {
        Record(vector, slot, a, a);
        return Segno.Operations.Operators.Negate(agent, a);
    }

    private static Value BitwiseNot(Agent agent, Value a, Value vector, Value slot, Value d)
    {
        Record(vector, slot, a, a);
        return Segno.Operations.Operators.BitwiseNot(agent, a);
    }

    private static Value Equal(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Value.FromBoolean(Segno.Operations.Operators.IsLooselyEqual(agent, a, b));
    }

    private static Value StrictEqual(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Value.FromBoolean(Segno.Objects.Properties.StrictEquals(agent, a, b));
    }

    private static Value LessThan(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Value.FromBoolean(Segno.Operations.Operators.LessThan(agent, a, b));
    }

    private static Value GreaterThan(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Value.FromBoolean(Segno.Operations.Operators.GreaterThan(agent, a, b));
    }

    private static Value LessThanOrEqual(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Value.FromBoolean(Segno.Operations.Operators.LessThanOrEqual(agent, a, b));
    }

    private static Value GreaterThanOrEqual(Agent agent, Value a, Value b, Value vector, Value slot)
    {
        Record(vector, slot, a, b);
        return Value.FromBoolean(Segno.Operations.Operators.GreaterThanOrEqual(agent, a, b));
    }

    private static Value ToBoolean(Agent agent, Value a, Value b, Value c, Value d) => Value.FromBoolean(Conversions.ToBoolean(a));

    private static Value ToNumber(Agent agent, Value a, Value vector, Value slot, Value d)
    {
        Record(vector, slot, a, a);
        return Value.FromDouble(Conversions.ToNumber(agent, a));
    }

    private static Value ToNumeric(Agent agent, Value a, Value vector, Value slot, Value d)
    {
        Record(vector, slot, a, a);
        return Conversions.ToNumeric(agent, a);
    }

    private static Value ToObject(Agent agent, Value a, Value b, Value c, Value d) => Conversions.ToObject(agent, a);

    private static Value ToPropertyKey(Agent agent, Value a, Value b, Value c, Value d)
    {
        PropertyKey key = Conversions.ToPropertyKey(agent, a);
        return key.IsIndex ? Value.FromUInt32(key.Index) : key.Name;
    }

    private static Value ToStringValue(Agent agent, Value a, Value b, Value c, Value d) => Conversions.ToString(agent, a);

    private static Value TypeOf(Agent agent, Value a, Value b, Value c, Value d) => Segno.Operations.Operators.TypeOf(agent, a);

    private static Value TestTypeOf(Agent agent, Value a, Value literal, Value c, Value d)
    {
        bool result = (TypeOfLiteral)literal.AsInt32 switch
        {
            TypeOfLiteral.Number => a.IsNumber,
            TypeOfLiteral.String => a.IsString,
            TypeOfLiteral.Symbol => a.IsSymbol,
            TypeOfLiteral.Boolean => a.IsBoolean,
            TypeOfLiteral.BigInt => a.IsBigInt,
            TypeOfLiteral.Undefined => a.IsUndefined,
            TypeOfLiteral.Function => a.IsReceiver && Functions.IsCallable(a),
            TypeOfLiteral.Object => a.IsNull || (a.IsReceiver && !Functions.IsCallable(a)),
            _ => false,
        };
        return Value.FromBoolean(result);
    }
}
