namespace Segno.Tests;

using Xunit;

public sealed class SmokeTests
{
    [Fact]
    public void Arithmetic_of_the_host_is_sane() => Assert.Equal(4, 2 + 2);
}
