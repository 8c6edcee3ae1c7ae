// Eager bailouts of frames with 0, 1, 3 and 7 inlined functions and two objects that the code does not allocate, each once, out of
// functions that are fresh, so that nothing has been learned. Prints microseconds of the passing and of the failing call, medians.
// Run by choreography.py with --allow-natives-syntax.
var out = typeof print === 'function' ? print : (t) => console.log(t);

function source(inlined, copy) {
  let text = '/* ' + copy + ' */ ';
  for (let d = inlined - 1; d >= 0; d--) {
    text += 'function c' + d + '(o, i) { return ' + (d === inlined - 1 ? 'o.v + i' : 'c' + (d + 1) + '(o, i + 1) + i') + ' }\n';
  }
  return text + 'return function f(o, i) { var p = { a: i, b: 2 }; var q = { p: p, c: i }; var r = ' + (inlined ? 'c0(o, i)' : 'o.v + i') +
    '; return r + p.a + p.b + q.p.a + q.c }';
}

function median(list) {
  list.sort((a, b) => a - b);
  return list[list.length >> 1];
}

for (const inlined of [0, 1, 3, 7]) {
  const failing = [], passing = [];
  const usual = { v: 1 }, other = { w: 0, v: 1 };
  for (let copy = 0; copy < 400; copy++) {
    const f = new Function(source(inlined, copy))();
    %PrepareFunctionForOptimization(f);
    for (let i = 0; i < 20; i++) f(usual, i);
    %OptimizeFunctionOnNextCall(f);
    f(usual, 1);
    const t0 = performance.now();
    f(usual, 1);
    const t1 = performance.now();
    f(other, 1);
    const t2 = performance.now();
    // The first are for the engine's own machinery to get warm.
    if (copy >= 150) {
      passing.push(t1 - t0);
      failing.push(t2 - t1);
    }
  }
  out('result ' + (inlined + 1) + ' ' + (median(passing) * 1000).toFixed(2) + ' ' + (median(failing) * 1000).toFixed(2));
}
