// A guard fails in one activation of a function, so its code is marked; then an assumption dies that the other activation, further
// out, still relies on. Control must not come back to its optimized code, although the code was marked before.
function Point(x) { this.x = x; }
Point.prototype.scale = function () { return 2; };
var p = new Point(1);

function outer(n, o) {
  var before = o.x + n;
  if (n > 0) before += outer(n - 1, n === 1 ? odd : o);
  if (n === 2) Point.prototype.scale = function () { return 100; };
  return before + p.scale();
}

var odd = p;
%PrepareFunctionForOptimization(outer);
for (var i = 0; i < 50; i++) outer(1, p);
%OptimizeFunctionOnNextCall(outer);
print(outer(1, p));
odd = { y: 0, x: 0.5 };
print(outer(3, p));
print(outer(3, p));
