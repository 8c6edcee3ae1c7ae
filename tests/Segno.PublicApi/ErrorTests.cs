using Xunit;

namespace Segno.PublicApi;

public sealed class ErrorTests
{
    [Fact]
    public void AnUncaughtErrorTellsItsPlace()
    {
        using var engine = new Engine();
        JsException error = Assert.Throws<JsException>(() => engine.Execute("function f() {\n  throw new TypeError('wrong');\n}\nf();", "place.js"));
        Assert.Equal("TypeError: wrong", error.Message);
        Assert.Equal("place.js", error.SourceName);
        Assert.Equal(2, error.Line);
        Assert.Contains("throw new TypeError('wrong');", error.Excerpt);
        Assert.Contains("at f (place.js:2:", error.JavaScriptStack);
        Assert.Contains("place.js:4:", error.JavaScriptStack);
        Assert.Equal("wrong", error.Value["message"].AsString());
    }

    [Fact]
    public void AnyValueCanBeThrown()
    {
        using var engine = new Engine();
        Assert.Equal(42, Assert.Throws<JsException>(() => engine.Execute("throw 42")).Value.AsNumber());
        Assert.Equal("null", Assert.Throws<JsException>(() => engine.Execute("throw null")).Message);
        Assert.NotEmpty(Assert.Throws<JsException>(() => engine.Execute("throw { toString() { throw 1; } }")).Message);
    }

    [Fact]
    public void ASyntaxErrorIsFoundBeforeAnythingRuns()
    {
        using var engine = new Engine();
        JsSyntaxException error = Assert.Throws<JsSyntaxException>(() => engine.Execute("globalThis.ran = true;\nlet a; let a;", "twice.js"));
        Assert.StartsWith("SyntaxError: ", error.Message);
        Assert.Equal(2, error.Line);
        Assert.Equal(12, error.Column);
        Assert.Contains("^", error.Excerpt);
        Assert.True(engine.GetValue("ran").IsUndefined);
        Assert.Equal("SyntaxError", error.Value["name"].AsString());
    }

    [Fact]
    public void TheSecondThreadIsRefused()
    {
        using var engine = new Engine();
        using var inside = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        engine.SetValue("wait", () =>
        {
            inside.Set();
            done.Wait();
        });
        var thread = new Thread(() => engine.Execute("wait()"));
        thread.Start();
        inside.Wait(TestContext.Current.CancellationToken);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => engine.Evaluate("1"));
        done.Set();
        thread.Join();
        Assert.Contains("thread", error.Message);
        Assert.Equal(1, engine.Evaluate<int>("1"));
    }

    [Fact]
    public void ADisposedEngineIsRefused()
    {
        var engine = new Engine();
        JsValue value = engine.Evaluate("({})");
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Evaluate("1"));
        Assert.Throws<ObjectDisposedException>(() => value["x"]);
        value.Dispose();
    }

    [Fact]
    public void OptionsCheckTheirRanges()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EngineOptions { HeapLimitInBytes = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EngineOptions { Timeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EngineOptions { YoungSpaceLimitInBytes = long.MaxValue });
    }
}
