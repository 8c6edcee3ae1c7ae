using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.BytecodeCompiler;

/// <summary>Corners of the language that the bytecode compiler once got wrong.</summary>
public sealed class SemanticsTests
{
    [Theory]
    [InlineData("outside,inside", "var f, g; for (let x = 'outside', y = f = () => x; (x = 'inside', !g); ) g = () => x; f() + ',' + g()")]
    [InlineData("0", "(function () { var x = 1; eval(...['x = 0']); return x })()")]
    [InlineData("1", "(function () { var x = 1; eval(...[], ...[]); return x })()")]
    [InlineData("2", "(function () { var x = 1; eval('x = 2', ...[3]); return x })()")]
    [InlineData("|f", "var f, g; (f) = function () {}; g = f.name; f = function () {}; g + '|' + f.name")]
    [InlineData("undefined|42|1", "eval('do { try { 39 } finally { break; } } while (false)') + '|' + eval('do { try { 39 } finally { 42; break; } } while (false)') + '|' + eval('try { 1 } finally { 2 }')")]
    [InlineData("true,7", "class F extends Function { get seven() { return 7 } } var f = new F('a', 'return a'); [f instanceof F, f(f.seven)].join()")]
    public void ItDoesWhatTheSpecificationSays(string expected, string source)
    {
        using var script = new ScriptFixture();
        script.Equal(expected, source);
    }
}
