using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.Runtime;

/// <summary>Which frames the stack of an error has: as in V8, those below what the script called to make it.</summary>
public sealed class StackTraceTests
{
    [Theory]
    [InlineData("Error: x|    at f (test.js:1:23)|    at test.js:2:1", "f().stack")]
    [InlineData("Error: x|    at test.js:2:1", "Error('x').stack")]
    [InlineData("Error: x|    at test.js:2:1", "new (class E extends Error {})('x').stack")]
    [InlineData("TypeError: t|    at cb (test.js:2:40)|    at forEach (native)|    at test.js:2:12", "var s; [1].forEach(function cb() { s = new TypeError('t').stack }); s")]
    [InlineData("Error: d|    at deep (test.js:1:84)|    at deep (test.js:1:70)", "Error.stackTraceLimit = 2; deep(5).stack")]
    [InlineData("Error: d", "Error.stackTraceLimit = 'none'; deep(5).stack")]
    [InlineData("#<Object>|    at outer (test.js:2:27)|    at test.js:2:120", "function outer() { return inner() } function inner() { var o = {}; Error.captureStackTrace(o, inner); return o.stack } outer()")]
    public void TheStackBeginsBelowTheConstructor(string expected, string source)
    {
        using var script = new ScriptFixture();
        Assert.Equal(expected, script.Text("function f() { return new Error('x') } function deep(n) { return n ? deep(n - 1) : new Error('d') }\n" + source).Replace('\n', '|'));
    }
}
