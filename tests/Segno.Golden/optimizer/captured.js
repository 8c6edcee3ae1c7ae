// dump: graph schedule code
function Point(x, y) {
  this.x = x;
  this.y = y;
}
function dot(p, q) {
  return p.x * q.x + p.y * q.y;
}
function square(x, y) {
  const p = new Point(x, y);
  return dot(p, p);
}
%PrepareFunctionForOptimization(square);
for (let i = 0; i < 20; i++) square(i, 1);
%OptimizeFunctionOnNextCall(square);
square(2, 3);
