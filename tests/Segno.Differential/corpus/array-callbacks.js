// Array methods with callbacks in hot code: the callback inline, and every way out of the middle of an iteration.
function sumOf(a) { var s = 0; a.forEach(x => { s += x; }); return s; }
function indices(a) { var r = ''; a.forEach(function (x, i, whole) { r += i + ':' + (whole === a) + (this === undefined || typeof this) + x + ' '; }); return r; }
function doubled(a, k) { return a.map(x => x * k); }
function picked(a, k) { return a.filter((x, i) => x > k && i !== 2); }
function total(a) { return a.reduce((s, x, i) => s + x * i, 10) + '/' + a.reduce((s, x) => s + x); }
function has(a, k) { return a.some(x => x === k) + ',' + a.every(x => x !== k) + ',' + a.find(x => x > k) + ',' + a.findIndex(x => x > k); }
function square(x) { return x * x; }
function named(a) { return a.map(square).join(); }
function nested(a) { return a.map(x => a.reduce((s, y) => s + x * y, 0)); }
function passed(a, f) { return a.map(f); }
function passing(a) { let c = 0; return passed(a, x => { c += x; return c; }).join() + c; }
function all(a) { return [sumOf(a), indices(a), doubled(a, 2).join(), picked(a, 1).join(), total(a), has(a, 2), named(a), nested(a).join(), passing(a)].join(' | '); }
const fs = [sumOf, indices, doubled, picked, total, has, named, nested, passing];

for (const f of fs) %PrepareFunctionForOptimization(f);
for (var i = 0; i < 60; i++) all([1, 2, 3, i]);
for (const f of fs) %OptimizeFunctionOnNextCall(f);
print(all([1, 2, 3, 4]));

// Other kinds of elements, holes, prototypes, lengths, things that are no arrays.
print(all([1.5, 2.5, 3.5, 4]), all(['a', 'b', 'c']), all([7]));
for (var r = 0; r < 3; r++) {
  print(all([1, , 3, , 5]), all([0.5, , 2.5]), all(['x', , 'z']));
  try { print(total([])); } catch (e) { print(e.name + ': ' + e.message); }
}
print(doubled([, 1], 2).hasOwnProperty(0), Object.keys(doubled([, 1, , 2], 3)).join(), doubled([1, 2, 3], 0.5).length, picked([, 9, 9, 9], 1).length);
Array.prototype[1] = 100;
print(all([1, , 3, 4]), all([0.5, , 3.5]));
delete Array.prototype[1];
print([].map.call('str', x => x + x).join(), [].reduce.call({ length: 2, 0: 'a', 1: 'b' }, (s, x) => s + x));
for (var i = 0; i < 100; i++) for (const f of fs) f([i, i + 1, i + 2, i % 3]);
for (const f of fs) %OptimizeFunctionOnNextCall(f);
print(all([1, 2, 3, 4]), all([1, 0.5, 's', null]));

// The callback changes the array under the iteration: it grows, shrinks, changes its kind, gets holes, becomes something else.
function changing(a, how) {
  var seen = [];
  var result = a.map((x, i) => { seen.push(i + '=' + x); if (i === 1) how(a); return x; });
  return seen.join() + ' -> ' + Object.keys(result).join() + ':' + result.join() + ':' + result.length;
}
const ways = [() => {}, a => a.push(9), a => { a.length = 2; }, a => { a[2] = 0.25; }, a => { a[3] = 'text'; }, a => { delete a[2]; }, a => { a[100000000] = 1; a.length = 4; },
  a => { Object.defineProperty(a, 2, { get() { return 'got'; }, configurable: true }); }, a => { a.__proto__ = { 2: 'inherited' }; delete a[2]; }, a => { a.shift(); }, a => Object.freeze(a)];
for (var i = 0; i < 60; i++) changing([1, 2, 3, 4], ways[0]);
%OptimizeFunctionOnNextCall(changing);
for (var r = 0; r < 2; r++) for (const way of ways) print(changing([1, 2, 3, 4], way));

// Exceptions and deoptimizations inside the callback, eager and lazy, in frames around the iteration.
function throwing(a, at) {
  var local = 'l', log = '';
  try { a.forEach((x, i) => { log += i; if (i === at) throw new Error('at' + i); log += '.'; }); } catch (e) { log += e.message; }
  return log + local;
}
var victim = null;
function strike(k) { if (victim) { var v = victim; victim = null; %DeoptimizeFunction(v); } return k; }
function lazily(a) { var local = a.length, out = []; var r = a.map((x, i) => { const before = x + i; out.push(before); return strike(before) * local; }); return r.join() + ';' + out.join() + local; }
function reducing(a) { var local = 'z'; return a.reduce((s, x, i) => s + strike(i) + x + local, '') + local; }
function finding(a, k) { return a.find(x => strike(x) === k) + ':' + a.some(x => strike(x) === k) + a.filter(x => strike(x) !== k).length; }
%NeverOptimizeFunction(strike);
for (const f of [lazily, reducing]) for (var i = 0; i < 50; i++) f([1, 2, 3]);
for (var i = 0; i < 50; i++) { throwing([1, 2, 3], i % 5); finding([1, 2, 3], i % 4); }
for (const f of [throwing, lazily, reducing, finding]) %OptimizeFunctionOnNextCall(f);
print(throwing([1, 2, 3], 1), throwing([1, 2, 3], 9));
victim = lazily; print(lazily([1, 2, 3]));
victim = reducing; print(reducing([1, 2, 3]));
victim = finding; print(finding([1, 2, 3], 3));
print(lazily([1, 2, 3]), reducing([1, 2, 3]), finding([1, 2, 3], 2), lazily(['a', 2.5, null]), reducing([{}, 1]));

// What the stack of an error says is the same in every tier.
function traced(a) { return a.map(x => new Error('e' + x).stack.split('\n').length)[0]; }
function text(a) { let s; a.forEach(x => { s = new Error('e').stack.split('\n').slice(1, 4).map(l => l.trim().split(' ')[1]).join(); }); return s; }
for (var i = 0; i < 50; i++) { traced([1]); text([1]); }
%OptimizeFunctionOnNextCall(traced);
%OptimizeFunctionOnNextCall(text);
print(traced([1]), text([1]));

// Results of another constructor.
class Mine extends Array { get sum() { return this.reduce((s, x) => s + x, 0); } }
function mapped(a) { const m = a.map(x => x + 1); return (m instanceof Mine) + ':' + m.length + m.join(); }
for (var i = 0; i < 40; i++) mapped([1, 2]);
%OptimizeFunctionOnNextCall(mapped);
print(mapped([1, 2]), mapped(Mine.of(1, 2, 3)), Mine.of(1, 2).sum);
for (var i = 0; i < 60; i++) mapped(Mine.of(i, 2));
print(mapped(Mine.of(1, 2, 3)), mapped([5]));
Array.prototype.constructor = Mine;
print(mapped([1, 2]));
