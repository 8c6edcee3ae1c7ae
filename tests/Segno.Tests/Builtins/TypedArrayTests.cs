using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.Builtins;

/// <summary>Array buffers and typed arrays: what their constructors make and refuse, and what becomes of views when their buffers change.</summary>
public sealed class TypedArrayTests
{
    private static string Run(string code)
    {
        using var engine = new Engine();
        return engine.Evaluate(code).ToString();
    }

    [Theory]
    [InlineData("new Int8Array().length", "0")]
    [InlineData("var a = new Int16Array(3); a.length + ' ' + a.byteLength + ' ' + a.byteOffset + ' ' + a[2]", "3 6 0 0")]
    [InlineData("var a = new Float32Array([1, '2', null, undefined]); a[0] + a[1] + ' ' + a[2] + ' ' + a[3]", "3 0 NaN")]
    [InlineData("var a = new Uint8Array({ length: 2, 0: 257, 1: -1 }); a[0] + ' ' + a[1]", "1 255")]
    [InlineData("var a = new Uint8Array(new Set([1, 2, 3])); a.length + ' ' + a[2]", "3 3")]
    [InlineData("var a = new Uint8ClampedArray(new Float64Array([1.5, 2.5, 300, -3, NaN])); Object.values(a).join()", "2,2,255,0,0")]
    [InlineData("var b = new ArrayBuffer(8); var a = new Int16Array(b, 2, 2); a.length + ' ' + a.byteOffset + ' ' + (a.buffer === b)", "2 2 true")]
    [InlineData("var a = new Int32Array(4); a.buffer === a.buffer && a.buffer.byteLength === 16 && new Int32Array(a).buffer !== a.buffer", "true")]
    [InlineData("Object.values(Int16Array.of(1, 70000, '3')).join()", "1,4464,3")]
    [InlineData("Object.values(Float64Array.from([1, 2], function (x, i) { return x * this.k + i }, { k: 10 })).join()", "10,21")]
    [InlineData("class A extends Uint8Array { get twice() { return this.length * 2 } } var a = new A(3); a.twice + ' ' + A.from([1]).constructor.name + ' ' + Object.prototype.toString.call(a)", "6 A [object Uint8Array]")]
    [InlineData("Int8Array.BYTES_PER_ELEMENT + Float64Array.prototype.BYTES_PER_ELEMENT + ' ' + Int8Array.name + Int8Array.length", "9 Int8Array3")]
    [InlineData("Object.getPrototypeOf(Int8Array) === Object.getPrototypeOf(BigInt64Array) && Object.getPrototypeOf(Int8Array).name", "TypedArray")]
    [InlineData("ArrayBuffer.isView(new Int8Array) + ' ' + ArrayBuffer.isView([]) + ' ' + ArrayBuffer.isView(new ArrayBuffer(1))", "true false false")]
    [InlineData("var b = new Uint8Array([1, 2, 3, 4]).buffer.slice(1, -1); var v = new Uint8Array(b); v.length + ' ' + v[0] + v[1]", "2 23")]
    [InlineData("var h = new Float16Array([1 / 3, 65519, 65520, 5.960464477539063e-8, 1.00048828125, 1.000488281251]); Object.values(h).join()", "0.333251953125,65504,Infinity,5.960464477539063e-8,1,1.0009765625")]
    public void Constructors(string code, string expected) => Assert.Equal(expected, Run(code));

