using System.Numerics;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The Math object (ECMA-262, 21.3).</summary>
internal static class MathObject
{
    private static double Number(Agent agent, Arguments args, int index = 0) => Conversions.ToNumber(agent, args[index]);

    [Builtin("Math", "abs", Length = 1)]
    public static Value Abs(Agent agent, Arguments args) => Value.FromDouble(Math.Abs(Number(agent, args)));

    [Builtin("Math", "acos", Length = 1)]
    public static Value Acos(Agent agent, Arguments args) => Value.FromDouble(Math.Acos(Number(agent, args)));

    [Builtin("Math", "acosh", Length = 1)]
    public static Value Acosh(Agent agent, Arguments args) => Value.FromDouble(Math.Acosh(Number(agent, args)));

    [Builtin("Math", "asin", Length = 1)]
    public static Value Asin(Agent agent, Arguments args) => Value.FromDouble(Math.Asin(Number(agent, args)));

    [Builtin("Math", "asinh", Length = 1)]
    public static Value Asinh(Agent agent, Arguments args)
    {
        double x = Number(agent, args);
        return Value.FromDouble(x == 0 ? x : Math.Asinh(x));
    }

    [Builtin("Math", "atan", Length = 1)]
    public static Value Atan(Agent agent, Arguments args) => Value.FromDouble(Math.Atan(Number(agent, args)));

    [Builtin("Math", "atanh", Length = 1)]
    public static Value Atanh(Agent agent, Arguments args) => Value.FromDouble(Math.Atanh(Number(agent, args)));

    [Builtin("Math", "atan2", Length = 2)]
    public static Value Atan2(Agent agent, Arguments args)
    {
        double y = Number(agent, args);
        return Value.FromDouble(Math.Atan2(y, Number(agent, args, 1)));
    }

    [Builtin("Math", "cbrt", Length = 1)]
    public static Value Cbrt(Agent agent, Arguments args) => Value.FromDouble(Math.Cbrt(Number(agent, args)));

    [Builtin("Math", "ceil", Length = 1)]
    public static Value Ceil(Agent agent, Arguments args) => Value.FromDouble(Math.Ceiling(Number(agent, args)));

    [Builtin("Math", "clz32", Length = 1)]
    public static Value Clz32(Agent agent, Arguments args) => Value.FromInt32(BitOperations.LeadingZeroCount(Conversions.ToUint32(agent, args[0])));

    [Builtin("Math", "cos", Length = 1)]
    public static Value Cos(Agent agent, Arguments args) => Value.FromDouble(Math.Cos(Number(agent, args)));

    [Builtin("Math", "cosh", Length = 1)]
    public static Value Cosh(Agent agent, Arguments args) => Value.FromDouble(Math.Cosh(Number(agent, args)));

    [Builtin("Math", "exp", Length = 1)]
    public static Value Exp(Agent agent, Arguments args) => Value.FromDouble(Math.Exp(Number(agent, args)));

    [Builtin("Math", "expm1", Length = 1)]
    public static Value Expm1(Agent agent, Arguments args)
    {
        double x = Number(agent, args);
        if (x == 0 || !double.IsFinite(x) || Math.Abs(x) > 0.5)
        {
            return Value.FromDouble(x == 0 ? x : Math.Exp(x) - 1);
        }

        // Near zero the subtraction would cancel: tanh(x/2) keeps the digits.
        double t = Math.Tanh(x / 2);
        return Value.FromDouble(Math.Abs(x) < 1e-9 ? x + (x * x / 2) : 2 * t / (1 - t));
    }

    // 21.3.2.16 Math.f16round
    [Builtin("Math", "f16round", Length = 1)]
    public static Value F16Round(Agent agent, Arguments args) => Value.FromDouble((double)(Half)Number(agent, args));

