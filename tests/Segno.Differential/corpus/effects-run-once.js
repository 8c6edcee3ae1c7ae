// Whatever fails in the middle of an expression, its operands are evaluated once and in order.
var trace = [];
var o = {
  n: 0,
  get a() { this.n++; trace.push('a' + this.n); return this.n === 60 ? { valueOf() { trace.push('v'); return 0.5; } } : this.n; },
  get b() { trace.push('b'); if (this.n === 70) delete this.c; return 1; },
  c: 3,
};
function f() { return o.a + o.b * o.c; }
%PrepareFunctionForOptimization(f);
var results = [];
for (var i = 0; i < 80; i++) {
  if (i === 40) %OptimizeFunctionOnNextCall(f);
  trace = [];
  var r = f();
  if (i > 38 && i < 43 || i > 57 && i < 61 || i > 67) results.push(r + ':' + trace.join(''));
}
print(results.join(' '));
