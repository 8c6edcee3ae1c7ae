// Making the receiver ran script that marked the code: the deoptimizer calls the constructor itself, which bails out, and must still go on behind the construction.
class A { constructor(x) { this.x = x + 1; } }
class B extends A { constructor(x) { super(x); this.y = 9; } }
class C extends B { constructor(x) { const o = { v: x }; super(o.v); this.z = o.v; } }
var armed = null, target = (function () {}).bind(null);
Object.defineProperty(target, 'prototype', { get() { if (armed === B) %DeoptimizeFunction(B); if (armed === C) %DeoptimizeFunction(C); return C.prototype; } });
for (const constructor of [A, B, C]) {
  for (var i = 0; i < 9; i++) Reflect.construct(constructor, [i], target);
  %OptimizeFunctionOnNextCall(constructor);
  Reflect.construct(constructor, [1], target);
}
for (const constructor of [B, C]) {
  for (const x of [2, 1.5, 's']) {
    armed = constructor;
    const o = Reflect.construct(constructor, [x], target);
    armed = null;
    print(o.x + ' ' + o.y + ' ' + o.z + ' ' + (o instanceof C));
  }
}
