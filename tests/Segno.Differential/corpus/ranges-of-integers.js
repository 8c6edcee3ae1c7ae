// What conditions and loops say of integers, and the ends of what they say: overflow of counters, wrap-around, minus zero, lengths that change.
function up(from, to, step) { var n = 0, last = from; for (var i = from; i <= to; i += step) { n++; last = i; if (n > 40) break; } return n + ':' + last + ':' + i; }
function down(from, to) { var s = 0; for (var i = from; i >= to; i--) { s += i % 3; if (i < to + 1 || s > 500) s -= 1; } return s + ':' + i; }
function both(n) { var i = 0, s = ''; while (i < n) { s += i; i++; if (i === 3) i -= 7; if (i === -2) i = 5; } return s + i; }
function shared(i, limit) { var a = 0; if (i < limit) a = i + 1; else a = (i + 1) | 0; return [a, (i + 1) | 0, (i + 1) >>> 0, a < 0].join(); }
function product(i, k) { if (i >= 0) return 1 / (i * k); return 1 / (k * i); }
function remainder(i, d) { if (i < 0) return 1 / (i % d); if (d > 0) return i % d; return 1 / (i % -d); }
function half(i) { return i / 2 + 1; }
function quarter(i) { return (i / 4) | 0; }
function eighth(i) { return 1 / (i / 8); }
function triangle(i, j) { var d = i + j; return d * (d + 1) / 2 + i + 1; }
function inner(a) { var s = 0; for (var i = 0; i < a.length; i++) for (var j = i; j < a.length; j++) { s += a[j] - a[i]; if (s > 1000) a.length = 2; } return s + ':' + a.length; }
function grows(a) { for (var i = 0; i < a.length; i++) { if (i < 4) a.push(a[i] * 2); if (i > 60) break; } return a.join(); }
function shrinks(a) { var s = 0; for (var i = 0, n = a.length; i < n; i++) { if (i === 5) a.length = 4; s += a[i] === undefined ? 100 : a[i]; } return s; }
function unequal(i) { if (i !== 0) { if (i > -1 && i < 5) return 10 % i; return -i; } return 'zero'; }
function clamp(i) { var k = i < 0 ? 0 : i > 255 ? 255 : i; return k * 16777216 + k * k; }
function backwards(a) { var s = ''; for (var i = a.length - 1; i >= 0; i--) s += a[i]; for (var j = a.length; j--;) s += a[j]; return s; }
function hash(s) { var h = 0; for (var i = 0; i < s.length; i++) { h = (h * 31 + s.charCodeAt(i)) | 0; h += i; } return h; }
const all = { up, down, both, shared, product, remainder, half, quarter, eighth, triangle, inner, grows, shrinks, unequal, clamp, backwards, hash };
const calls = {
  up: [[0, 9, 1], [-5, 5, 3], [2, 1, 1]], down: [[9, 0], [3, -3]], both: [[2], [6]], shared: [[1, 10], [20, 10]], product: [[3, 4], [-2, 5]], remainder: [[7, 4], [7, 2]],
  half: [[4], [-6]], quarter: [[9], [8]], eighth: [[16], [-16]], triangle: [[3, 4], [0, 0]], inner: [[[1, 2, 3]], [[]]], grows: [[[1, 2]], [[1, 2, 3, 4, 5]]],
  shrinks: [[[1, 2, 3]], [[1]]], unequal: [[3], [0], [7]], clamp: [[-5], [100], [300]], backwards: [['abc'], [[1, 2]]], hash: [['abc'], ['longer text']],
};
const edges = {
  up: [[2147483640, 2147483647, 1], [2147483640, 2147483647, 3], [-2147483648, -2147483640, 1], [0.5, 3, 1], ['1', 4, 1]], down: [[-2147483640, -2147483648], [2.5, 0], [0, 1]],
  both: [[40]], shared: [[2147483647, 10], [2147483646, 10], [-2147483648, 10], [0.5, 10], [2147483647, 2147483647]], product: [[0, 5], [0, -5], [-0, 5], [65536, 65536], [-1, 0]],
  remainder: [[-4, 2], [0, 5], [4, 0], [-0, 3], [6, -4]], half: [[3], [-3], [0], [-0], [2147483647], ['8']], quarter: [[-9], [-3], [3], [-2147483648], [2147483647], [1e10], [NaN]],
  eighth: [[0], [-0], [4], [-2147483648]], triangle: [[2147483647, 1], [65536, 65536], [-1, 0], [-5, 4], [0, -1], [1, 0.5]], inner: [[[1, 500, 3000, 4]], [[5, , 7]]],
  grows: [[['a', 1]], [[0.5, 1]]], shrinks: [[[1, 2, 3, 4, 5, 6, 7, 8]], [[1, 2, 3, 4, 5, 6]]], unequal: [[-0], [1], [-2147483648], [0.5]], clamp: [[255], [256], [-0], [1.5]],
  backwards: [[[]], [[1.5, , 's']]], hash: [['\uffff\uffff\uffff\uffff\uffff'], ['']],
};
for (var round = 0; round < 60; round++) for (const name in all) for (const call of calls[name]) all[name](...call.map(x => Array.isArray(x) ? [...x] : x));
for (const name in all) %OptimizeFunctionOnNextCall(all[name]);
for (const set of [calls, edges, calls, edges]) {
  for (const name in all) print(name, set[name].map(call => { const r = all[name](...call.map(x => Array.isArray(x) ? x.slice() : x)); return Object.is(r, -0) ? '-0' : r; }).join(' | '));
}
