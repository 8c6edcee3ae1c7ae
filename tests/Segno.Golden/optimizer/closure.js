// dump: graph schedule code
function makeCounter() {
  let count = 0;
  return function next(step) {
    count += step;
    return () => count;
  };
}
const next = makeCounter();
%PrepareFunctionForOptimization(next);
next(1);
next(2);
%OptimizeFunctionOnNextCall(next);
next(3);
