// dump: graph schedule code
function risky(n) {
  if (n > 100) throw n;
  return n;
}
%NeverOptimizeFunction(risky);
function attempt(n) {
  let result = n + 1;
  try {
    result = risky(n);
  } catch {
    return result;
  }
  return -1;
}
%PrepareFunctionForOptimization(attempt);
attempt(1);
attempt(200);
%OptimizeFunctionOnNextCall(attempt);
attempt(2);
