// Exceptions out of inlined calls find the right handler, and the locals there are those of the moment.
function thrower(x) { if (x % 7 === 3) throw new RangeError(String(x)); return x; }
function middle(x) { var local = x * 2; try { return thrower(x) + local; } finally { log.push(local); } }
function outer(n) {
  var sum = 0, at = -1;
  for (var i = 0; i < n; i++) {
    at = i;
    try {
      sum += middle(i);
      at = 'after' + i;
    } catch (e) {
      sum += e.message + at;
      sum = sum.length;
    }
  }
  return sum + ' ' + at;
}
var log = [];
%PrepareFunctionForOptimization(outer);
for (var r = 0; r < 5; r++) outer(20);
%OptimizeFunctionOnNextCall(outer);
log = [];
print(outer(20), log.length, log.join());
print(outer('4'), outer(3.5));
thrower = function (x) { throw x; };
print(outer(4));
