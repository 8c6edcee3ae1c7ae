// dump: ast bytecode
function f(a, b) {
  %PrepareFunctionForOptimization(f);
  return %_IsSmi(a) ? %HaveSameMap(a, b,) : %DeoptimizeNow();
}
%_Call(f, this, 1, 10 %MaxSmi());