    [Builtin("Math", "floor", Length = 1)]
    public static Value Floor(Agent agent, Arguments args) => args[0].IsSmi ? args[0] : Value.FromDouble(Math.Floor(Number(agent, args)));

    [Builtin("Math", "fround", Length = 1)]
    public static Value Fround(Agent agent, Arguments args) => Value.FromDouble((float)Number(agent, args));

    // 21.3.2.18 Math.hypot
    [Builtin("Math", "hypot", Length = 2)]
    public static Value Hypot(Agent agent, Arguments args)
    {
        var numbers = new double[args.Count];
        double largest = 0;
        bool infinite = false;
        bool nan = false;
        for (int i = 0; i < args.Count; i++)
        {
            double number = Math.Abs(Number(agent, args, i));
            numbers[i] = number;
            infinite |= double.IsInfinity(number);
            nan |= double.IsNaN(number);
            largest = Math.Max(largest, number);
        }

        if (infinite || nan || largest == 0)
        {
            return infinite ? Value.FromDouble(double.PositiveInfinity) : nan ? Value.NaN : Value.Zero;
        }

        // Kahan summation of the scaled squares.
        double sum = 0;
        double compensation = 0;
        foreach (double number in numbers)
        {
            double scaled = number / largest;
            double summand = (scaled * scaled) - compensation;
            double preliminary = sum + summand;
            compensation = preliminary - sum - summand;
            sum = preliminary;
        }

        return Value.FromDouble(Math.Sqrt(sum) * largest);
    }

    [Builtin("Math", "imul", Length = 2)]
    public static Value Imul(Agent agent, Arguments args)
    {
        int x = Conversions.ToInt32(agent, args[0]);
        return Value.FromInt32(unchecked(x * Conversions.ToInt32(agent, args[1])));
    }

    [Builtin("Math", "log", Length = 1)]
    public static Value Log(Agent agent, Arguments args) => Value.FromDouble(Math.Log(Number(agent, args)));

    [Builtin("Math", "log1p", Length = 1)]
    public static Value Log1p(Agent agent, Arguments args)
    {
        double x = Number(agent, args);
        if (x == 0 || Math.Abs(x) > 0.5 || double.IsNaN(x))
        {
            return Value.FromDouble(x == 0 ? x : Math.Log(1 + x));
        }

        // The rounding error of 1 + x is put back.
        double u = 1 + x;
        return Value.FromDouble(u == 1 ? x : Math.Log(u) * x / (u - 1));
    }

    [Builtin("Math", "log10", Length = 1)]
    public static Value Log10(Agent agent, Arguments args) => Value.FromDouble(Math.Log10(Number(agent, args)));

    [Builtin("Math", "log2", Length = 1)]
    public static Value Log2(Agent agent, Arguments args) => Value.FromDouble(Math.Log2(Number(agent, args)));

    [Builtin("Math", "max", Length = 2)]
    public static Value Max(Agent agent, Arguments args)
    {
        double result = double.NegativeInfinity;
        for (int i = 0; i < args.Count; i++)
        {
            result = Math.Max(result, Number(agent, args, i));
        }

        return Value.FromDouble(result);
    }

    [Builtin("Math", "min", Length = 2)]
    public static Value Min(Agent agent, Arguments args)
    {
        double result = double.PositiveInfinity;
        for (int i = 0; i < args.Count; i++)
        {
            result = Math.Min(result, Number(agent, args, i));
        }

        return Value.FromDouble(result);
    }

    [Builtin("Math", "pow", Length = 2)]
    public static Value Pow(Agent agent, Arguments args)
    {
        double x = Number(agent, args);
        return Value.FromDouble(Operators.Power(x, Number(agent, args, 1)));
    }

    [Builtin("Math", "random")]
    public static Value RandomNumber(Agent agent, Arguments args) => Value.FromDoubleUnnormalized(Random.Shared.NextDouble());

