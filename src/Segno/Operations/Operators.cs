using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>The operators of expressions on any values (ECMA-262, 13.15.3 and 6.1.6).</summary>
internal static partial class Operators
{
    private enum Arithmetic
    {
        Subtract,
        Multiply,
        Divide,
        Modulus,
        Exponentiate,
        And,
        Or,
        Xor,
        ShiftLeft,
        ShiftRight,
    }

    // 13.15.3 ApplyStringOrNumericBinaryOperator, +
    public static Value Add(Agent agent, Value left, Value right)
    {
        if (left.IsNumber && right.IsNumber)
        {
            return Value.FromDouble(left.AsNumber + right.AsNumber);
        }

        if (left.IsString && right.IsString)
        {
            return Strings.Concat(agent, new JSString(left.Bits), new JSString(right.Bits));
        }

        left = Conversions.ToPrimitive(agent, left);
        right = Conversions.ToPrimitive(agent, right);
        if (left.IsString || right.IsString)
        {
            JSString first = Conversions.ToString(agent, left);
            JSString second = Conversions.ToString(agent, right);
            return Strings.Concat(agent, first, second);
        }

        left = Conversions.ToNumeric(agent, left);
        right = Conversions.ToNumeric(agent, right);
        if (left.IsNumber && right.IsNumber)
        {
            return Value.FromDouble(left.AsNumber + right.AsNumber);
        }

        CheckNotMixed(agent, left, right);
        return agent.NewBigInt(Big(left) + Big(right));
    }

    public static Value Subtract(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Subtract, left, right);

    public static Value Multiply(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Multiply, left, right);

    public static Value Divide(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Divide, left, right);

    public static Value Modulus(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Modulus, left, right);

    public static Value Exponentiate(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Exponentiate, left, right);

    public static Value BitwiseAnd(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.And, left, right);

    public static Value BitwiseOr(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Or, left, right);

    public static Value BitwiseXor(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.Xor, left, right);

    public static Value ShiftLeft(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.ShiftLeft, left, right);

    public static Value ShiftRight(Agent agent, Value left, Value right) => Apply(agent, Arithmetic.ShiftRight, left, right);

    // 6.1.6.1.11 Number::unsignedRightShift
    public static Value ShiftRightLogical(Agent agent, Value left, Value right)
    {
        left = Conversions.ToNumeric(agent, left);
        right = Conversions.ToNumeric(agent, right);
        if (left.IsBigInt || right.IsBigInt)
        {
            CheckNotMixed(agent, left, right);
            throw agent.TypeError("BigInts have no unsigned right shift, use >> instead");
        }

        return Value.FromUInt32(Conversions.ToUint32(left.AsNumber) >> (Conversions.ToInt32(right.AsNumber) & 31));
    }

    // 13.15.3 ApplyStringOrNumericBinaryOperator, all but +
    private static Value Apply(Agent agent, Arithmetic operation, Value left, Value right)
    {
        left = Conversions.ToNumeric(agent, left);
        right = Conversions.ToNumeric(agent, right);
        if (left.IsNumber && right.IsNumber)
        {
            double x = left.AsNumber;
            double y = right.AsNumber;
            return operation switch
            {
                Arithmetic.Subtract => Value.FromDouble(x - y),
                Arithmetic.Multiply => Value.FromDouble(x * y),
                Arithmetic.Divide => Value.FromDouble(x / y),
                Arithmetic.Modulus => Value.FromDouble(Remainder(x, y)),
                Arithmetic.Exponentiate => Value.FromDouble(Power(x, y)),
                Arithmetic.And => Value.FromInt32(Conversions.ToInt32(x) & Conversions.ToInt32(y)),
                Arithmetic.Or => Value.FromInt32(Conversions.ToInt32(x) | Conversions.ToInt32(y)),
                Arithmetic.Xor => Value.FromInt32(Conversions.ToInt32(x) ^ Conversions.ToInt32(y)),
                Arithmetic.ShiftLeft => Value.FromInt32(Conversions.ToInt32(x) << (Conversions.ToInt32(y) & 31)),
                _ => Value.FromInt32(Conversions.ToInt32(x) >> (Conversions.ToInt32(y) & 31)),
            };
        }

        CheckNotMixed(agent, left, right);
        return agent.NewBigInt(ApplyBig(agent, operation, Big(left), Big(right)));
    }

