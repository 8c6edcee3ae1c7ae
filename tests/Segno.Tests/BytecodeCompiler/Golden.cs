using Xunit;

namespace Segno.Tests.BytecodeCompiler;

/// <summary>Compares texts line by line, whatever their last line ends with.</summary>
internal static class Golden
{
    public static void Equal(string expected, string actual) => Assert.Equal(expected.Replace("\r", "").TrimEnd('\n'), actual.TrimEnd('\n'));
}
