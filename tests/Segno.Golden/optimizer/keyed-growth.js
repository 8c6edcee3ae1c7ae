// dump: graph schedule code
function fill(a, n) {
  for (let i = 0; i < n; i++) a[i] = i;
  return a;
}
%PrepareFunctionForOptimization(fill);
fill([], 40);
fill([], 40);
%OptimizeFunctionOnNextCall(fill);
fill([], 4);