    [Theory]
    [InlineData("Int8Array(1)", "TypeError: Constructor Int8Array requires 'new'")]
    [InlineData("new (Object.getPrototypeOf(Int8Array))", "TypeError: Abstract class TypedArray not directly constructable")]
    [InlineData("new Int8Array(-1)", "RangeError: Invalid typed array length: -1")]
    [InlineData("new Int8Array(2 ** 40)", "RangeError: Invalid typed array length: 1099511627776")]
    [InlineData("new Int16Array(new ArrayBuffer(4), 1)", "RangeError: start offset of Int16Array should be a multiple of 2")]
    [InlineData("new Int16Array(new ArrayBuffer(3))", "RangeError: byte length of Int16Array should be a multiple of 2")]
    [InlineData("new Int16Array(new ArrayBuffer(4), 8)", "RangeError: Start offset 8 is outside the bounds of the buffer")]
    [InlineData("new Int16Array(new ArrayBuffer(4), 2, 2)", "RangeError: Invalid typed array length: 2")]
    [InlineData("new BigInt64Array(new Int8Array(1))", "TypeError: Cannot mix BigInt and other types, use explicit conversions")]
    [InlineData("new BigInt64Array([1])", "TypeError: Cannot convert 1 to a BigInt")]
    [InlineData("var b = new ArrayBuffer(4); b.transfer(); new Int8Array(b)", "TypeError: Cannot perform Construct on a detached ArrayBuffer")]
    [InlineData("new ArrayBuffer(8, { maxByteLength: 4 })", "RangeError: Invalid array buffer max length")]
    [InlineData("new ArrayBuffer(2 ** 50)", "RangeError: Array buffer allocation failed")]
    [InlineData("new ArrayBuffer(1).resize(1)", "TypeError: Method ArrayBuffer.prototype.resize called on incompatible receiver #<ArrayBuffer>")]
    [InlineData("Int8Array.from.call(Object, [])", "TypeError: this is not a typed array.")]
    public void Refusals(string code, string expected) => Assert.Equal(expected, Run($"try {{ {code} }} catch (e) {{ String(e) }}"));

    /// <summary>What the heap has no room for is refused, and the script goes on.</summary>
    [Fact]
    public void LargeBuffersAreRefusedWhereTheHeapIsFull()
    {
        using var engine = new Engine(new EngineOptions { HeapLimitInBytes = 32 << 20 });
        Assert.Equal("RangeError", engine.Evaluate("try { new ArrayBuffer(64 << 20) } catch (e) { e.name }").ToString());
        Assert.Equal("RangeError", engine.Evaluate("var kept = []; try { for (;;) kept.push(new Uint8Array(4 << 20)) } catch (e) { e.name }").ToString());
        Assert.Equal("4194304", engine.Evaluate("kept = null; String(new Uint8Array(4 << 20).length)").ToString());
    }

    /// <summary>Short ones are ordinary objects.</summary>
    [Fact]
    public void ManySmallOnesReachTheHeapLimit()
    {
        using var engine = new Engine(new EngineOptions { HeapLimitInBytes = 32 << 20 });
        Assert.Throws<MemoryLimitException>(() => engine.Execute("var kept = []; for (;;) kept.push(new Uint8Array(1000))"));
    }

    /// <summary>Bytes move like any object; views stay in step while the collector runs at each few allocations.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void ViewsFollowTheirBuffers(int gcInterval)
    {
        using var script = new ScriptFixture(gcInterval);
        script.Equal("4,1,2 2,1,0 9,1,6 0,0,0", """
            (function () {
                var b = new ArrayBuffer(16, { maxByteLength: 64 });
                var views = [new Int32Array(b), new Int32Array(b, 4, 1), new Int16Array(b, 12)], log = [];
                function note() { log.push(views.map(v => v.length).join()); }
                note();
                b.resize(8); note();
                b.resize(36); views[0][8] = 7; views.push({ length: 6 }); views.pop();
                log.push([views[0].length, views[1].length, views[2].length / 2].join());
                b.transfer(); note();
                return log.join(' ');
            })()
            """);
    }

    [Fact]
    public void DetachingOnTheWayOfAStoreIsSeen() => Assert.Equal("undefined 0 7", Run("""
        var a = new Int32Array(8), moved;
        a[3] = { valueOf() { moved = a.buffer.transfer(); new Int32Array(moved)[0] = 7; return 5 } };
        a[3] + ' ' + a.length + ' ' + new Int32Array(moved)[0]
        """));
}
