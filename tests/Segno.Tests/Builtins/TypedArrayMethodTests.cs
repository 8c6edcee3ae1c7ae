using Xunit;

namespace Segno.Tests.Builtins;

/// <summary>Methods of %TypedArray%.prototype: what they make of bytes, and of buffers that change while they run.</summary>
public sealed class TypedArrayMethodTests : IDisposable
{
    /// <summary>
    /// The constructors, a view on 8 elements of a buffer that can shrink and grow, and Float64 elements with the bits of all kinds of NaN.
    /// </summary>
    private const string Setup = """
        var kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array];
        var buffer = new ArrayBuffer(8, { maxByteLength: 16 }), view = new Uint8Array(buffer);
        for (var i = 0; i < 8; i++) view[i] = i + 1;
        function resizing(length, result) { return { valueOf() { buffer.resize(length); return result; } }; }
        function text(f) { try { return String(f()); } catch (e) { return e.name; } }
        var nans = new Float64Array(4), bits = new BigUint64Array(nans.buffer);
        bits[0] = 0xfff7fffffff7ffffn; bits[1] = 0xffffffffffffffffn; bits[2] = 0x7ff0000000000001n; bits[3] = 0xfffe000000001234n;
        """;

    private readonly Engine _engine = new();

    public TypedArrayMethodTests() => _engine.Evaluate(Setup + "0");

    public void Dispose() => _engine.Dispose();

    private void Check(string expected, string script) => Assert.Equal(expected, _engine.Evaluate<string>(script));

    [Fact]
    public void NumbersAreSortedByValueInAllKinds() =>
        Check("true", "String(kinds.every(K => { const a = K.from({ length: 300 }, (_, i) => i * 7919 % 251); const b = Array.from(a).sort((x, y) => x - y); return String(a.toSorted()) == b && String(a.sort()) == b; }))");

    [Fact]
    public void SignedZeroAndNaNHaveTheirPlacesInTheOrder()
    {
        foreach (string kind in new[] { "Float16Array", "Float32Array", "Float64Array" })
        {
            Check("-Infinity,-2,-1,-0,0,1,2,Infinity,NaN", $"Array.from(new {kind}([NaN, 2, 0, -1, Infinity, -0, 1, -2, -Infinity]).sort(), x => Object.is(x, -0) ? '-0' : String(x)).join()");
        }
    }

    [Fact]
    public void SortedBigIntsAreSignedOrNot()
    {
        Check("-9223372036854775808,-1,0,5", "String(new BigInt64Array([5n, -1n, 0n, 1n << 63n]).sort())");
        Check("0,5,9223372036854775808,18446744073709551615", "String(new BigUint64Array([5n, -1n, 0n, 1n << 63n]).sort())");
    }

    [Theory]
    [InlineData("Int32Array", "(i * 7919 % n) - n / 2")]
    [InlineData("Float64Array", "i % 3 ? -i : i / 7")]
    [InlineData("Float32Array", "Math.min(i, n - i)")]
    [InlineData("Uint8Array", "7")]
    public void LongArraysAreSortedInParts(string kind, string element) => Check("true true", $$"""
        var n = 1500000, a = new {{kind}}(n), before = 0, after = 0, ascends = true;
        for (let i = 0; i < n; i++) { a[i] = {{element}}; before ^= a[i] * 8; }
        a.sort();
        for (let i = 0; i < n; i++) { after ^= a[i] * 8; ascends &&= i === 0 || a[i - 1] <= a[i]; }
        ascends + ' ' + (before === after)
        """);

    [Fact]
    public void NoNaNOfBytesGetsIntoAValue()
    {
        Check("NaN,NaN,NaN,NaN", "nans.join()");
        Check("NaN NaN NaN NaN", "[nans.at(0), nans.find(x => x !== 1), nans.findLast(x => true), nans.reduce(x => x)].join(' ')");
        Check("true 4", "var all = [...nans]; all.push(1.5); all.pop(); all.every(Number.isNaN) + ' ' + all.length");
        Check("true", "String([...new Float32Array(new Uint32Array([0xffffffff, 0x7f800001]).buffer)].every(Number.isNaN) && [...new Float16Array(new Uint16Array([0xffff, 0x7c01]).buffer)].every(Number.isNaN))");
    }

