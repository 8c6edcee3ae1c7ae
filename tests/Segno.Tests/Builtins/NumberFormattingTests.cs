using Segno.Builtins;
using Xunit;

namespace Segno.Tests.Builtins;

/// <summary>Texts of numbers; the tables were produced by another engine.</summary>
public class NumberFormattingTests
{
    [Theory]
    [InlineData(0.0, 2, "0.00")]
    [InlineData(1.005, 2, "1.00")]
    [InlineData(0.5, 0, "1")]
    [InlineData(1.5, 0, "2")]
    [InlineData(2.5, 0, "3")]
    [InlineData(-2.5, 0, "-3")]
    [InlineData(123.456, 1, "123.5")]
    [InlineData(100000000000000000000.0, 2, "100000000000000000000.00")]
    [InlineData(0.000001, 7, "0.0000010")]
    [InlineData(-1.45, 1, "-1.4")]
    [InlineData(1.255, 2, "1.25")]
    [InlineData(999.995, 2, "1000.00")]
    [InlineData(double.Epsilon, 3, "0.000")]
    public void ToFixed(double number, int digits, string expected) => Assert.Equal(expected, NumberFormatting.ToFixed(number, digits));

    [Theory]
    [InlineData(0.0, 3, "0.00")]
    [InlineData(123.456, 4, "123.5")]
    [InlineData(0.000123, 2, "0.00012")]
    [InlineData(1e21, 3, "1.00e+21")]
    [InlineData(1e-21, 16, "9.999999999999999e-22")]
    [InlineData(123456.0, 2, "1.2e+5")]
    [InlineData(99.99, 3, "100")]
    [InlineData(1.25, 2, "1.3")]
    [InlineData(1.35, 2, "1.4")]
    [InlineData(double.Epsilon, 5, "4.9407e-324")]
    [InlineData(0.00001, 1, "0.00001")]
    [InlineData(1e-7, 2, "1.0e-7")]
    public void ToPrecision(double number, int precision, string expected) => Assert.Equal(expected, NumberFormatting.ToPrecision(number, precision));

    [Theory]
    [InlineData(0.0, 2, "0.00e+0")]
    [InlineData(123456.0, 2, "1.23e+5")]
    [InlineData(0.00015, 0, "1e-4")]
    [InlineData(-1.5, 3, "-1.500e+0")]
    [InlineData(99999.0, 1, "1.0e+5")]
    [InlineData(1e21, 4, "1.0000e+21")]
    [InlineData(double.Epsilon, 2, "4.94e-324")]
    public void ToExponential(double number, int digits, string expected) => Assert.Equal(expected, NumberFormatting.ToExponential(number, digits));

    [Theory]
    [InlineData(255.0, 16, "ff")]
    [InlineData(-255.0, 16, "-ff")]
    [InlineData(0.5, 2, "0.1")]
    [InlineData(0.1, 2, "0.0001100110011001100110011001100110011001100110011001101")]
    [InlineData(0.1, 3, "0.0022002200220022002200220022002201")]
    [InlineData(0.3333333333333333, 3, "0.1")]
    [InlineData(123.456, 36, "3f.gez4w97ry")]
    [InlineData(4294967296.0, 36, "1z141z4")]
    [InlineData(-7.25, 8, "-7.2")]
    [InlineData(0.000001, 16, "0.000010c6f7a0b5ed8d")]
    [InlineData(1000000000000000.0, 7, "420430421136212506")]
    public void ToRadix(double number, int radix, string expected) => Assert.Equal(expected, NumberFormatting.ToRadix(number, radix));
}
