// An object that only an arguments object holds, read out of it by an index: the same object under another name.
function write(k) { 'use strict'; var a = arguments[k]; a.q = 5; return 0; }
function f(k) { var b = { z: 0, y: 0, q: 1 }; write(k, b); return b.q; }
function read(k, b) { 'use strict'; var a = arguments[k]; b.q = 7; return a.q; }
function g(k) { var b = { z: 0, y: 0, q: 1 }; return read(k, b); }
function grow(k) { 'use strict'; var a = arguments[k]; a.late = 3; return a; }
function h(k) { var b = { z: 0, y: 0, q: 1 }; grow(k, b); return b.late; }
for (var k of [f, g, h]) {
  %PrepareFunctionForOptimization(k);
  for (var i = 0; i < 10; i++) k(1);
  %OptimizeFunctionOnNextCall(k);
  print(k(1), k(1));
}
