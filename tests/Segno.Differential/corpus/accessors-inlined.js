// Getters and setters inline: their frames, their exceptions, what they return, and the ends of what the code relies on.
class Point {
  constructor(x, y) { this._x = x; this._y = y; this.count = 0; }
  get x() { return this._x; }
  set x(v) { this.count++; this._x = v | 0; return 'ignored'; }
  get length2() { return this.x * this.x + this.y * this.y; }
  get y() { return this._y; }
  set y(v) { if (v > 1000) throw new RangeError('y' + v); this._y = v; }
}
class Sub extends Point { get x() { return super.x + 1; } set x(v) { super.x = v * 2; } }
function sum(o, n) { var s = 0; for (var i = 0; i < n; i++) s += o.x + o.length2; return s; }
function bump(o, n) { for (var i = 0; i < n; i++) { o.x = o.x + 1; o.y = o.y + i; } return o.x + ',' + o.y + ',' + o.count; }
function assigned(o, v) { var r = (o.x = v); return r + ':' + (o.y = o.x = v + 0.5) + ':' + o.x; }
function caught(o, v) { var at = 'before'; try { o.y = v; at = 'after'; } catch (e) { at += e.message; } return at + o.y; }
var literal = { k: 3, get x() { return this.k * 2; }, set x(v) { this.k = v; }, get length2() { return arguments.length; }, get y() { return 'y'; } };
var objects = [new Point(1, 2), new Sub(3, 4), literal];
%PrepareFunctionForOptimization(sum);
for (var i = 0; i < 60; i++) { sum(objects[0], 3); bump(new Point(i, i), 3); assigned(new Point(0, 0), i); caught(new Point(1, 1), i); }
for (const f of [sum, bump, assigned, caught]) %OptimizeFunctionOnNextCall(f);
print(sum(objects[0], 4), bump(new Point(1, 1), 4), assigned(new Point(0, 0), 7), caught(new Point(1, 1), 5), caught(new Point(1, 1), 2000));
print(sum(new Point(0.5, 's'), 3), bump(new Point('a', 0.5), 3), assigned(new Point(0, 0), 'v'));
for (var r = 0; r < 40; r++) for (const o of objects) sum(o, 2);
%OptimizeFunctionOnNextCall(sum);
print(objects.map(o => sum(o, 3)).join(), assigned(literal, 9), bump(new Sub(1, 2), 3));

// An accessor is replaced while code relies on it, from within itself.
var armed = false;
class Changing { get v() { if (armed) { armed = false; Object.defineProperty(Changing.prototype, 'v', { get() { return 100; }, configurable: true }); } return 1; } }
function relies(o) { var a = 'l'; var before = o.v; return a + before + o.v + o.v; }
var c = new Changing();
%PrepareFunctionForOptimization(relies);
for (var i = 0; i < 40; i++) relies(c);
%OptimizeFunctionOnNextCall(relies);
print(relies(c));
armed = true;
print(relies(c), relies(c));
delete Changing.prototype.v;
print(relies(c));

// Setters that end the code in the middle of a chain of assignments.
var victim = null;
class Ending { set v(x) { this.w = x; if (victim) { var f = victim; victim = null; %DeoptimizeFunction(f); } } get v() { return this.w; } }
function chain(o, p) { var r = o.v = p.v = o.v + 1; return r + ',' + o.v + ',' + p.v; }
function statement(o) { var k = o.v; o.v = k + 1; return k + ':' + o.v; }
function fresh() { var e = new Ending(); e.v = 1; return e; }
%PrepareFunctionForOptimization(chain);
for (var i = 0; i < 40; i++) { chain(fresh(), fresh()); statement(fresh()); }
%OptimizeFunctionOnNextCall(chain);
%OptimizeFunctionOnNextCall(statement);
victim = chain; print(chain(fresh(), fresh()));
victim = statement; print(statement(fresh()));
print(chain(fresh(), fresh()), statement(fresh()));

// Accessors without a function, strict receivers that are primitives, inherited through several levels.
var odd = Object.create(Object.create(Object.create({ get deep() { return this.own; }, set only(v) { this.own = v; } })));
odd.own = 4;
Object.defineProperty(String.prototype, 'firstOf', { get() { 'use strict'; return typeof this + this[0]; } });
function deep(o) { o.only = o.deep + 1; return o.deep + String(o.only) + 'text'.firstOf; }
for (var i = 0; i < 40; i++) deep(odd);
%OptimizeFunctionOnNextCall(deep);
print(deep(odd), deep(Object.create(odd)));
