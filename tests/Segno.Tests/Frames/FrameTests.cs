using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Xunit;

namespace Segno.Tests.Frames;

/// <summary>Machine frames as the walker sees them, exceptions through them, collections under them.</summary>
public sealed unsafe class FrameTests
{
    [Fact]
    public void TheWalkerFindsEveryFrame()
    {
        using var script = new ScriptFixture();
        var seen = new List<string>();
        script.Define("probe", (agent, _, _) =>
        {
            for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
            {
                StackFrame frame = walker.Current;
                if (frame.Kind == FrameKind.Interpreted)
                {
                    Value name = frame.Function.Shared.Name;
                    seen.Add(new JSString(name.Bits).ToClrString() + "/" + frame.ArgumentCount + "/" + (frame.ArgumentSlots - 1));
                    Assert.InRange(frame.BytecodeOffset, 0, frame.Bytecode.Length - 1);
                }
                else
                {
                    seen.Add(frame.Kind.ToString());
                }
            }

            return Value.Undefined;
        });
        script.Run("""
            function none() { return probe(); }
            function more(a, b, c) { return none(1, 2); }
            function less(a) { return more(1); }
            less();
            """);
        Assert.Equal(["Exit", "Builtin", "none/2/2", "more/1/3", "less/0/1", "/0/0", "Entry"], seen);
    }

    [Fact]
    public void TheWalkerCrossesFramesOfTheHost()
    {
        using var script = new ScriptFixture();
        int depth = 0;
        int entries = 0;
        script.Define("probe", (agent, _, arguments) =>
        {
            if (depth++ < 3)
            {
                return ObjectOperations.Call(agent, arguments[0], Value.Undefined);
            }

            for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
            {
                entries += walker.Current.Kind == FrameKind.Entry ? 1 : 0;
            }

            return Value.FromInt32(42);
        });
        script.Equal("42", "function f() { return probe(f); } f()");
        Assert.Equal(4, entries);
    }

    [Fact]
    public void ArgumentsArriveWhateverTheirNumber()
    {
        using var script = new ScriptFixture();
        script.Equal("1,,|1,2,|1,2,3|1,2,3|,,", """
            function f(a, b, c) { return [a, b, c].join(); }
            [f(1), f(1, 2), f(1, 2, 3), f(1, 2, 3, 4, 5), f()].join("|");
            """);
        script.Equal("0,1,5,3", "function n() { return arguments.length; } [n(), n(1), n(1, 2, 3, 4, 5), n.call(0, 1, 2, 3)].join()");
        script.Equal("3,4|", "function r(a, b, ...c) { return c.join(); } r(1, 2, 3, 4) + '|' + r(1)");
    }

    [Fact]
    public void ExceptionsUnwindToTheInnermostHandler()
    {
        using var script = new ScriptFixture();
        script.Equal("inner1,finally,outer2", """
            const log = [];
            function thrower(x) { throw x; }
            function middle() {
              try { thrower(1); } catch (e) { log.push("inner" + e); thrower(2); } finally { log.push("finally"); }
            }
            try { middle(); } catch (e) { log.push("outer" + e); }
            log.join();
            """);
        script.Equal("throws 5", "thrower(5)");
        // After an exception the engine goes on.
        script.Equal("6", "let r; try { thrower(6) } catch (e) { r = e } r");
    }

    [Fact]
    public void ExceptionsCrossTheHost()
    {
        using var script = new ScriptFixture();
        script.Define("call", static (agent, _, arguments) => ObjectOperations.Call(agent, arguments[0], Value.Undefined));
        script.Equal("caught 7", "try { call(() => call(() => { throw 7 })) } catch (e) { 'caught ' + e }");
        script.Equal("throws 8", "call(() => { throw 8 })");
        script.Equal("9", "call(() => { try { call(() => { throw 9 }) } catch (e) { return e } })");
    }

    [Fact]
    public void AHandlerRestoresTheContext()
    {
        using var script = new ScriptFixture();
        script.Equal("1", """
            function f() {
              let x = 1;
              const get = () => x;
              try { let y = 2; const other = () => y; { let z = 3; (() => z)(); throw other; } } catch (e) { let w = 4; (() => w)(); }
              return get();
            }
            f()
            """);
    }

    [Fact]
    public void JumpsOutOfATryLeaveItsGuard()
    {
        using var script = new ScriptFixture();
        script.Run("""
            function iterable(log) {
              return { [Symbol.iterator]() { return { next() { return { value: 1, done: false } }, return() { log.push("close"); throw "closing" } } } };
            }
            """);
        // The iterator is closed outside of the try in its loop: what that throws is not caught there.
        script.Equal("throws closing", "(function () { for (const x of iterable([])) { try { return 1 } catch { return 'caught' } } })()");
        script.Equal("throws closing", "(function () { for (const x of iterable([])) { try { break } catch { return 'caught' } } })()");
        script.Equal("close", "const log = []; try { (function () { for (const x of iterable(log)) { try { return 1 } catch { } } })() } catch { } log.join()");
        script.Equal("outer", "(function () { try { for (const x of iterable([])) { try { return 1 } catch { return 'caught' } } } catch { return 'outer' } })()");
        // What a derived constructor may return is checked after its try is left.
        script.Equal("throws TypeError: Derived constructors may only return object or undefined",
            "new (class extends Object { constructor() { super(); try { return 1 } catch { return {} } } })");
    }

    [Fact]
    public void FunctionsOfEvalCloseOverItsLexicalDeclarations()
    {
        using var script = new ScriptFixture();
        script.Equal("85", "eval('let foo = 42; const kay = 43; function evaluated() { return foo + kay; }'); evaluated()");
    }

    [Fact]
    public void PushedElementsAreWhereIndexingFindsThem()
    {
        using var script = new ScriptFixture();
        script.Equal("0,1,2,0.5,x", "const pushed = []; for (let i = 0; i < 3; i++) pushed.push(i); pushed.push(0.5); pushed.push('x'); pushed.join()");
        script.Equal("5000,4999,1.5", "const many = []; for (let i = 0; i < 5000; i++) many.push(i); const d = [0.5]; d.push(1.5); [many.length, many[4999], d[1]].join()");
    }

    [Fact]
    public void RunawayRecursionIsARangeError()
    {
        using var script = new ScriptFixture();
        script.Equal("RangeError", "function f() { return f() + 1 } try { f() } catch (e) { e.constructor.name }");
        script.Equal("RangeError", "try { f() } catch (e) { e.constructor.name }");
        script.Equal("RangeError", "const o = { get x() { return this.x } }; try { o.x } catch (e) { e.constructor.name }");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CollectionsFindWhatFramesHold(int gcInterval)
    {
        using var script = new ScriptFixture(gcInterval);
        script.Equal("abc0abc1abc2|6|{\"a\":[1,{\"b\":2}]}|10", """
            function make(i) { const s = "abc" + i; return { s, n: i + 1, get() { return this.s + ""; } }; }
            function use(a, b, ...rest) { let t = a.get() + b.get(); for (const r of rest) t += r.get(); return t; }
            const first = use(make(0), make(1), make(2));
            let sum = 0;
            for (const { n } of [make(0), make(1), make(2)]) sum += n;
            let caught = 0;
            for (let i = 0; i < 5; i++) try { throw { v: i } } catch ({ v }) { caught += v }
            [first, sum, JSON.stringify({ a: [1, { b: 2 }] }), caught].join("|");
            """);
    }
}
