using Segno.Layouts;
using Segno.Tests.Objects;
using Xunit;

namespace Segno.Tests.Layouts;

/// <summary>The encoding of values (D2).</summary>
public sealed class ValueTests
{
    private static readonly double[] s_doubles =
    [
        0.5, -0.5, -0.0, 1.5, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity,
        2147483648, -2147483649, 4294967295, 9007199254740991, 1e-300, BitConverter.UInt64BitsToDouble(0x7FEF_FFFF_FFFF_FFFF),
        BitConverter.UInt64BitsToDouble(1), BitConverter.UInt64BitsToDouble(0x000F_FFFF_FFFF_FFFF),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void IntegersComeBack(int number)
    {
        Value value = Value.FromInt32(number);
        Assert.True(value.IsSmi);
        Assert.Equal(number, value.AsInt32);
        Assert.Equal(number, value.AsNumber);
        Assert.True(Value.FromDouble(number) == value);
        Assert.True(Value.FromInt64(number) == value);
        OnlySmi(value);
    }

    [Fact]
    public void DoublesComeBack()
    {
        foreach (double number in s_doubles)
        {
            Value value = Value.FromDouble(number);
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(value.AsDouble));
            Assert.Equal(number, value.AsNumber);
            OnlyDouble(value);
        }
    }

    [Fact]
    public void RandomBitsAreNumbersOfTheirOwn()
    {
        var random = new Random(20_261);
        for (int i = 0; i < 200_000; i++)
        {
            ulong bits = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            double number = BitConverter.UInt64BitsToDouble(bits);
            Value value = Value.FromDouble(number);
            Assert.True(value.IsNumber);
            Assert.False(value.IsCell);
            Assert.Equal(number, value.AsNumber);
        }
    }

    [Theory]
    [InlineData(0x7FF8_0000_0000_0000UL)]
    [InlineData(0xFFF8_0000_0000_0000UL)]
    [InlineData(0x7FF0_0000_0000_0001UL)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0xFFFE_0000_0000_0001UL)]
    [InlineData(0xFFF7_FFFF_FFF7_FFFFUL)]
    [InlineData(0x7FFF_FFFF_FFFF_FFFFUL)]
    public void EveryNaNIsTheCanonicalOne(ulong bits)
    {
        Value value = Value.FromDouble(BitConverter.UInt64BitsToDouble(bits));
        Assert.True(value == Value.NaN);
        Assert.True(Value.FromDoubleUnnormalized(BitConverter.UInt64BitsToDouble(bits)) == Value.NaN);
        Assert.Equal(Value.CanonicalNaN, BitConverter.DoubleToUInt64Bits(value.AsDouble));
        OnlyDouble(value);
    }

    [Fact]
    public void IntegersOutsideOfTheRangeAreDoubles()
    {
        OnlyDouble(Value.FromUInt32(2147483648));
        OnlySmi(Value.FromUInt32(int.MaxValue));
        OnlyDouble(Value.FromUInt32(uint.MaxValue));
        OnlyDouble(Value.FromInt64(1L << 40));
        OnlyDouble(Value.FromInt64(int.MinValue - 1L));
        OnlyDouble(Value.FromDouble(-0.0));
        Assert.True(double.IsNegative(Value.FromDouble(-0.0).AsNumber));
        // Without normalization a double stays one.
        OnlyDouble(Value.FromDoubleUnnormalized(1));
        Assert.Equal(1, Value.FromDoubleUnnormalized(1).AsNumber);
    }

    [Fact]
    public void SingletonsAreThemselvesAlone()
    {
        ulong[] bits =
        [
            Value.NullBits, Value.FalseBits, Value.TrueBits, Value.UndefinedBits, Value.HoleBits, Value.ExceptionBits, Value.ClearedBits,
            Value.MaterializeBits, Value.AbsentBits, Value.DeletedBits,
        ];
        Assert.Equal(bits.Length, bits.Distinct().Count());
        foreach (ulong b in bits)
        {
            var value = new Value(b);
            Assert.False(value.IsNumber);
            Assert.False(value.IsSmi);
            Assert.False(value.IsDouble);
            Assert.False(value.IsCell);
            Assert.False(value.IsString);
            Assert.False(value.IsReceiver);
            Assert.False(value.IsName);
            Assert.False(value.IsBigInt);
            Assert.False(value.IsSymbol);
            Assert.Equal(b == Value.NullBits, value.IsNull);
            Assert.Equal(b == Value.UndefinedBits, value.IsUndefined);
            Assert.Equal(b is Value.NullBits or Value.UndefinedBits, value.IsNullOrUndefined);
            Assert.Equal(b == Value.TrueBits, value.IsTrue);
            Assert.Equal(b == Value.FalseBits, value.IsFalse);
            Assert.Equal(b is Value.TrueBits or Value.FalseBits, value.IsBoolean);
            Assert.Equal(b == Value.HoleBits, value.IsHole);
            Assert.Equal(b == Value.ExceptionBits, value.IsException);
            Assert.Equal(b == Value.AbsentBits, value.IsAbsent);
            Assert.Equal(b == Value.DeletedBits, value.IsDeleted);
            Assert.Equal(b == Value.ClearedBits, value.IsCleared);
        }

        Assert.True(Value.FromBoolean(true).IsTrue);
        Assert.True(Value.FromBoolean(false).IsFalse);
        Assert.True(Value.Undefined.IsUndefined && Value.Null.IsNull && Value.Hole.IsHole && Value.Exception.IsException);
        Assert.True(Value.Cleared.IsCleared && Value.Absent.IsAbsent && Value.Deleted.IsDeleted);
    }

    [Fact]
    public void CellsAreAddresses()
    {
        using var heap = new HeapFixture();
        Value text = heap.Agent.NewString("text");
        Value symbol = heap.Agent.NewSymbol(Value.Undefined, default);
        Value big = heap.Agent.NewBigInt(System.Numerics.BigInteger.One);
        Value obj = heap.NewObject();
        Value map = new JSObject(obj.Bits).Map;
        Is(text, isString: true, isName: true);
        Is(symbol, isSymbol: true, isName: true);
        Is(big, isBigInt: true);
        Is(obj, isReceiver: true);
        Is(map);
        Assert.Equal(InstanceType.JSObject, obj.InstanceType);
    }

    private static void Is(Value value, bool isString = false, bool isSymbol = false, bool isName = false, bool isBigInt = false, bool isReceiver = false)
    {
        Assert.True(value.IsCell);
        Assert.False(value.IsNumber);
        Assert.False(value.IsNullOrUndefined);
        Assert.False(value.IsBoolean);
        Assert.Equal(value.Bits, value.Address);
        Assert.Equal(0UL, value.Address & 7);
        Assert.Equal(0UL, value.Address >> 48);
        Assert.Equal(isString, value.IsString);
        Assert.Equal(isSymbol, value.IsSymbol);
        Assert.Equal(isName, value.IsName);
        Assert.Equal(isBigInt, value.IsBigInt);
        Assert.Equal(isReceiver, value.IsReceiver);
    }

    private static void OnlySmi(Value value)
    {
        Assert.True(value.IsSmi && value.IsNumber);
        Assert.False(value.IsDouble || value.IsCell || value.IsBoolean || value.IsNullOrUndefined || value.IsHole);
    }

    private static void OnlyDouble(Value value)
    {
        Assert.True(value.IsDouble && value.IsNumber);
        Assert.False(value.IsSmi || value.IsCell || value.IsBoolean || value.IsNullOrUndefined || value.IsHole);
    }
}