    private static BigInteger ApplyBig(Agent agent, Arithmetic operation, BigInteger x, BigInteger y)
    {
        switch (operation)
        {
            case Arithmetic.Subtract:
                return x - y;
            case Arithmetic.Multiply:
                return x * y;
            case Arithmetic.Divide:
                return y.IsZero ? throw agent.Error(ErrorKind.RangeError, "Division by zero") : BigInteger.Divide(x, y);
            case Arithmetic.Modulus:
                return y.IsZero ? throw agent.Error(ErrorKind.RangeError, "Division by zero") : BigInteger.Remainder(x, y);
            case Arithmetic.Exponentiate:
                return PowerBig(agent, x, y);
            case Arithmetic.And:
                return x & y;
            case Arithmetic.Or:
                return x | y;
            case Arithmetic.Xor:
                return x ^ y;
            case Arithmetic.ShiftLeft:
                return ShiftBig(agent, x, y);
            default:
                return ShiftBig(agent, x, -y);
        }
    }

    /// <summary>The most bits that a BigInt may have.</summary>
    private const int MaxBigIntBits = 1 << 24;

    private static BigInteger ShiftBig(Agent agent, BigInteger x, BigInteger by)
    {
        if (x.IsZero)
        {
            return x;
        }

        if (by.Sign >= 0)
        {
            return by + x.GetBitLength() > MaxBigIntBits ? throw agent.Error(ErrorKind.RangeError, "Maximum BigInt size exceeded") : x << (int)by;
        }

        return -by > MaxBigIntBits ? x.Sign < 0 ? BigInteger.MinusOne : BigInteger.Zero : x >> (int)-by;
    }

    private static BigInteger PowerBig(Agent agent, BigInteger x, BigInteger y)
    {
        if (y.Sign < 0)
        {
            throw agent.Error(ErrorKind.RangeError, "Exponent must be non-negative");
        }

        if (x.IsZero || x.IsOne)
        {
            return y.IsZero ? BigInteger.One : x;
        }

        if (x == BigInteger.MinusOne)
        {
            return y.IsEven ? BigInteger.One : x;
        }

        if (y > MaxBigIntBits || (x.GetBitLength() - 1) * (long)y > MaxBigIntBits)
        {
            throw agent.Error(ErrorKind.RangeError, "Maximum BigInt size exceeded");
        }

        return BigInteger.Pow(x, (int)y);
    }

    private static BigInteger Big(Value value) => BigInts.ToBigInteger(new JSBigInt(value.Bits));

    private static void CheckNotMixed(Agent agent, Value left, Value right)
    {
        if (!left.IsBigInt || !right.IsBigInt)
        {
            throw agent.TypeError("Cannot mix BigInt and other types, use explicit conversions");
        }
    }

    // 6.1.6.1.6 Number::remainder
    public static double Remainder(double dividend, double divisor)
    {
        // The C# operator is C's fmod: exact, with the sign of the dividend.
        double result = dividend % divisor;
        return result == 0 && double.IsNegative(dividend) ? -0.0 : result;
    }

    // 6.1.6.1.3 Number::exponentiate
    public static double Power(double x, double exponent)
    {
        if (double.IsNaN(exponent))
        {
            return double.NaN;
        }

        if (exponent == 0)
        {
            return 1;
        }

        if (Math.Abs(x) == 1 && double.IsInfinity(exponent))
        {
            return double.NaN;
        }

        return Math.Pow(x, exponent);
    }

