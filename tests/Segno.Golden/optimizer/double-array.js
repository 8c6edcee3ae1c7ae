// dump: graph schedule code
function scale(a, factor) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const scaled = a[i] * factor;
    a[i] = scaled;
    sum += scaled;
  }
  return sum;
}
%PrepareFunctionForOptimization(scale);
scale([0.5, 1.5, 2.5], 0.5);
scale([1.5, 2.5], 1.5);
%OptimizeFunctionOnNextCall(scale);
scale([1.5], 2.5);
