// dump: graph schedule code
function sum(n) {
  let s = 0;
  for (let i = 0; i < n; i++) s += i;
  return s;
}
%PrepareFunctionForOptimization(sum);
sum(10);
sum(20);
%OptimizeFunctionOnNextCall(sum);
sum(30);
