namespace Segno.Differential.Generation;

/// <summary>Scenes about typed arrays and the buffers below them.</summary>
internal sealed partial class ProgramGenerator
{
    private string TypedKind() =>
        _choice.Pick("Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64", "Float64", "Int32", "Float16") + "Array";

    private string TypedArray() => $"new {TypedKind()}({_choice.Pick("4", "[1, 2, 3]", "[0.5, -1.5, 300, -129]", "[NaN, -0, 4294967295]", "new ArrayBuffer(32, { maxByteLength: 64 })", "new ArrayBuffer(32), 8, 2", "[1e10, -1e10, 255.5, 254.5]")})";

    private string TypedValue() => _choice.Pick(Number(), Int(), Odd(), "-0.5", "255.5", "2147483648", "4294967295", "1e20", "3n", "-1");

    private void TypedElements()
    {
        string f = Name("f");
        Line($"function {f}(a, i, v) {{ {_choice.Pick("a[i] = v;", "a[i] += v;", "a[i]++;", "a[i] = a[i + 1];", "a[i] = a[i] = v;", "a[i] ^= v;", "a[a.length - 1] = v;")} return {_choice.Pick("a[i]", "a", "a[i] + a.length", "[a[i], a[i + 1]]", "a[i] | 0", "a[i] * 0.5", "a[i] >>> 0", "a[a[i] & 1]", "i in a")}; }}");
        string a = Name("a");
        Line($"var {a} = {TypedArray()};");
        Drive(f, $"{f}({_choice.Pick(a, a, TypedArray(), $"i & 1 ? {a} : {TypedArray()}", $"i & 1 ? {a} : [1, 2, 3]")}, i & 1, {_choice.Pick("i", "i * 0.25", "-i", "i * 1e9")})", Some(
            $"{f}({a}, 1, {TypedValue()})",
            $"{f}({a}, 0, {TypedValue()})",
            $"{f}({TypedArray()}, 1, {TypedValue()})",
            $"{f}({TypedArray()}, 0, {Number()})",
            $"{f}({a}, -1, 1)",
            $"{f}({a}, 100, 1)",
            $"{f}({a}, 0.5, 1)",
            $"{f}({a}, '0', 1)",
            $"{f}({a}, '-0', 1)",
            $"{f}({a}, 'length', 1)",
            $"{f}([1, 2, 3], 1, {Number()})",
            $"{f}({a}, 1, {{ valueOf() {{ note('v'); return 3; }} }})",
            $"{f}(new BigInt64Array(3), 1, 5n)",
            $"{f}(Object.create({a}), 1, 7)",
            $"{f}(Object.freeze(new Int8Array(0)), 0, 7)",
            $"{a}.buffer.transfer(); log({f}({a}, 0, 1));"));
    }

    private void TypedLoops()
    {
        string f = Name("f");
        Lines($$"""
            function {{f}}(n, v) {
            const a = {{_choice.Pick($"new {TypedKind()}(n)", $"new {TypedKind()}(new ArrayBuffer(n * 8 + 8), 8, n)", $"new {TypedKind()}(new ArrayBuffer(n * 8, {{ maxByteLength: 800 }}))")}};
            const b = new {{TypedKind()}}({{_choice.Pick("a.buffer", "n", "a")}});
            let s = 0;
            for (let i = 0; i < a.length; i++) {
            a[i] = {{_choice.Pick("i", "i * v", "s", "i - v", "i * 0.7", "-i", "v")}};
            {{_choice.Pick("", "b[i] = a[i];", "b[i >> 1] += a[i];", "b[a[i] & 3]++;", "if (i === 5) note(b);")}}
            s {{_choice.Pick("+=", "^=", "=", "-=")}} {{_choice.Pick("a[i]", "a[i] + b[i]", "a[i] * 3", "a[b[i] & 7]", "a[a.length - 1 - i]")}};
            {{_choice.Pick("", "if (i === 6) a.buffer.transfer();", "if (i === 3) try { a.buffer.resize(8); } catch (e) { note(e); }", "if (i === 7) v = 's';", "if (i === 2) try { a.buffer.resize(80); } catch (e) { note(e); }")}}
            }
            return [s, a.length, b.length, a[n - 1], b[0]];
            }
            """);
        Drive(f, $"{f}({_choice.Pick("8", "i & 15", "20")}, {_choice.Pick("i", "0.5", "-3")})", Some($"{f}(3, 0.5)", $"{f}(9, 1e10)", $"{f}(12, -0)", $"{f}(20, {Odd()})", $"{f}(0, 1)", $"{f}(90, 300)", $"{f}(4, NaN)"));
    }

    /// <summary>The bits of any number, through views of several kinds.</summary>
    private void TypedViews()
    {
        string bits = Name("b");
        string f = Name("f");
        Line($"var {bits} = new ArrayBuffer(16{_choice.Pick("", ", { maxByteLength: 64 }")});");
        Line($"var {bits}w = new Uint32Array({bits}), {bits}d = new Float64Array({bits}), {bits}s = new {TypedKind()}({bits});");
        Line($"function {f}(high, low) {{ {bits}w[0] = low; {bits}w[1] = high; const x = {_choice.Pick($"{bits}d[0]", $"{bits}s[1]", $"{bits}s[{bits}s.length - 1]", $"[{bits}d[0]][0]", $"{{ x: {bits}d[0] }}")}; {_choice.Pick("", $"{bits}d[1] = x;", $"{bits}s[0] = x;")} return [x, {bits}w[{_choice.Pick("0", "1", "2", "3")}], {bits}d.length]; }}");
        Drive(f, $"{f}({_choice.Pick("0x3ff80000 + i, i", "i, i", "0x40000000, 0")})", Some(
            $"{f}(0xfff7ffff, 0xfff7ffff)",
            $"{f}(0xffffffff, 0xffffffff)",
            $"{f}(0xfffc0000, 5)",
            $"{f}(0x7ff00001, 0)",
            $"{f}(0x80000000, 0)",
            $"{f}({Number()}, {Number()})",
            $"{bits}.resize(8); log({f}(0x3ff00000, 0));",
            $"{bits}.resize(64); log({f}(0x3ff00000, 0));",
            $"{bits} = {bits}.transfer(); log({f}(0x3ff00000, 0));"));
    }
}
