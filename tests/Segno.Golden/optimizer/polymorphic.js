// dump: graph schedule code
function width(shape) {
  return shape.width;
}
const square = { width: 1 };
const box = { height: 2, width: 3 };
%PrepareFunctionForOptimization(width);
width(square);
width(box);
%OptimizeFunctionOnNextCall(width);
width(square);
