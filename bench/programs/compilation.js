// The same functions optimized again and again, each copy from a text of its own, so that its feedback is fresh. The engines' traces have
// the times. Run by choreography.py with --allow-natives-syntax.
const texts = {
  arithmetic: 'return function arithmetic(n) { var s = 0; for (var i = 1; i < n; i++) { s = (s * 31 + i) | 0; if (s % 7 === 3) s ^= i << 3; else s += i / 2 } return s }',
  properties: 'function P(x, y) { this.x = x; this.y = y } P.prototype.dot = function(o) { return this.x * o.x + this.y * o.y }; ' +
    'return function properties(n) { var a = new P(1, 2), s = 0; for (var i = 0; i < n; i++) { var b = new P(i, s & 15); s += a.dot(b); a.x = b.y } return s }',
  elements: 'return function elements(n) { var a = [1, 2, 3, 4, 5, 6, 7, 8], t = 0; for (var i = 0; i < n; i++) { a[i & 7] = (a[(i + 1) & 7] + i) | 0; t += a[(i + 3) & 7] } return t }',
  calls: 'function add(a, b) { return a + b } function twice(f, x) { return f(x, x) } function pick(a, b) { return a > b ? a : b } ' +
    'return function calls(n) { var s = 0; for (var i = 0; i < n; i++) s = pick(twice(add, i), s) - add(i, 1); return s }',
  objects: 'function make(a, b) { return { a: a, b: b, c: { d: a } } } function sum(o) { return o.a + o.b + o.c.d } ' +
    'return function objects(n) { var s = 0; for (var i = 0; i < n; i++) { var o = make(i, s & 3); s += sum(o); o.c.d = s } return s }',
  // About 1,000 bytecodes.
  long: 'return function long(n) { var a = n, b = 1, c = 2, d = 3; ' +
    Array.from({ length: 66 }, (_, i) => 'if (a > ' + i * 3 + ') { b = (b + c * ' + i + ') | 0; c = b ^ d; } d = (d + a) & 1023; ').join('') + 'return b + c + d }',
};
for (let copy = 0; copy < 150; copy++) {
  for (const name in texts) {
    const f = new Function('/* ' + copy + ' */ ' + texts[name])();
    %PrepareFunctionForOptimization(f);
    for (let i = 0; i < 4; i++) f(200);
    %OptimizeFunctionOnNextCall(f);
    f(200);
  }
}
