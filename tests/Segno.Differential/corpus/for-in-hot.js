// for-in in hot code: keys by the receiver's map, objects that change under the loop, prototypes, strings, proxies that end the code.
function keys(o) {
  var r = '';
  for (var k in o) r += k + '=' + o[k] + ';';
  return r;
}
function removing(o) {
  var r = '';
  for (var k in o) {
    r += k;
    if (k === 'b') { delete o.c; o.z = 1; }
  }
  return r;
}
function counted(o, n) {
  var sum = 0;
  for (var i = 0; i < n; i++) for (var k in o) sum += o[k];
  return sum;
}
%PrepareFunctionForOptimization(keys);
%PrepareFunctionForOptimization(removing);
for (var i = 0; i < 60; i++) { keys({ a: 1, b: 2, c: i }); removing({ a: 1, b: 2, c: 3, d: 4 }); counted({ x: 1, y: 2 }, 3); }
%OptimizeFunctionOnNextCall(keys);
%OptimizeFunctionOnNextCall(removing);
%OptimizeFunctionOnNextCall(counted);
print(keys({ a: 1, b: 2, c: 3 }), removing({ a: 1, b: 2, c: 3, d: 4 }), counted({ x: 1, y: 2 }, 5));
print(keys([5, 6]), keys('st'), keys(null), keys(undefined), keys(7), keys(Object.create({ p: 1 }, { q: { value: 2, enumerable: true } })));
print(counted({ x: 1, y: 'two' }, 2), counted([1, 2, 3], 4));

// The trap marks the code while the keys are being collected: the rest of the loop is the interpreter's.
var flips = 0;
function overProxy(o) {
  var local = 'l', r = '';
  for (var k in o) r += k + local;
  return r + local;
}
function proxy(flip) {
  return new Proxy({ u: 1, v: 2 }, { ownKeys(t) { if (flip) { flips++; %DeoptimizeFunction(overProxy); } return Reflect.ownKeys(t); } });
}
if (typeof Proxy === 'function') {
  %PrepareFunctionForOptimization(overProxy);
  for (var i = 0; i < 30; i++) overProxy(proxy(false));
  %OptimizeFunctionOnNextCall(overProxy);
  print(overProxy(proxy(false)), overProxy(proxy(true)), flips, overProxy(proxy(true)));
}

// The trap throws, into a handler of the same function and of a caller.
function guarded(o, f) {
  var at = 'start';
  try {
    at = 'in';
    for (var k in o) at += k;
  } catch (e) { return at + e; } finally { at += 'f'; }
  return at;
}
%PrepareFunctionForOptimization(guarded);
for (var i = 0; i < 30; i++) guarded({ a: i });
%OptimizeFunctionOnNextCall(guarded);
print(guarded({ a: 1 }), guarded(typeof Proxy === 'function' ? new Proxy({}, { ownKeys() { throw 'thrown'; } }) : [1]), guarded({ b: 2 }));
for (var i = 0; i < 200; i++) if (keys({ i }) !== 'i=' + i + ';') print('wrong');
