using System.Globalization;
using System.Numerics;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Number, Boolean and BigInt objects (ECMA-262, 20.3, 21.1, 21.2).</summary>
internal static class NumberBuiltins
{
    // 21.1.1.1 Number
    [Builtin("global", "Number", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value Number(Agent agent, Arguments args)
    {
        Value number = Value.Zero;
        if (args.Count > 0)
        {
            number = Conversions.ToNumeric(agent, args[0]);
            if (number.IsBigInt)
            {
                number = Value.FromDouble(NumberParsing.ToDouble(BigInts.ToBigInteger(new JSBigInt(number.Bits))));
            }
        }

        return args.IsConstruct ? Wrap(agent, args.NewTarget, agent.Realm.NumberWrapperMap, number) : number;
    }

    public static Value Wrap(Agent agent, Value newTarget, Value map, Value primitive) =>
        agent.NewPrimitiveWrapper(ObjectOperations.MapFromConstructor(agent, newTarget, Map.Cast(map)), primitive);

    // 21.1.2.2 Number.isFinite
    [Builtin("Number", "isFinite", Length = 1)]
    public static Value IsFinite(Agent agent, Arguments args) => Boolean(args[0].IsNumber && double.IsFinite(args[0].AsNumber));

    // 21.1.2.3 Number.isInteger
    [Builtin("Number", "isInteger", Length = 1)]
    public static Value IsInteger(Agent agent, Arguments args) => Boolean(IsIntegral(args[0]));

    private static bool IsIntegral(Value value) => value.IsNumber && double.IsFinite(value.AsNumber) && Math.Truncate(value.AsNumber) == value.AsNumber;

    // 21.1.2.4 Number.isNaN
    [Builtin("Number", "isNaN", Length = 1)]
    public static Value IsNaN(Agent agent, Arguments args) => Boolean(args[0].IsNumber && double.IsNaN(args[0].AsNumber));

    // 21.1.2.5 Number.isSafeInteger
    [Builtin("Number", "isSafeInteger", Length = 1)]
    public static Value IsSafeInteger(Agent agent, Arguments args) => Boolean(IsIntegral(args[0]) && Math.Abs(args[0].AsNumber) <= Conversions.MaxSafeInteger);

    // 21.1.3.7.1 ThisNumberValue
    private static double ThisNumber(Agent agent, Value value, string method)
    {
        if (value.IsNumber)
        {
            return value.AsNumber;
        }

        return JSPrimitiveWrapper.TryAs(value, out JSPrimitiveWrapper wrapper) && wrapper.Value.IsNumber ? wrapper.Value.AsNumber : throw agent.TypeError("Number.prototype." + method + " requires that 'this' be a Number");
    }

    // 21.1.3.2 Number.prototype.toExponential
    [Builtin("Number.prototype", "toExponential", Length = 1)]
    public static Value ToExponential(Agent agent, Arguments args)
    {
        double number = ThisNumber(agent, args.This, "toExponential");
        double digits = Conversions.ToIntegerOrInfinity(agent, args[0]);
        if (!double.IsFinite(number))
        {
            return agent.NumberToString(number);
        }

        return digits is >= 0 and <= 100
            ? agent.NewString(NumberFormatting.ToExponential(number, args[0].IsUndefined ? -1 : (int)digits))
            : throw agent.Error(ErrorKind.RangeError, "toExponential() argument must be between 0 and 100");
    }

    // 21.1.3.3 Number.prototype.toFixed
    [Builtin("Number.prototype", "toFixed", Length = 1)]
    public static Value ToFixed(Agent agent, Arguments args)
    {
        double number = ThisNumber(agent, args.This, "toFixed");
        double digits = Conversions.ToIntegerOrInfinity(agent, args[0]);
        if (digits is < 0 or > 100)
        {
            throw agent.Error(ErrorKind.RangeError, "toFixed() digits argument must be between 0 and 100");
        }

        return double.IsFinite(number) && Math.Abs(number) < 1e21 ? agent.NewString(NumberFormatting.ToFixed(number, (int)digits)) : agent.NumberToString(number);
    }

    // 21.1.3.4 Number.prototype.toLocaleString
    [Builtin("Number.prototype", "toLocaleString")]
    public static Value ToLocaleString(Agent agent, Arguments args)
    {
        double number = ThisNumber(agent, args.This, "toLocaleString");
        return double.IsFinite(number) && Math.Abs(number) < 1e21 ? agent.NewString(number.ToString("#,##0.###", CultureInfo.InvariantCulture)) : agent.NumberToString(number);
    }

    // 21.1.3.5 Number.prototype.toPrecision
    [Builtin("Number.prototype", "toPrecision", Length = 1)]
    public static Value ToPrecision(Agent agent, Arguments args)
    {
        double number = ThisNumber(agent, args.This, "toPrecision");
        if (args[0].IsUndefined)
        {
            return agent.NumberToString(number);
        }

        double precision = Conversions.ToIntegerOrInfinity(agent, args[0]);
        if (!double.IsFinite(number))
        {
            return agent.NumberToString(number);
        }

        return precision is >= 1 and <= 100
            ? agent.NewString(NumberFormatting.ToPrecision(number, (int)precision))
            : throw agent.Error(ErrorKind.RangeError, "toPrecision() argument must be between 1 and 100");
    }

    private static int Radix(Agent agent, Value value)
    {
        if (value.IsUndefined)
        {
            return 10;
        }

        double radix = Conversions.ToIntegerOrInfinity(agent, value);
        return radix is >= 2 and <= 36 ? (int)radix : throw agent.Error(ErrorKind.RangeError, "toString() radix argument must be between 2 and 36");
    }

    // 21.1.3.6 Number.prototype.toString
    [Builtin("Number.prototype", "toString", Length = 1)]
    public static Value ToString(Agent agent, Arguments args)
    {
        double number = ThisNumber(agent, args.This, "toString");
        int radix = Radix(agent, args[0]);
        return radix == 10 ? agent.NumberToString(number) : agent.NewString(NumberFormatting.ToRadix(number, radix));
    }

    // 21.1.3.7 Number.prototype.valueOf
    [Builtin("Number.prototype", "valueOf")]
    public static Value ValueOf(Agent agent, Arguments args) => Value.FromDouble(ThisNumber(agent, args.This, "valueOf"));

    // 20.3.1.1 Boolean
    [Builtin("global", "Boolean", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value BooleanConstructor(Agent agent, Arguments args)
    {
        Value value = Boolean(Conversions.ToBoolean(args[0]));
        return args.IsConstruct ? Wrap(agent, args.NewTarget, agent.Realm.BooleanWrapperMap, value) : value;
    }

    private static Value ThisBoolean(Agent agent, Value value, string method)
    {
        if (value.IsBoolean)
        {
            return value;
        }

        return JSPrimitiveWrapper.TryAs(value, out JSPrimitiveWrapper wrapper) && wrapper.Value.IsBoolean ? wrapper.Value : throw agent.TypeError("Boolean.prototype." + method + " requires that 'this' be a Boolean");
    }

    // 20.3.3.2 Boolean.prototype.toString
    [Builtin("Boolean.prototype", "toString")]
    public static Value BooleanToString(Agent agent, Arguments args) => ThisBoolean(agent, args.This, "toString").IsTrue ? Names.True : Names.False;

    // 20.3.3.3 Boolean.prototype.valueOf
    [Builtin("Boolean.prototype", "valueOf")]
    public static Value BooleanValueOf(Agent agent, Arguments args) => ThisBoolean(agent, args.This, "valueOf");

    // 21.2.1.1 BigInt
    [Builtin("global", "BigInt", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value BigInt(Agent agent, Arguments args)
    {
        if (args.IsConstruct)
        {
            throw agent.TypeError("BigInt is not a constructor");
        }

        Value primitive = Conversions.ToPrimitive(agent, args[0], PreferredType.Number);
        if (!primitive.IsNumber)
        {
            return Conversions.ToBigInt(agent, primitive);
        }

        return IsIntegral(primitive)
            ? agent.NewBigInt(new BigInteger(primitive.AsNumber))
            : throw agent.Error(ErrorKind.RangeError, "The number " + Display.ForMessage(agent, primitive) + " cannot be converted to a BigInt because it is not an integer");
    }

    // 21.2.2.1 BigInt.asIntN
    [Builtin("BigInt", "asIntN", Length = 2)]
    public static Value AsIntN(Agent agent, Arguments args)
    {
        long bits = Conversions.ToIndex(agent, args[0], "Invalid value: not (convertible to) a safe integer");
        BigInteger value = Conversions.ToBigInteger(agent, args[1]);
        if (value.GetBitLength() < bits)
        {
            return agent.NewBigInt(value);
        }

        BigInteger modulus = BigInteger.One << (int)bits;
        BigInteger low = value & (modulus - 1);
        return agent.NewBigInt(bits > 0 && low >= modulus >> 1 ? low - modulus : low);
    }

    // 21.2.2.2 BigInt.asUintN
    [Builtin("BigInt", "asUintN", Length = 2)]
    public static Value AsUintN(Agent agent, Arguments args)
    {
        long bits = Conversions.ToIndex(agent, args[0], "Invalid value: not (convertible to) a safe integer");
        BigInteger value = Conversions.ToBigInteger(agent, args[1]);
        if (value.Sign >= 0 && value.GetBitLength() <= bits)
        {
            return agent.NewBigInt(value);
        }

        return bits > 1 << 24 ? throw agent.Error(ErrorKind.RangeError, "Maximum BigInt size exceeded") : agent.NewBigInt(value & ((BigInteger.One << (int)bits) - 1));
    }

    private static BigInteger ThisBigInt(Agent agent, Value value, string method)
    {
        if (value.IsBigInt)
        {
            return BigInts.ToBigInteger(new JSBigInt(value.Bits));
        }

        return JSPrimitiveWrapper.TryAs(value, out JSPrimitiveWrapper wrapper) && wrapper.Value.IsBigInt
            ? BigInts.ToBigInteger(new JSBigInt(wrapper.Value.Bits))
            : throw agent.TypeError("BigInt.prototype." + method + " requires that 'this' be a BigInt");
    }

    // 21.2.3.3 BigInt.prototype.toString
    [Builtin("BigInt.prototype", "toString")]
    public static Value BigIntToString(Agent agent, Arguments args)
    {
        BigInteger value = ThisBigInt(agent, args.This, "toString");
        return agent.NewString(NumberFormatting.IntegerToRadix(value, Radix(agent, args[0])));
    }

    // 21.2.3.2 BigInt.prototype.toLocaleString
    [Builtin("BigInt.prototype", "toLocaleString")]
    public static Value BigIntToLocaleString(Agent agent, Arguments args) =>
        agent.NewString(ThisBigInt(agent, args.This, "toLocaleString").ToString("#,##0", CultureInfo.InvariantCulture));

    // 21.2.3.4 BigInt.prototype.valueOf
    [Builtin("BigInt.prototype", "valueOf")]
    public static Value BigIntValueOf(Agent agent, Arguments args) =>
        args.This.IsBigInt ? args.This : agent.NewBigInt(ThisBigInt(agent, args.This, "valueOf"));
}