    public static Value Increment(Agent agent, Value value)
    {
        value = Conversions.ToNumeric(agent, value);
        return value.IsNumber ? Value.FromDouble(value.AsNumber + 1) : agent.NewBigInt(Big(value) + 1);
    }

    public static Value Decrement(Agent agent, Value value)
    {
        value = Conversions.ToNumeric(agent, value);
        return value.IsNumber ? Value.FromDouble(value.AsNumber - 1) : agent.NewBigInt(Big(value) - 1);
    }

    public static Value Negate(Agent agent, Value value)
    {
        value = Conversions.ToNumeric(agent, value);
        return value.IsNumber ? Value.FromDouble(-value.AsNumber) : agent.NewBigInt(-Big(value));
    }

    public static Value BitwiseNot(Agent agent, Value value)
    {
        value = Conversions.ToNumeric(agent, value);
        return value.IsNumber ? Value.FromInt32(~Conversions.ToInt32(value.AsNumber)) : agent.NewBigInt(-Big(value) - 1);
    }

    // 7.2.15 IsStrictlyEqual
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsStrictlyEqual(Agent agent, Value left, Value right) => Properties.StrictEquals(agent, left, right);

    // 7.2.14 IsLooselyEqual
    public static bool IsLooselyEqual(Agent agent, Value x, Value y)
    {
        while (true)
        {
            if (x.IsNumber && y.IsNumber)
            {
                return x.AsNumber == y.AsNumber;
            }

            if (x.IsNullOrUndefined || y.IsNullOrUndefined)
            {
                return x.IsNullOrUndefined && y.IsNullOrUndefined;
            }

            bool xObject = x.IsReceiver;
            bool yObject = y.IsReceiver;
            if ((xObject && yObject) || (x.IsString && y.IsString) || (x.IsBigInt && y.IsBigInt) || (x.IsSymbol && y.IsSymbol) || (x.IsBoolean && y.IsBoolean))
            {
                return Properties.StrictEquals(agent, x, y);
            }

            if (x.IsBoolean)
            {
                x = Value.FromInt32(x.IsTrue ? 1 : 0);
            }
            else if (y.IsBoolean)
            {
                y = Value.FromInt32(y.IsTrue ? 1 : 0);
            }
            else if (xObject)
            {
                x = Conversions.ToPrimitive(agent, x);
            }
            else if (yObject)
            {
                y = Conversions.ToPrimitive(agent, y);
            }
            else if (x.IsSymbol || y.IsSymbol)
            {
                return false;
            }
            else if (x.IsBigInt || y.IsBigInt)
            {
                return (x.IsBigInt ? CompareBig(Big(x), y) : CompareBig(Big(y), x)) == 0;
            }
            else
            {
                // A number and a string.
                return Conversions.ToNumber(agent, x) == Conversions.ToNumber(agent, y);
            }
        }
    }

    /// <summary>The order of a BigInt and a number or string: negative, 0, positive, or null if they are not comparable.</summary>
    private static int? CompareBig(BigInteger big, Value other)
    {
        if (other.IsString)
        {
            return NumberParsing.TryParseBigInt(new JSString(other.Bits).ToClrString(), out BigInteger parsed) ? big.CompareTo(parsed) : null;
        }

        double number = other.AsNumber;
        if (double.IsNaN(number))
        {
            return null;
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? -1 : 1;
        }

        double floor = Math.Floor(number);
        int order = big.CompareTo(new BigInteger(floor));
        return order == 0 && floor != number ? -1 : order;
    }

    public static bool LessThan(Agent agent, Value left, Value right) => Compare(agent, left, right) is < 0;

    public static bool GreaterThan(Agent agent, Value left, Value right) => Compare(agent, left, right) is > 0;

    public static bool LessThanOrEqual(Agent agent, Value left, Value right) => Compare(agent, left, right) is <= 0;

    public static bool GreaterThanOrEqual(Agent agent, Value left, Value right) => Compare(agent, left, right) is >= 0;

