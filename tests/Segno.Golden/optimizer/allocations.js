// dump: graph schedule code
// Objects that refer to each other, allocated at once; a guard between two allocations keeps them apart.
var kept;
function make(a, b) {
  kept = { list: [a, b], next: { first: a, second: [0.5, 1.5] } };
  const length = b.length;
  return { length, a };
}
%PrepareFunctionForOptimization(make);
make(1, 'ab');
make(2, 'abc');
%OptimizeFunctionOnNextCall(make);
make(3, 'abcd');
