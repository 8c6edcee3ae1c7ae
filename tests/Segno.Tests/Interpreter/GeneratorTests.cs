using Segno.Objects;
using Segno.Tests.Frames;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Interpreter;

/// <summary>Frames of generators: out of the stack and back, in every tier, through collections and abrupt ends.</summary>
public sealed class GeneratorTests
{
    /// <summary>Parameters, locals, temporaries of an expression, a block context and a handler, all live across the suspension.</summary>
    private const string Everything = """
        function* g(p, q) {
            let local = p + 1;
            try {
                for (let i = 0; i < 2; i++) {
                    const read = () => i;
                    local = [local, q, yield read() + p, read()].join('.');
                    p = local;
                }
            } catch (e) { yield 'caught ' + e; } finally { yield 'finally'; }
            return local;
        }
        """;

    [Theory]
    [InlineData(nameof(TierSelection.InterpreterOnly))]
    [InlineData(nameof(TierSelection.BaselineOnly))]
    [InlineData(nameof(TierSelection.All))]
    public void AFrameComesBackAsItWas(string tiers)
    {
        using var script = new ScriptFixture(tiering: new TieringOptions { Selection = Enum.Parse<TierSelection>(tiers) });
        script.Run(Everything);
        script.Equal("1|12.2.a.0|finally|2.2.a.0.2.b.1|true", """
            var it = g(1, 2), r = [it.next().value];
            r.push(it.next('a').value, it.next('b').value);
            var last = it.next(); r.push(last.value, last.done); r.join('|')
            """);
    }

    [Fact]
    public void AnExceptionThrownInGoesToTheHandlerOfTheFrame()
    {
        using var script = new ScriptFixture();
        script.Run(Everything);
        script.Equal("caught x|finally|true", "var it = g(1, 2); it.next(); var r = [it.throw('x').value, it.next().value]; r.push(it.next().done); r.join('|')");
    }

    [Fact]
    public void AReturnRunsTheFinallyBlocksAndClosesThePattern()
    {
        using var script = new ScriptFixture();
        script.Run(Everything);
        script.Equal("finally|7|true", "var it = g(1, 2); it.next(); var r = [it.return(7).value]; var last = it.next(); r.push(last.value, last.done); r.join('|')");
        script.Equal("closed|8", """
            var log = [], x, from = { [Symbol.iterator]() { return { next() { return { done: false } }, return() { log.push('closed'); return {} } } } };
            function* p() { [x = yield 1] = from }
            var it = p(); it.next(); log.push(it.return(8).value); log.join('|')
            """);
    }

    [Fact]
    public void ARunningGeneratorRefusesToBeResumedAndGoesOn()
    {
        using var script = new ScriptFixture();
        script.Equal("TypeError: Generator is already running|2", "var log = []; function* g() { try { it.next() } catch (e) { log.push(e) } yield 2 } var it = g(); log.push(it.next().value); log.join('|')");
    }

    [Fact]
    public void WhatIsNoGeneratorIsRefused()
    {
        using var script = new ScriptFixture();
        script.Equal("TypeError: next method called on incompatible receiver #<Object>", "function* g() {} var r; try { g.prototype.next.call({}) } catch (e) { r = String(e) } r");
        script.Equal("TypeError: g is not a constructor", "try { new g() } catch (e) { r = String(e) } r");
    }

    [Fact]
    public void AnUncaughtExceptionEndsTheGenerator()
    {
        using var script = new ScriptFixture();
        script.Equal("out|true", "function* g() { yield 1; throw 'out' } var it = g(), r; it.next(); try { it.next() } catch (e) { r = e } r + '|' + it.next().done");
    }

    [Fact]
    public void EndlessDelegationIsARangeError()
    {
        using var script = new ScriptFixture();
        script.Equal("true", "function* g() { yield* g() } var r; try { g().next() } catch (e) { r = e instanceof RangeError } r");
    }

    /// <summary>Its frame is on no stack when the collector runs: the generator object holds what it needs, and nothing after its end.</summary>
    [Fact]
    public void ASuspendedFrameSurvivesCollections()
    {
        using var script = new ScriptFixture(natives: true);
        script.Run("function* g(o) { const l = { v: 1 }; for (let i = 0; ; i++) { const c = () => i; yield o.v + l.v + c() } } var it = g({ v: 40 }); var r = [it.next().value]");
        for (int i = 0; i < 3; i++)
        {
            script.Run("%CollectGarbage(1); r.push(it.next().value); %SimulateNewspaceFull(); r.push(it.next().value)");
        }

        script.Equal("41,42,43,44,45,46,47", "%HeapObjectVerify(it); r.join()");
    }

    [Fact]
    public void TheNativeTellsTheFunction()
    {
        using var script = new ScriptFixture(natives: true);
        script.Equal("true", "function* g() {} %GeneratorGetFunction(g()) === g");
        script.Equal("TypeError: Argument 1 of %GeneratorGetFunction is not a generator", "var r; try { %GeneratorGetFunction({}) } catch (e) { r = String(e) } r");
    }

    [Fact]
    public void ATerminationEndsTheGeneratorToo()
    {
        using var engine = new Engine(new EngineOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        Assert.Throws<TimeoutException>(() => engine.Evaluate("function* g() { try { for (;;) ; } finally { yield 'never' } } var it = g(); it.next()"));
        Assert.True(engine.Evaluate<bool>("it.next().done"));
    }

    /// <summary>A switch at its entry leads into its loops: the optimizing compiler leaves it to the tiers below.</summary>
    [Fact]
    public void ItsFunctionStaysInBaselineCode()
    {
        using var script = new ScriptFixture(tiering: new TieringOptions(), natives: true, compilers: new CompilerOptions());
        script.Run("function* g(n) { for (let i = 0; i < n; i++) yield i } function sum(n) { let s = 0; for (const v of g(n)) s += v; return s }");
        script.Equal("499500", "%OptimizeFunctionOnNextCall(g); sum(1000)");
        script.Equal("0", "%GetOptimizationStatus(g) & 16");
    }
}
