using System.Globalization;
using Segno.Base;
using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.Operations;

/// <summary>Numbers that become text in machine code: the operator + and templates.</summary>
public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void ConcatenationsAndTemplatesWriteTheShortestText(int gcInterval)
    {
        using var script = new ScriptFixture(gcInterval);
        script.Run("""
            function left(n) { return n + "<"; }
            function right(n) { return ">" + n; }
            function long(n) { return "a text of some length, then " + n; }
            function template(n) { return `${n}`; }
            """);
        foreach (double number in Numbers())
        {
            string source = number.ToString("R", CultureInfo.InvariantCulture);
            string text = NumberText.ToText(number);
            script.Equal($"{text}< >{text} {text} a text of some length, then {text}", $"left({source}) + ' ' + right({source}) + ' ' + template({source}) + ' ' + long({source})");
        }
    }

    [Fact]
    public void ManyNumbersThroughOneCache()
    {
        using var script = new ScriptFixture();
        long expected = 0;
        for (int round = 0; round < 2; round++)
        {
            for (int i = -5000; i < 5000; i++)
            {
                expected += ("n" + i.ToString(CultureInfo.InvariantCulture)).Length + NumberText.ToText(i / 4.0).Length;
            }
        }

        script.Equal(expected.ToString(CultureInfo.InvariantCulture), """
            let sum = 0;
            for (let round = 0; round < 2; round++) for (let i = -5000; i < 5000; i++) {
              const text = "n" + i;
              if (+text.slice(1) !== i) throw text;
              const quarter = `${i / 4}`;
              if (+quarter !== i / 4) throw quarter;
              sum += text.length + quarter.length;
            }
            sum;
            """);
    }

    private static IEnumerable<double> Numbers()
    {
        for (int bit = 0; bit < 32; bit++)
        {
            yield return 1L << bit;
            yield return -(1L << bit);
            yield return (1L << bit) - 1;
        }

        for (double power = 1; power < 1e23; power *= 10)
        {
            yield return power;
            yield return power - 1;
            yield return -power;
        }

        foreach (double number in (double[])[0.1, -0.0, 1.5, 1e-7, 123456789.125, double.MaxValue, double.Epsilon])
        {
            yield return number;
        }
    }
}
