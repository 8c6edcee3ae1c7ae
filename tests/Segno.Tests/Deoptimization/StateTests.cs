using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>Registers, accumulator, arguments and context are exact wherever code is left: every program in every mode.</summary>
public sealed class StateTests
{
    [Theory]
    // A known comparison is a boolean, not 1.
    [InlineData("function f(o) { var p = o; return [p === o, p !== o, o == null]; } var r = ''; for (var i = 0; i < 9; i++) r += f({}); r")]
    // A way that the backend folds gives its phis no input.
    [InlineData("function f(a) { var k = 3, r; if (k > 2 && a === a) r = a; else r = -1; var s = (k & 1) ? r : 'no'; return s + k; } var r = ''; for (var i = 0; i < 9; i++) r += f(i); r")]
    // The input of a conversion that only a phi reads, and of another branch.
    [InlineData("function f(a, b) { var r = b; for (var i = 0; i < 6; i++) { if (i < 4) { var t = b >> -i; if (i > 2) { r = t; } else { r = { t }.t; } } } return r; } var s = 0; for (var i = 0; i < 9; i++) s += f(i, i * 99); s")]
    // Values in all representations across a loop, a poll and a guard.
    [InlineData("function f(n, o) { var d = 0.5, u = 0, b = false, s = '', i = 0; for (; i < n; i++) { d = d * 1.5; u = (u - i) >>> 0; b = d > u; s += b; o.k = o.k + i; } return [d, u, b, s, o.k, i].join(); } var r = ''; for (var i = 0; i < 6; i++) r += f(i * 5, { k: i }); r")]
    // Fewer and more arguments than parameters, reassigned.
    [InlineData("function f(a, b, c) { a = a + 1; var t = c; c = b; b = t; for (var i = 0; i < 3; i++) { a += i; } return [a, b, c].map(String).join(); } var r = ''; for (var i = 0; i < 9; i++) r += f(i) + f(i, 2) + f(i, 2, 3) + f(i, 2, 3, 4) + ';'; r")]
    // Inlined calls with too few and too many arguments, the receiver and new.
    [InlineData("function P(x, y) { this.x = x; this.y = y; } P.prototype.sum = function (k, l) { return this.x + (this.y | 0) + k + (l === undefined ? 1 : l); }; function f(i) { var p = new P(i), q = new P(i, 2, 3); return p.sum(i) + q.sum(i, 2, 3); } var s = 0; for (var i = 0; i < 20; i++) s += f(i); s")]
    // Exceptions out of inlined frames into handlers of this and of inlined frames.
    [InlineData("function t(x) { if (x % 3 === 0) throw { x }; return x; } function g(x) { try { return t(x) + 1; } catch (e) { return e.x * 100; } finally { log += 'f'; } } function f(n) { var s = 0, k = 'k'; for (var i = 0; i < n; i++) { try { s += g(i) + t(i); } catch (e) { s -= e.x; k += i; } } return s + k; } var log = ''; var r = ''; for (var i = 0; i < 6; i++) r += f(i * 3) + ';'; r + log")]
    // Each round of a loop has a context of its own.
    [InlineData("function f(n) { var fs = []; for (let i = 0; i < n; i++) { let j = i * 2; fs.push(() => i++ + j++); } return fs.map(g => g() + g()).join(); } var r = ''; for (var i = 0; i < 8; i++) r += f(i) + ';'; r")]
    // Minus zero, NaN, infinities and unsigned numbers.
    [InlineData("function f(a, b) { return [a * b, -a, a % b, a / b, (a - b) >>> 0, a >>> b, Math.floor(a / b), Math.max(a, b)].map(v => Object.is(v, -0) ? '-0' : String(v)).join(); } var v = [0, 1, -1, 5, -7, 2147483647, -2147483648, 0.5, -0, NaN, 1 / 0]; var r = ''; for (var i = 0; i < v.length; i++) for (var j = 0; j < v.length; j++) r += f(v[i], v[j]) + ';'; r")]
    // Holes that a prototype fills.
    [InlineData("function f(a, i) { return a[i]; } var a = [1, , 3]; var r = ''; for (var i = 0; i < 12; i++) r += f(a, i % 4) + ','; Array.prototype[1] = 'p'; for (var i = 0; i < 12; i++) r += f(a, i % 4) + ','; delete Array.prototype[1]; r")]
    // Literals are made afresh, however often they are written to.
    [InlineData("function f(i) { var a = [1, 2, 3], o = { k: [4], l: { m: 1 } }; a[i % 3] += i; o.k[0]++; o.l.m += i; return a.join() + o.k + o.l.m; } var r = ''; for (var i = 0; i < 12; i++) r += f(i) + ';'; r")]
    [InlineData("function f(a) { switch (a) { case 0: return 'a'; case 1: case 2: a += 1; case 3: a = a + 'x'; break; case 's': return 's'; case 7: return -a; default: a = [a]; } return a; } var r = ''; for (var i = 0; i < 30; i++) r += f(i % 9) + ','; r + f('s') + f(1.5)")]
    // Growing arrays from one kind of elements to the next.
    [InlineData("function f(v) { var a = []; for (var i = 0; i < 9; i++) a[i] = i < 3 ? i : i < 6 ? i + 0.5 : v; for (var i = 12; i > 8; i--) a[i] = i; return a.join(); } var r = ''; for (var i = 0; i < 6; i++) r += f({}) + f('s') + ';'; r")]
    // Objects that nobody else sees, in frames that are left.
    [InlineData("function V(x, y) { this.x = x; this.y = y; } function add(a, b) { return new V(a.x + b.x, a.y + b.y); } function f(n) { var v = new V(0, 0.5); for (var i = 0; i < n; i++) { var w = new V(i, v.x); v = add(v, w); if (i === 7) v.z = w; } return v.x + ',' + v.y + ',' + (v.z && v.z.y); } var r = ''; for (var i = 0; i < 12; i++) r += f(i) + ';'; r")]
    // The end of the stack is an error like others.
    [InlineData("function f(n) { return 1 + f(n + 1) + n; } var r = ''; for (var i = 0; i < 3; i++) { try { f(0); } catch (e) { r += e instanceof RangeError; } } r")]
    [InlineData("var o = { get g() { return this.k; }, set g(v) { this.k = v; }, k: 1 }; function f(o, i) { o.g = o.g + i; delete o.z; o['z' + i % 2] = i; return i in o ? 1 : o.g; } var s = ''; for (var i = 0; i < 15; i++) s += f(o, i) + ','; s")]
    [InlineData("function f() { var s = 0; for (var i = 0; i < 5; i++) { for (var j = i; j < 5; j++) { if (j === 3) continue; for (var k = 0; k < 3; k++) { if (k > i) break; s = s * 3 + k | 0; } s += j; } } return s; } var r = ''; for (var i = 0; i < 6; i++) r += f() + ','; r")]
    [InlineData("function f(a, b) { var c = a; a = b; b = c; if (a > 3) { a = b + 0.25; } var d = a && b, e = a || b, g = a ?? b; return [a, b, c, d, e, g, typeof a, !a].join(); } var r = ''; for (var i = 0; i < 14; i++) r += f(i, 6 - i) + f(i, null) + ';'; r")]
    public void Exact(string program) => Programs.SameEverywhere(program);
}
