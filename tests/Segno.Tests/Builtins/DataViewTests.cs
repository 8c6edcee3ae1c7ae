using Xunit;

namespace Segno.Tests.Builtins;

/// <summary>DataView: both orders of bytes, all kinds, and buffers that change.</summary>
public sealed class DataViewTests : IDisposable
{
    private readonly Engine _engine = new();

    public DataViewTests() => _engine.Evaluate("""
        var buffer = new ArrayBuffer(16, { maxByteLength: 32 }), view = new DataView(buffer), bytes = new Uint8Array(buffer);
        for (var i = 0; i < 16; i++) bytes[i] = i * 17;
        function text(f) { try { return String(f()); } catch (e) { return e.name; } }
        0
        """);

    public void Dispose() => _engine.Dispose();

    private void Check(string expected, string script) => Assert.Equal(expected, _engine.Evaluate<string>(script));

    [Theory]
    [InlineData("Int8", 9, "-103", "-103")]
    [InlineData("Uint8", 9, "153", "153")]
    [InlineData("Int16", 9, "-26198", "-21863")]
    [InlineData("Uint16", 9, "39338", "43673")]
    [InlineData("Int32", 9, "-1716864052", "-860116327")]
    [InlineData("Uint32", 9, "2578103244", "3434850969")]
    [InlineData("Float16", 9, "-0.002765655517578125", "-0.051544189453125")]
    [InlineData("Float32", 9, "-1.765343857051065e-23", "-98391240")]
    [InlineData("Float64", 8, "-3.1094082976054347e-267", "-1.7340101493005266e+308")]
    [InlineData("Float64", 1, "3.841412024471731e-226", "-7.086876636573014e-268")]
    [InlineData("BigInt64", 8, "-8603657889541918977", "-4822678189205112")]
    [InlineData("BigInt64", 1, "1234605616436508552", "-8613303245920329199")]
    [InlineData("BigUint64", 8, "9843086184167632639", "18441921395520346504")]
    public void BytesAreReadInBothOrders(string kind, int offset, string bigEndian, string littleEndian) =>
        Check(bigEndian + " " + littleEndian, $"[view.get{kind}({offset}), view.get{kind}({offset}, true)].join(' ')");

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        Check("", """
            [['Int8', -5], ['Uint8', 250], ['Int16', -500], ['Uint16', 65000], ['Int32', -70000], ['Uint32', 4e9], ['Float16', 1.5], ['Float32', -2.25], ['Float64', Math.PI], ['BigInt64', -5n], ['BigUint64', 2n ** 63n]]
              .filter(([kind, x]) => [false, true].some(little => { view['set' + kind](3, x, little); const size = parseInt(kind.slice(-2)) / 8 || 1;
                const back = view['get' + kind](3, little), other = view['get' + kind](3, !little); return back !== x || (size > 1 && other === x); })).join()
            """);
        Check("44,-1,NaN,Infinity", "view.setUint8(0, 300); view.setInt8(1, 255); view.setFloat32(4, undefined); view.setFloat16(8, 65520); [view.getUint8(0), view.getInt8(1), view.getFloat32(4), view.getFloat16(8)].join()");
    }

    [Fact]
    public void NoNaNOfBytesGetsIntoAValue()
    {
        _engine.Evaluate("bytes.fill(255); bytes[0] = 0x12; 0");
        Check("NaN NaN NaN NaN", "[view.getFloat64(8), view.getFloat64(0, true), view.getFloat32(4), view.getFloat16(2)].join(' ')");
        Check("true", "var a = [0.5]; a[1] = view.getFloat64(8); bytes.set([0xff, 0xf7, 0xff, 0xff, 0xff, 0xf7, 0xff, 0xff], 8); a[2] = view.getFloat64(8); String(a.length === 3 && 2 in a && a[1] !== a[1] && a[2] !== a[2])");
    }

    [Fact]
    public void IndicesAreChecked()
    {
        Check("RangeError,RangeError,RangeError,RangeError,TypeError", "[() => view.getInt8(16), () => view.getFloat64(9), () => view.getInt8(-1), () => view.setInt32(2 ** 53, 0), () => view.getInt8(Symbol())].map(text).join()");
        Check("0,0", "[view.getInt8(), view.getInt8(NaN)].join()");
        Check("RangeError,RangeError,TypeError,TypeError", "[() => new DataView(buffer, 17), () => new DataView(buffer, 8, 9), () => new DataView(bytes), () => DataView(buffer)].map(text).join()");
    }

    [Fact]
    public void ViewsFollowTheirBuffers()
    {
        _engine.Evaluate("var fixed = new DataView(buffer, 4, 8), tracking = new DataView(buffer, 8); 0");
        Check("8,8", "[fixed.byteLength, tracking.byteLength].join()");
        Check("8,24,0", "buffer.resize(32); [fixed.byteLength, tracking.byteLength, tracking.getInt32(20)].join()");
        Check("TypeError,TypeError,2,TypeError", "buffer.resize(10); [() => fixed.byteLength, () => fixed.getInt8(0), () => tracking.byteLength, () => fixed.byteOffset].map(text).join()");
        Check("TypeError,TypeError", "buffer.resize(7); [() => tracking.byteOffset, () => tracking.setInt8(0, 1)].map(text).join()");
        Check("4,0", "buffer.resize(16); [fixed.byteOffset, tracking.getInt8(7)].join()");
    }

    [Fact]
    public void ConversionsMayTakeTheBufferAway()
    {
        Check("TypeError", "text(() => new DataView(buffer, 8, 8).getInt8({ valueOf() { buffer.resize(12); return 7; } }))");
        Check("RangeError", "text(() => view.setInt32(9, { valueOf() { buffer.resize(12); return 1; } }))");
        Check("TypeError", "text(() => view.setInt8(0, { valueOf() { buffer.transfer(); return 7; } }))");
        Check("TypeError", "text(() => view.byteLength)");
    }
}
