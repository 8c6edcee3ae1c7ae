using Xunit;

namespace Segno.PublicApi;

public sealed class CallbackTests
{
    [Fact]
    public void DelegatesOfCommonShapes()
    {
        using var engine = new Engine();
        var seen = new List<string>();
        engine.SetValue("none", () => seen.Add("none"));
        engine.SetValue("one", (string a) => seen.Add(a));
        engine.SetValue("sum", (double a, double b) => a + b);
        engine.SetValue("join", (string a, int b, bool c) => $"{a}{b}{c}");
        engine.SetValue("raw", (self, arguments) => arguments.Length == 0 ? self : arguments[^1]);
        Assert.Equal("3 x1True", engine.Evaluate<string>("none(); one('first'); sum(1, 2) + ' ' + join('x', 1, true)"));
        Assert.Equal(["none", "first"], seen);
        Assert.Equal("z", engine.Evaluate<string>("raw(1, 'z')"));
        Assert.Equal(5, engine.Evaluate<int>("({ raw, v: 5 }).raw().v"));
        Assert.Equal("TypeError", engine.Evaluate<string>("try { sum('a', 1) } catch (e) { e.name }"));
    }

    [Fact]
    public void CallbacksNest()
    {
        using var engine = new Engine();
        engine.SetValue("down", (int n) => n == 0 ? 0 : engine.Evaluate<int>($"1 + down({n - 1})"));
        Assert.Equal(20, engine.Evaluate<int>("down(20)"));
    }

    [Fact]
    public void AHostExceptionPassesThroughJavaScriptUnchanged()
    {
        using var engine = new Engine();
        var fault = new FormatException("host");
        engine.SetValue("fail", new Action(() => throw fault));
        FormatException caught = Assert.Throws<FormatException>(() => engine.Execute("try { fail(); } catch { globalThis.seen = true; } finally { globalThis.finallyRan = true; }"));
        Assert.Same(fault, caught);
        Assert.True(engine.GetValue("seen").IsUndefined);
        Assert.Equal(2, engine.Evaluate<int>("1 + 1"));
    }

    [Fact]
    public void AJavaScriptExceptionCrossesACallback()
    {
        using var engine = new Engine();
        engine.SetValue("run", (string code) => engine.Evaluate(code));
        Assert.Equal("inner", engine.Evaluate<string>("try { run(\"throw new Error('inner')\") } catch (e) { e.message }"));
        Assert.Equal("SyntaxError", engine.Evaluate<string>("try { run('(') } catch (e) { e.name }"));
    }

    [Fact]
    public void ACallbackThrowsIntoJavaScript()
    {
        using var engine = new Engine();
        engine.SetValue("refuse", (_, _) => throw engine.CreateError("RangeError", "too much"));
        Assert.Equal("RangeError: too much", engine.Evaluate<string>("try { refuse() } catch (e) { String(e) }"));
        JsException error = Assert.Throws<JsException>(() => engine.Execute("refuse()"));
        Assert.Equal("RangeError: too much", error.Message);
    }
}