    /// <summary>7.2.13 IsLessThan for all four operators, whose operands are always converted from left to right; null is undefined.</summary>
    private static int? Compare(Agent agent, Value left, Value right)
    {
        left = Conversions.ToPrimitive(agent, left, PreferredType.Number);
        right = Conversions.ToPrimitive(agent, right, PreferredType.Number);
        if (left.IsString && right.IsString)
        {
            return Strings.Compare(agent, new JSString(left.Bits), new JSString(right.Bits));
        }

        if (left.IsBigInt && right.IsString)
        {
            return CompareBig(Big(left), right);
        }

        if (left.IsString && right.IsBigInt)
        {
            return -CompareBig(Big(right), left);
        }

        left = Conversions.ToNumeric(agent, left);
        right = Conversions.ToNumeric(agent, right);
        if (left.IsBigInt)
        {
            return right.IsBigInt ? Big(left).CompareTo(Big(right)) : CompareBig(Big(left), right);
        }

        if (right.IsBigInt)
        {
            return -CompareBig(Big(right), left);
        }

        double x = left.AsNumber;
        double y = right.AsNumber;
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : null;
    }

    // 13.5.3 typeof
    public static JSString TypeOf(Agent agent, Value value)
    {
        if (value.IsNumber)
        {
            return Names.NumberType;
        }

        if (!value.IsCell)
        {
            return value.IsUndefined ? Names.Undefined : value.IsBoolean ? Names.BooleanType : Names.ObjectType;
        }

        return value.InstanceType switch
        {
            < InstanceType.Symbol => Names.StringType,
            InstanceType.Symbol => Names.SymbolType,
            InstanceType.JSBigInt => Names.BigIntType,
            _ => Functions.IsCallable(value) ? Names.FunctionType : Names.ObjectType,
        };
    }

    // 13.10.2 InstanceofOperator
    public static bool InstanceofOperator(Agent agent, Value value, Value target)
    {
        if (!target.IsReceiver)
        {
            throw agent.TypeError("Right-hand side of 'instanceof' is not an object");
        }

        Value handler = ObjectOperations.GetMethod(agent, target, new PropertyKey(Names.SymbolHasInstance));
        if (!handler.IsUndefined)
        {
            return handler == agent.Realm.FunctionProtoHasInstance
                ? OrdinaryHasInstance(agent, target, value)
                : Conversions.ToBoolean(ObjectOperations.Call(agent, handler, target, value));
        }

        return Functions.IsCallable(target) ? OrdinaryHasInstance(agent, target, value) : throw agent.TypeError("Right-hand side of 'instanceof' is not callable");
    }

    // 7.3.22 OrdinaryHasInstance
    public static bool OrdinaryHasInstance(Agent agent, Value target, Value value)
    {
        if (!Functions.IsCallable(target))
        {
            return false;
        }

        if (JSBoundFunction.TryAs(target, out JSBoundFunction bound))
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return InstanceofOperator(agent, value, bound.Target);
        }

        if (!JSObject.TryAs(value, out JSObject obj))
        {
            return false;
        }

        Value prototype = ObjectOperations.Get(agent, JSObject.Cast(target), new PropertyKey(Names.Prototype));
        if (!prototype.IsReceiver)
        {
            throw agent.TypeError("Function has non-object prototype '" + Display.ForMessage(agent, prototype) + "' in instanceof check");
        }

        while (true)
        {
            Value parent = ObjectOperations.GetPrototypeOf(agent, obj);
            if (!JSObject.TryAs(parent, out obj))
            {
                return false;
            }

            if (parent == prototype)
            {
                return true;
            }
        }
    }

    // 13.10.1 in
    public static bool HasPropertyOperator(Agent agent, Value key, Value target)
    {
        if (!target.IsReceiver)
        {
            throw agent.TypeError("Cannot use 'in' operator to search for '" + Display.ForMessage(agent, key) + "' in " + Display.ForMessage(agent, target));
        }

        return ObjectOperations.HasProperty(agent, JSObject.Cast(target), Conversions.ToPropertyKey(agent, key));
    }
}
