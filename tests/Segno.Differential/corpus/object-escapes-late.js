// An object that stays inside the loop for a long time, then is kept: it must be one object, with the values of that moment, and a
// cycle through it must lead back to itself.
var kept = null;
function f(n, at) {
  var last = null;
  for (var i = 0; i < n; i++) {
    var o = { i: i, self: null, pair: [i, i + 0.5] };
    o.self = o;
    if (i === at) {
      kept = o;
      o.i = 'kept';
    }
    last = o;
  }
  return last.self === last && last.i;
}
%PrepareFunctionForOptimization(f);
for (var r = 0; r < 5; r++) f(30, -1);
%OptimizeFunctionOnNextCall(f);
print(f(30, -1));
print(f(30, 12), kept.i, kept.self === kept, kept.self.self.pair.join());
kept.self.i = 1;
print(kept.i, f(30, 29), kept.i);