    [Fact]
    public void AllWaysWriteTheSameNaN() => Check("7fc00000,7ff8000000000000,7e00", """
        function bitsOf(Bits, ...arrays) { return [...new Set(arrays.flatMap(a => [...new Bits(a.buffer)].map(x => x.toString(16))))].join(); }
        function made(K) {
          const values = [NaN, -NaN, -(0 / 0), undefined], one = new K(4), two = new K(4), three = new K(4);
          one.set([-NaN, NaN, , -(0 / 0)]); two.set(nans); values.forEach((x, i) => { three[i] = x; });
          return [one, two, three, new K(values), K.from([...nans, -NaN]), one.map((x, i) => values[i]), K === Float64Array ? one : new K(nans), new K(1).fill(-NaN), one.with(1, -NaN)];
        }
        [bitsOf(Uint32Array, ...made(Float32Array)), bitsOf(BigUint64Array, ...made(Float64Array).toSpliced(1, 1)), bitsOf(Uint16Array, ...made(Float16Array))].join()
        """);

    [Fact]
    public void SearchesKnowNaNAndZeros()
    {
        Check("true -1 -1", "[nans.includes(NaN), nans.indexOf(NaN), nans.lastIndexOf(NaN)].join(' ')");
        Check("true 0 1", "var zeros = new Float32Array([0, -0]); [zeros.includes(-0), zeros.indexOf(-0), zeros.lastIndexOf(0)].join(' ')");
    }

    [Fact]
    public void WhatAKindCannotHoldIsNotFound()
    {
        Check("-1 -1 -1 1", "var bytes = new Uint8Array([255, 1, 0]); [bytes.indexOf(-1), bytes.indexOf(256), bytes.indexOf(0.5), bytes.indexOf(1)].join(' ')");
        Check("false false false", "[bytes.includes(NaN), bytes.includes('1'), bytes.includes(1n)].join(' ')");
        Check("-1 0", "var floats = new Float32Array([Math.fround(0.1), Infinity]); [floats.indexOf(0.1), floats.indexOf(Math.fround(0.1))].join(' ')");
        Check("-1 1", "[floats.indexOf(1e300), floats.indexOf(Infinity)].join(' ')");
        Check("-1 0 0 -1", "var big = new BigInt64Array([-1n]); [big.indexOf(2n ** 64n - 1n), big.indexOf(-1n), new BigUint64Array([-1n]).indexOf(2n ** 64n - 1n), big.indexOf(-1)].join(' ')");
    }

    [Theory]
    [InlineData("view.fill(9, 0, resizing(4, 8)), view", "9,9,9,9")]
    [InlineData("view.fill(9, 6, resizing(4, 8)), view", "1,2,3,4")]
    [InlineData("view.copyWithin(0, 4, resizing(6, 8))", "5,6,3,4,5,6")]
    [InlineData("view.copyWithin(4, 0, resizing(6, 8))", "1,2,3,4,1,2")]
    [InlineData("view.slice(0, resizing(4, 8))", "1,2,3,4,0,0,0,0")]
    [InlineData("view.with(resizing(4, 0), 9)", "9,2,3,4,0,0,0,0")]
    [InlineData("view.with(7, resizing(4, 9))", "RangeError")]
    [InlineData("view.subarray(resizing(4, 2))", "3,4")]
    [InlineData("view.at(resizing(4, 6))", "undefined")]
    [InlineData("view.includes(8, resizing(4, 0))", "false")]
    [InlineData("view.includes(undefined, resizing(4, 0))", "true")]
    [InlineData("view.indexOf(undefined, resizing(4, 0))", "-1")]
    [InlineData("view.lastIndexOf(8, resizing(4, 7))", "-1")]
    [InlineData("view.join({ toString() { buffer.resize(4); return '-'; } })", "1-2-3-4----")]
    [InlineData("view.set([7, resizing(4, 8), 9, 10], 2), view", "1,2,7,8")]
    [InlineData("view.sort((x, y) => { buffer.resize(4); return y - x; })", "8,7,6,5")]
    [InlineData("view.map(x => { buffer.resize(4); return x; })", "1,2,3,4,0,0,0,0")]
    [InlineData("view.filter((x, i) => { buffer.resize(4); return i < 6; })", "1,2,3,4,0,0")]
    [InlineData("view.reduce((x, y) => { buffer.resize(4); return x + ' ' + y; })", "1 2 3 4 undefined undefined undefined undefined")]
    [InlineData("new Uint8Array(buffer, 0, 8).fill(9, 0, resizing(4, 8))", "TypeError")]
    [InlineData("new Uint8Array(buffer, 0, 8).slice(0, resizing(4, 8))", "TypeError")]
    [InlineData("var it = new Uint8Array(buffer, 0, 8).values(); it.next(); buffer.resize(4); it.next()", "TypeError")]
    public void BuffersShrinkUnderTheMethods(string script, string expected) => Check(expected, $"text(() => {{ {Returning(script)} }})");

