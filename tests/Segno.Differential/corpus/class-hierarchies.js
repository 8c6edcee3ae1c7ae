// Derived constructors inline: new.target through several levels, returns of objects, exceptions and deoptimizations between super() and its end.
class A { constructor(x) { this.x = x; this.t = new.target.name; } sum() { return this.x; } }
class B extends A { constructor(x, y) { super(x); this.y = y; } sum() { return super.sum() + this.y; } }
class C extends B { }
class D extends C { z = this.y * 2; constructor(...all) { super(...all); this.w = 1; } sum() { return super.sum() + this.z + this.w; } }
class Early extends A { constructor(x) { if (x === 7) return { early: x, sum() { return 'e'; } }; super(x); } }
class Arrow extends B { constructor(x) { const init = () => super(x, x + 0.5); init(); } }
function make(i) { return [new A(i), new B(i, 1), new C(i, 2), new D(i, 3), new Early(i), new Arrow(i)]; }
function all(i) { var r = ''; for (const o of make(i)) r += o.sum() + (o.t || '') + (o instanceof A) + ' '; return r; }
function reflected(i) { const o = Reflect.construct(B, [i, i], D); return o.sum === D.prototype.sum && o.t; }
for (var i = 0; i < 80; i++) { all(i % 9); reflected(i); }
%OptimizeFunctionOnNextCall(make);
%OptimizeFunctionOnNextCall(all);
%OptimizeFunctionOnNextCall(reflected);
print(all(1), all(7), all('s'), reflected(1));

// Errors of constructors.
class Never extends A { constructor(x) { if (x > 5) super(x); } }
class Twice extends A { constructor(x) { super(x); if (x > 5) super(x); } }
class Wrong extends A { constructor(x) { super(x); if (x > 5) return 1; } }
class Throws extends B { constructor(x) { super(x, 1); if (x > 5) throw new RangeError('t' + this.x); } }
function attempt(C, x) { var at = 'before'; try { var o = new C(x); at = 'after' + o.x; } catch (e) { at += e.name; } return at; }
function never(x) { return attempt(Never, x); }
function twice(x) { return attempt(Twice, x); }
function wrong(x) { return attempt(Wrong, x); }
function throws(x) { return attempt(Throws, x); }
for (var i = 0; i < 60; i++) { never(6); twice(1); wrong(1); throws(1); }
for (const f of [never, twice, wrong, throws]) %OptimizeFunctionOnNextCall(f);
print(never(6), never(1), twice(1), twice(6), wrong(1), wrong(6), throws(1), throws(6));
try { B(1); } catch (e) { print(e.name); }

// The code ends while a constructor of its middle runs; the parent of a class changes.
var victim = null;
class Base { constructor(x) { this.a = x; if (victim) { var v = victim; victim = null; %DeoptimizeFunction(v); } this.b = x + 1; } }
class Mid extends Base { constructor(x) { super(x); this.c = x + 2; } }
class Leaf extends Mid { constructor(x) { const local = x * 2; super(x); this.d = local; } get sum() { return this.a + this.b + this.c + this.d; } }
function leaf(x) { var before = 'l'; return before + new Leaf(x).sum; }
for (var i = 0; i < 60; i++) leaf(i);
%OptimizeFunctionOnNextCall(leaf);
victim = leaf; print(leaf(3), leaf(3));
for (var i = 0; i < 60; i++) leaf(i);
%OptimizeFunctionOnNextCall(leaf);
class Other { constructor(x) { this.a = this.b = 100; } }
print(leaf(4));
Object.setPrototypeOf(Mid, Other);
print(leaf(4), leaf(4.5));
Leaf.prototype.extra = 1;
Object.setPrototypeOf(Mid, null);
try { leaf(1); } catch (e) { print(e.name); }
