using Xunit;

namespace Segno.PublicApi;

/// <summary>Programs that want to bring down their host. Each ends in an error; its engine and a second one live on.</summary>
public sealed class KillTests
{
    private const long SmallHeap = 64L << 20;

    public static TheoryData<string> Recursions => new(
        "function f() { f(); } f();",
        "function f(a, b, c) { return 1 + f(b, c, a); } f(1, 2, 3);",
        "const o = { get x() { return this.x; } }; o.x;",
        "const o = { set x(v) { this.x = v; } }; o.x = 1;",
        "const o = { toString() { return '' + this; } }; '' + o;",
        "const o = { valueOf() { return +this; } }; +o;",
        "function c(a, b) { return [3, 2, 1].sort(c)[0]; } [3, 2, 1].sort(c);",
        "class A { constructor() { new A(); } } new A();",
        "class A { x = new A(); } new A();",
        "const f = (...a) => f(...a, 1); f();",
        "function f() { [1].forEach(f); } f();",
        "function f() { try { f(); } catch (e) { throw e; } finally { 1; } } f();",
        "let o = {}; o[Symbol.toPrimitive] = () => o + 1; o + 1;",
        "function* unused() {} const it = { [Symbol.iterator]() { return [...this]; } }; [...it];");

    public static TheoryData<string> MemoryHogs => new(
        "const a = []; for (;;) a.push({});",
        "const a = []; for (;;) a.push(1.5);",
        "let s = 'x'; const kept = []; for (let i = 0; ; i++) kept.push((s + i).repeat(1000));",
        "let rope = 'start of the rope'; for (let i = 0; ; i++) { rope = rope + 'more of the rope'; if (rope.length > 500000000) { globalThis.kept = [globalThis.kept, rope]; rope = 'again and again'; } }",
        "let f = () => 0; for (;;) { const g = f; f = () => g; }",
        "let list = null; for (;;) list = { list };",
        "const o = {}; for (let i = 0; ; i++) o['key' + i] = i;",
        "function f(n) { const o = { n }; return () => o; } const all = []; for (let i = 0; ; i++) all.push(f(i));");

    [Fact]
    public void AnEndlessLoopIsCancelled()
    {
        AssertSurvives(new EngineOptions(), engine =>
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            OperationCanceledException error = Assert.Throws<OperationCanceledException>(() => engine.Execute("for (;;) {}", null, source.Token));
            Assert.Equal(source.Token, error.CancellationToken);
        });
    }

    [Theory]
    [InlineData("for (;;) {}")]
    [InlineData("while (true) try { for (;;) {} } catch {} finally { for (;;) {} }")]
    [InlineData("function f() { return 1; } do { f(); } while (true)")]
    [InlineData("for (let i = 0; ; i++) [1, 2, 3].sort(() => { for (;;) {} })")]
    [InlineData("const o = { get x() { for (;;); } }; o.x")]
    [InlineData("[1].forEach(() => { for (;;); })")]
    public void AnEndlessLoopTimesOut(string code) =>
        AssertSurvives(new EngineOptions { Timeout = TimeSpan.FromMilliseconds(150) }, engine => Assert.Throws<TimeoutException>(() => engine.Execute(code)));

    [Fact]
    public void ALateCancellationDoesNotEndTheNextCall()
    {
        using var engine = new Engine();
        for (int i = 0; i < 200; i++)
        {
            using var source = new CancellationTokenSource();
            engine.Execute("1", null, source.Token);
            source.Cancel();
            Assert.Equal(3, engine.Evaluate<int>("let s = 0; for (let i = 0; i < 3; i++) s++; s".Replace("let s", "var s", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void ATokenOfTheOptionsEndsEachCall()
    {
        using var source = new CancellationTokenSource();
        using var engine = new Engine(new EngineOptions { CancellationToken = source.Token });
        Assert.Equal(1, engine.Evaluate<int>("1"));
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => engine.Execute("for (;;) {}"));
        Assert.Throws<OperationCanceledException>(() => engine.Execute("for (;;) {}"));
    }

    [Fact]
    public void ACallbackThatSwallowsTheCancellationDoesNotSaveItsScript()
    {
        using var engine = new Engine(new EngineOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        engine.SetValue("swallow", () =>
        {
            try
            {
                engine.Execute("for (;;) {}");
            }
            catch (TimeoutException)
            {
            }
        });
        Assert.Throws<TimeoutException>(() => engine.Execute("swallow(); for (;;) {}"));
    }

    [Theory]
    [MemberData(nameof(Recursions))]
    public void UnboundedRecursionIsARangeError(string code) => AssertSurvives(new EngineOptions(), engine =>
    {
        JsException error = Assert.Throws<JsException>(() => engine.Execute(code));
        Assert.StartsWith("RangeError", error.Message);
        Assert.Equal("RangeError", engine.Evaluate<string>($"try {{ (() => {{ {code} }})() }} catch (e) {{ e.name }}"));
    });

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("({ a: ", "})")]
    [InlineData("(() => ", ")")]
    [InlineData("{", "}")]
    [InlineData("!", "")]
    [InlineData("a ? b : ", "")]
    [InlineData("function f() {", "}")]
    [InlineData("`${", "}`")]
    [InlineData("new ", "")]
    public void DeeplyNestedSyntaxIsAnError(string open, string close) => AssertSurvives(new EngineOptions(), engine =>
    {
        const int Depth = 100_000;
        string code = string.Concat(Enumerable.Repeat(open, Depth)) + "1" + string.Concat(Enumerable.Repeat(close, Depth));
        Assert.ThrowsAny<JsException>(() => engine.Execute(code));
    });

    [Fact]
    public void LongChainsOfOperatorsAreNoNesting()
    {
        using var engine = new Engine();
        Assert.Equal(5_000, engine.Evaluate<int>(string.Join("+", Enumerable.Repeat("1", 5_000))));
    }

    [Theory]
    [MemberData(nameof(MemoryHogs))]
    public void UnboundedMemoryIsARefusal(string code) => AssertSurvives(new EngineOptions { HeapLimitInBytes = SmallHeap }, engine =>
    {
        MemoryLimitException error = Assert.Throws<MemoryLimitException>(() => engine.Execute("(() => { " + code + " })()"));
        Assert.Equal(SmallHeap, error.LimitInBytes);
        engine.Execute("globalThis.kept = undefined");
        engine.CollectGarbage();
    });

    [Theory]
    [InlineData("'x'.repeat(2 ** 30)", "RangeError")]
    [InlineData("let s = 'abcdefgh'; for (;;) s += s;", "RangeError")]
    [InlineData("new Array(-1)", "RangeError")]
    [InlineData("[].length = 2 ** 32", "RangeError")]
    public void TooLargeIsARangeError(string code, string expected) => AssertSurvives(new EngineOptions(), engine =>
        Assert.StartsWith(expected, Assert.Throws<JsException>(() => engine.Execute(code)).Message));

    private static void AssertSurvives(EngineOptions options, Action<Engine> attack)
    {
        using var victim = new Engine(options);
        using var other = new Engine();
        other.Execute("var witness = { alive: [1, 2, 3] };");
        attack(victim);
        foreach (Engine engine in new[] { victim, other })
        {
            Assert.Equal(45, engine.Evaluate<int>("(() => { let s = 0; for (const x of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) s += x; return s; })()"));
        }

        Assert.Equal("1,2,3", other.Evaluate("witness.alive").ToString());
        using var third = new Engine();
        Assert.Equal("ok", third.Evaluate<string>("'o' + 'k'"));
    }
}