    [Theory]
    [InlineData("view.fill(9, 6, resizing(16, 8)), view", "1,2,3,4,5,6,9,9,0,0,0,0,0,0,0,0")]
    [InlineData("view.copyWithin(2, 0, resizing(16, 8))", "1,2,1,2,3,4,5,6,0,0,0,0,0,0,0,0")]
    [InlineData("view.slice(4, resizing(16, 12))", "5,6,7,8")]
    [InlineData("view.with(12, resizing(16, 9))", "1,2,3,4,5,6,7,8")]
    [InlineData("view.with(-1, resizing(16, 9))", "1,2,3,4,5,6,7,9")]
    [InlineData("view.indexOf(0, resizing(16, 0))", "-1")]
    [InlineData("view.map(x => { buffer.resize(16); return x; })", "1,2,3,4,5,6,7,8")]
    [InlineData("view.sort((x, y) => { buffer.resize(16); return y - x; })", "8,7,6,5,4,3,2,1,0,0,0,0,0,0,0,0")]
    [InlineData("var it = view.values(); it.next(); buffer.resize(10); [...it]", "2,3,4,5,6,7,8,0,0")]
    public void BuffersGrowUnderTheMethods(string script, string expected) => Check(expected, $"text(() => {{ {Returning(script)} }})");

    /// <summary>The script with its last expression returned.</summary>
    private static string Returning(string script)
    {
        int last = script.StartsWith("var", StringComparison.Ordinal) ? script.LastIndexOf("; ", StringComparison.Ordinal) + 2 : 0;
        return string.Concat(script.AsSpan(0, last), "return ", script.AsSpan(last));
    }

    [Fact]
    public void DetachedArraysHaveNoMethods()
    {
        _engine.Evaluate("var gone = new Int16Array(4), walks = gone.values(); gone.buffer.transfer(); 0");
        Check("", """
            ['at', 'copyWithin', 'entries', 'every', 'fill', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'forEach', 'includes', 'indexOf', 'join', 'keys', 'lastIndexOf',
             'map', 'reduce', 'reduceRight', 'reverse', 'set', 'slice', 'some', 'sort', 'toLocaleString', 'toReversed', 'toSorted', 'values', 'with'].filter(name => text(() => gone[name](gone.sort)) != 'TypeError').join()
            """);
        Check("TypeError,undefined,TypeError,0", "text(() => walks.next()) + ',' + walks.next().value + ',' + text(() => [...gone]) + ',' + gone.length");
    }

    [Fact]
    public void SetTakesArraysOfAllKinds()
    {
        Check("true", "String(kinds.every(K => kinds.every(L => { const a = new K(3); a.set(new L([1, 2, 3])); return a == '1,2,3'; })))");
        Check("0,1,0,2.5,3,0", "var f = new Float64Array(6); f.set([1, , 2.5, '3'], 1); f[2] = 0; String(f)");
        Check("TypeError,TypeError,RangeError,RangeError", "[() => new Int8Array(2).set(new BigInt64Array(1)), () => new BigInt64Array(2).set([1]), () => f.set([1, 2], 5), () => f.set([], -1)].map(text).join()");
    }

    [Fact]
    public void BytesOfTheSameBufferAreReadBeforeTheyAreWritten()
    {
        Check("1,1,2,3,4,5,6,7", "view.set(view.subarray(0, 7), 1); String(view)");
        Check("1,1,1,2,2,3,3,4", "var same = new ArrayBuffer(8), low = new Uint8Array(same), wide = new Uint16Array(same); low.set([1, 2, 3, 4]); wide.set(low.subarray(0, 4)); low.set(wide, 0); low.set([1, 1, 1, 2, 2, 3, 3, 4]); String(low)");
        Check("10,20,30,40", "wide.set([0, 0, 0, 0]); low.set([10, 20, 30, 40]); wide.set(low.subarray(0, 4)); String(wide)");
    }

    [Fact]
    public void SpeciesMayReturnAViewOfTheSameBytes()
    {
        // Byte after byte, so that what was written is read again.
        Check("1,1,1,1,1,1,1,8", "view.constructor = { [Symbol.species]: function () { return new Uint8Array(buffer, 1); } }; view.slice(0, 6); String(view)");
        Check("TypeError", "view.constructor = { [Symbol.species]: function () { return new Uint8Array(2); } }; text(() => view.slice(0, 6))");
        Check("TypeError", "view.constructor = { [Symbol.species]: BigInt64Array }; text(() => view.map(x => x))");
    }

    [Fact]
    public void ArrayMethodsTakeTypedArraysAsAnyOtherObject()
    {
        Check("2,4", "String([].map.call(new Uint8Array([1, 2]), x => x * 2))");
        Check("0 1 2 3", "var seen = []; [].forEach.call(view, (x, i) => { seen.push(i); if (i == 3) buffer.resize(4); }); seen.join(' ')");
        Check("true", "String(Uint8Array.prototype.toString === Array.prototype.toString && Uint8Array.prototype[Symbol.iterator] === Uint8Array.prototype.values)");
    }
}
