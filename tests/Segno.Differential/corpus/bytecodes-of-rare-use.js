// Bytecodes that need what only frames of the interpreter have: registers, contexts found by name, new.target, rest arrays.
function Base(a) { this.a = a; this.t = new.target === undefined ? 'none' : new.target.name; }
class One extends Base { constructor(a, b) { super(a); this.b = b; } sum() { return this.a + this.b; } }
class Two extends One { field = this.b * 2; sum() { return super.sum() + this.field; } get twice() { return super.sum() * 2; } }
function make(i) { const t = new Two(i, i + 1); return t.sum() + t.twice + t.t + new Base(i).t; }
function called() { return Base.call({}, 1) === undefined && typeof new.target; }

function rest(a, ...others) { return others.length + ':' + others.join() + a; }
function forward(...all) { return target.apply(this, all); }
function target(a, b) { return this.k + a + b; }
function mapped(a, b) { arguments[0] = 7; b = 9; return a + ',' + arguments[1] + ',' + arguments.length; }
function outerMapped(x) { return mapped(x, x) + mapped(x) + mapped(); }
function spread(a, b) { return Math.max(...a, b) + [...a, ...a].length + new Array(...a).length; }
function withScope(o, y) { with (o) { x = x + y; return typeof x + x + typeof missing; } }
function evaluated(x) { var local = x * 2; eval('local += x; var added = local'); return local + added; }
function thrower(x) { const c = x; if (x > 1000) c = 1; return c; }
function destructured({ p, q: [r, ...s], ...others }) { return p + r + s.length + Object.keys(others).join(); }
function literal(k, v) { return { [k]: v, __proto__: { inherited: v }, get g() { return v; }, ...{ spreaded: k } }; }
function template(x) { return String.raw`a${x}\n`; }
function classOf(i) { class C { static s = i; m() { return i; } } return new C().m() + C.s; }

function all(i) {
  const l = literal('k' + i % 3, i);
  return [
    make(i), called(), rest(i), rest(i, 1, 2), forward.call({ k: 'k' }, i, 2), mapped(i, 2), mapped(i), outerMapped(i), spread([i, 2, 3], 4), withScope({ x: i }, 1),
    evaluated(i), thrower(i), destructured({ p: i, q: [1, 2, 3], z: 1, w: 2 }), Object.keys(l).join() + l.inherited + l.g, template(i), classOf(i),
  ].join(' ');
}
%PrepareFunctionForOptimization(all);
for (var i = 0; i < 80; i++) all(i);
for (const f of [make, rest, forward, mapped, outerMapped, spread, withScope, evaluated, thrower, destructured, literal, template, classOf, all]) %OptimizeFunctionOnNextCall(f);
for (var i = 0; i < 5; i++) print(all(i));
print(all('s'));
try { thrower(2000); } catch (e) { print(e.name); }
try { destructured(null); } catch (e) { print(e.name); }
try { withScope(null, 1); } catch (e) { print(e.name); }
print(rest.call(null), forward.call({ k: 1 }), mapped(1, 2, 3, 4));

// Calls that end the code they came from, in the middle of its expressions.
function killer(f) { %DeoptimizeFunction(f); return 1; }
function spreadKilled(a, flag) { var before = 'b'; return before + ((x, y) => flag ? killer(spreadKilled) : x + y)(...a) + before; }
for (var i = 0; i < 30; i++) spreadKilled([1, 2], false);
%OptimizeFunctionOnNextCall(spreadKilled);
print(spreadKilled([1, 2], true), spreadKilled([1, 2], false));