    // 21.3.2.28 Math.round
    [Builtin("Math", "round", Length = 1)]
    public static Value Round(Agent agent, Arguments args)
    {
        double x = Number(agent, args);
        double floor = Math.Floor(x);
        double result = x - floor >= 0.5 ? floor + 1 : floor;
        return Value.FromDouble(result == 0 && (x < 0 || double.IsNegative(x)) ? -0.0 : result);
    }

    [Builtin("Math", "sign", Length = 1)]
    public static Value Sign(Agent agent, Arguments args)
    {
        double x = Number(agent, args);
        return Value.FromDouble(x > 0 ? 1 : x < 0 ? -1 : x);
    }

    [Builtin("Math", "sin", Length = 1)]
    public static Value Sin(Agent agent, Arguments args) => Value.FromDouble(Math.Sin(Number(agent, args)));

    [Builtin("Math", "sinh", Length = 1)]
    public static Value Sinh(Agent agent, Arguments args) => Value.FromDouble(Math.Sinh(Number(agent, args)));

    [Builtin("Math", "sqrt", Length = 1)]
    public static Value Sqrt(Agent agent, Arguments args) => Value.FromDouble(Math.Sqrt(Number(agent, args)));

    // 21.3.2.33 Math.sumPrecise
    [Builtin("Math", "sumPrecise", Length = 1)]
    public static Value SumPrecise(Agent agent, Arguments args)
    {
        if (args[0].IsNullOrUndefined)
        {
            throw agent.TypeError(Display.ForMessage(agent, args[0]) + " is not iterable");
        }

        // The exact sum in units of the smallest double.
        BigInteger sum = BigInteger.Zero;
        bool allMinusZero = true;
        double special = 0;
        IteratorRecord record = Iterators.GetIterator(agent, args[0]);
        while (Iterators.StepValue(agent, ref record, out Value item))
        {
            if (!item.IsNumber)
            {
                Iterators.CloseSilently(agent, record);
                throw agent.TypeError(Display.ForMessage(agent, item) + " is not a number");
            }

            double number = item.AsNumber;
            allMinusZero &= number == 0 && double.IsNegative(number);
            if (double.IsFinite(number))
            {
                sum += Units(number);
            }
            else
            {
                special += number;
            }
        }

        return special != 0 ? Value.FromDouble(special) : sum.IsZero ? Value.FromDouble(allMinusZero ? -0.0 : 0) : Value.FromDouble(FromUnits(sum));
    }

    private static BigInteger Units(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = bits & ((1L << 52) - 1);
        BigInteger units = exponent == 0 ? mantissa : (mantissa | (1L << 52)) << (exponent - 1);
        return number < 0 ? -units : units;
    }

    private static double FromUnits(BigInteger units)
    {
        // Rounded to 53 bits first: below that the units are exact even as subnormal numbers.
        BigInteger magnitude = BigInteger.Abs(units);
        int shift = (int)Math.Max(magnitude.GetBitLength() - 53, 0);
        if (shift > 0)
        {
            BigInteger rest = magnitude & ((BigInteger.One << shift) - 1);
            BigInteger half = BigInteger.One << (shift - 1);
            magnitude >>= shift;
            if (rest > half || (rest == half && !magnitude.IsEven))
            {
                magnitude += 1;
            }
        }

        double result = Math.ScaleB((double)(ulong)magnitude, shift - 1074);
        return units.Sign < 0 ? -result : result;
    }

    [Builtin("Math", "tan", Length = 1)]
    public static Value Tan(Agent agent, Arguments args) => Value.FromDouble(Math.Tan(Number(agent, args)));

    [Builtin("Math", "tanh", Length = 1)]
    public static Value Tanh(Agent agent, Arguments args) => Value.FromDouble(Math.Tanh(Number(agent, args)));

    [Builtin("Math", "trunc", Length = 1)]
    public static Value Trunc(Agent agent, Arguments args) => Value.FromDouble(Math.Truncate(Number(agent, args)));
}
