using System.Globalization;
using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.Realms;

/// <summary>What scripts leave behind goes away with the last that needs it.</summary>
public sealed class LifetimeTests
{
    /// <summary>Words on the stack may keep a few objects of the last runs.</summary>
    private const int Slack = 60;

    [Fact]
    public void SourcesGoWithTheirScripts()
    {
        using var script = new ScriptFixture();
        script.Run("var kept;");
        Repeat(script, 20);
        int before = Collect(script).Agent.Sources.Count;
        Repeat(script, 300);
        int full = script.Agent.Sources.Count;
        int after = Collect(script).Agent.Sources.Count;
        Assert.True(full - before > 1500, $"{before} -> {full}");
        Assert.InRange(after, 1, before + Slack);
        script.Equal("299 of kept", "kept()");
        script.Equal("function kept_299() { return eval('with ({}) { value }') + ' of kept'; }", "kept.toString()");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Repeat(ScriptFixture script, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            script.Run($$"""
                (function() {
                    var value = {{number}};
                    function other(a) { return eval("a + 1"); }
                    other(1);
                    kept = function kept_{{number}}() { return eval('with ({}) { value }') + ' of kept'; };
                })()
                """);
        }
    }

    [Fact]
    public void EvalCodeKeepsTheScopesOfItsCaller()
    {
        using var script = new ScriptFixture();
        script.Run("var f; (function() { var hidden = 'seen'; f = eval('(function() { return eval(\"hidden\"); })'); })()");
        for (int i = 0; i < 20; i++)
        {
            Collect(script).Run("(function() { var other = 1; eval('other'); })()");
        }

        script.Equal("seen", "f()");
    }

    [Fact]
    public void FeedbackDoesNotKeepMaps()
    {
        using var script = new ScriptFixture();
        script.Run("var functions = [];");
        MakeShapes(script, 10);
        long before = Maps(Collect(script));
        MakeShapes(script, 200);
        long full = Maps(script);
        long after = Maps(Collect(script));
        Assert.True(full - before > 600, $"{before} -> {full}");
        Assert.InRange(after, 1, before + Slack);
        // The functions learn again.
        script.Equal("210,3", "functions.length + ',' + functions.reduce((sum, f) => Math.max(sum, f({ q: 1 })), 0)");
    }

    /// <summary>Functions that stay, each with its own feedback, and objects of shapes of their own that do not: loads, stores that add, prototypes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeShapes(ScriptFixture script, int count)
    {
        for (int i = 0; i < count; i++)
        {
            script.Run("""
                functions.push((function() { return function f(o) { o.added = 1; o.more = 1; return o.added + o.more + (o.q ?? o.inherited); }; })());
                (function() { for (let i = 0; i < 2; i++) functions.at(-1)(Object.create({ inherited: 2 })); })()
                """);
        }
    }

    [Theory]
    [InlineData("", "undefined,undefined,undefined")]
    [InlineData("b", "undefined,2,undefined")]
    [InlineData("a,c", "1,undefined,3")]
    public void APolymorphicSlotKeepsTheLiving(string living, string expected)
    {
        using var script = new ScriptFixture();
        script.Run("function read(o) { return o.x; } var objects = { }; var get = (name) => name in objects ? read(objects[name]) : undefined;");
        script.Run("""
            (function() {
                objects.a = Object.create({}); objects.a.x = 1;
                objects.b = Object.create({}); objects.b.x = 2;
                objects.c = Object.create({}); objects.c.x = 3;
                for (let i = 0; i < 3; i++) for (const name in objects) read(objects[name]);
            })()
            """);
        foreach (string name in (string[])["a", "b", "c"])
        {
            if (!living.Contains(name, StringComparison.Ordinal))
            {
                script.Run("delete objects." + name);
            }
        }

        for (int i = 0; i < 3; i++)
        {
            Collect(script).Run("(function() { return read({ x: 5 }) + read({ y: 1, x: 6 }); })()");
        }

        script.Equal(expected, "[...['a', 'b', 'c'].map(get)].map(String).join()");
        script.Equal("7,8,9,10,11", "[read({ x: 7 }), read({ z: 0, x: 8 }), read({ w: 0, x: 9 }), read({ v: 0, x: 10 }), read({ x: 11 })].join()");
    }

    private static ScriptFixture Collect(ScriptFixture script)
    {
        script.Agent.Heap.Collect(CollectionKind.Full);
        script.Agent.Heap.Collect(CollectionKind.Full);
        return script;
    }

    private static long Maps(ScriptFixture script) => HeapStatistics.Capture(script.Agent.Heap.Heap).ObjectsOf(InstanceType.Map);
}
