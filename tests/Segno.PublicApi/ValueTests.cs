using System.Numerics;
using Xunit;

namespace Segno.PublicApi;

public sealed class ValueTests
{
    [Theory]
    [InlineData("undefined", JsValueKind.Undefined, "undefined")]
    [InlineData("null", JsValueKind.Null, "null")]
    [InlineData("1 < 2", JsValueKind.Boolean, "true")]
    [InlineData("6 * 7", JsValueKind.Number, "42")]
    [InlineData("0.1 + 0.2", JsValueKind.Number, "0.30000000000000004")]
    [InlineData("'a' + 'ä' + '\\u{1F600}'", JsValueKind.String, "aä😀")]
    [InlineData("[1, [2, 3]]", JsValueKind.Object, "1,2,3")]
    [InlineData("({})", JsValueKind.Object, "[object Object]")]
    [InlineData("Symbol('s')", JsValueKind.Symbol, "Symbol(s)")]
    [InlineData("2n ** 70n", JsValueKind.BigInt, "1180591620717411303424")]
    [InlineData("(function f() {})", JsValueKind.Function, "function f() {}")]
    public void KindsAndText(string code, JsValueKind kind, string text)
    {
        using var engine = new Engine();
        JsValue value = engine.Evaluate(code);
        Assert.Equal(kind, value.Kind);
        Assert.Equal(text, value.ToString());
    }

    [Fact]
    public void Conversions()
    {
        using var engine = new Engine();
        Assert.Equal(7, engine.Evaluate<int>("3 + 4"));
        Assert.Equal(2.5, engine.Evaluate<double>("5 / 2"));
        Assert.True(engine.Evaluate<bool>("!0"));
        Assert.Equal("ab", engine.Evaluate<string>("'a' + 'b'"));
        Assert.Null(engine.Evaluate<string>("null"));
        Assert.Null(engine.Evaluate<int?>("undefined"));
        Assert.Equal(new BigInteger(12), engine.Evaluate<BigInteger>("12n"));
        Assert.Equal(3d, engine.Evaluate<object>("3"));
        Assert.Throws<InvalidCastException>(() => engine.Evaluate<int>("1.5"));
        Assert.Throws<InvalidCastException>(() => engine.Evaluate<byte>("300"));
        Assert.Throws<InvalidCastException>(() => engine.Evaluate<string>("({})"));
        Assert.Throws<InvalidOperationException>(() => engine.Evaluate("'x'").AsNumber());
        Assert.Equal(16, ((JsValue)" 0x10 ").ToNumber());
    }

    [Fact]
    public void PropertiesAndCalls()
    {
        using var engine = new Engine();
        JsValue target = engine.Evaluate("({ a: 1, b: [10, 20], add(x) { return this.a + x; }, set c(v) { this.a = v * 2; } })");
        Assert.Equal(1, target["a"].AsNumber());
        Assert.Equal(20, target["b"][1].AsNumber());
        Assert.True(target["b"].IsArray);
        Assert.True(target["missing"].IsUndefined);
        Assert.Equal(6, target.InvokeMethod("add", 5).AsNumber());
        target["c"] = 4;
        Assert.Equal(8, target["a"].AsNumber());
        target["b"][3] = "end";
        Assert.Equal("10,20,,end", target["b"].ToString());
        Assert.Equal(["a", "b", "add", "c"], target.GetKeys());
        JsValue constructor = engine.Evaluate("(class Point { constructor(x) { this.x = x; } })");
        Assert.Equal(9, constructor.Construct(9)["x"].AsNumber());
        Assert.Throws<JsException>(() => constructor.Invoke(1));
        Assert.Throws<InvalidOperationException>(() => target.Invoke());
    }

    [Fact]
    public void GlobalBindings()
    {
        using var engine = new Engine();
        engine.Execute("var v = 1; let l = 2; const c = 3; function f(x) { return x * l; }");
        Assert.Equal(1, engine.GetValue("v").AsNumber());
        Assert.Equal(2, engine.GetValue("l").AsNumber());
        Assert.Equal(3, engine.GetValue("c").AsNumber());
        Assert.True(engine.GetValue("nothing").IsUndefined);
        Assert.Equal(8, engine.Invoke("f", 4).AsNumber());
        engine.SetValue("text", "given");
        Assert.Equal("given!", engine.Evaluate<string>("text + '!'"));
        Assert.Throws<InvalidOperationException>(() => engine.Invoke("nothing"));
    }

    [Fact]
    public void ValuesOutliveCollections()
    {
        using var engine = new Engine();
        JsValue kept = engine.Evaluate("({ list: [1, 2, { deep: 'yes' }] })");
        for (int i = 0; i < 5; i++)
        {
            engine.Execute("for (let i = 0; i < 100000; i++) ({ i });");
            engine.CollectGarbage();
        }

        Assert.Equal("yes", kept["list"][2]["deep"].AsString());
    }

    [Fact]
    public void ValuesOfAnotherEngineAreRefused()
    {
        using var one = new Engine();
        using var two = new Engine();
        JsValue value = one.Evaluate("({})");
        Assert.Throws<InvalidOperationException>(() => two.SetValue("x", value));
        two.SetValue("y", JsValue.FromNumber(1));
        Assert.Equal(1, two.GetValue("y").AsNumber());
    }
}
