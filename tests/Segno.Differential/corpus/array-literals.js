// Computed elements of array literals, objects allocated together, and stores into objects that were just allocated.
var log = [];
function pair(a, b) { return [a, b]; }
function mixed(a, b) { return [1, a, , b, 'k', 2.5, a]; }
function spread(a, b) { return [a, ...b, a, , 7]; }
function nested(a, b) { return { list: [a, [b, a]], next: { first: a, second: [0.5, b], third: { deep: [b] } } }; }
function effects(a) { return [log.push('x' + a), a.valueOf(), log.push('y')]; }
function throwing(a) { try { return [a, a.missing.more, a]; } catch (e) { return [e.constructor.name, a]; } }
function cyclic(a) { const o = { a, self: null, list: [null, a] }; o.self = o; o.list[0] = o.list; return o; }
function sum(a, b) { const p = [a, b], q = { p, z: [p, b] }; return p[0] + p[1] + q.z[1] + (q.z[0] === p ? 100 : 0); }
function keeps(a, n) { let last = null; for (let i = 0; i < n; i++) last = { last: i % 5 ? last : null, pair: [a, i], d: [i + 0.5] }; return JSON.stringify(last); }
function calls(a, f) { const o = { a, list: [a, 1] }; f(o); o.list = [o, f(a), a]; return o.list.length + ':' + o.list[1] + ':' + o.list[2]; }
const show = x => { const seen = new Set(); return JSON.stringify(x, (k, v) => typeof v === 'object' && v !== null ? seen.has(v) ? 'seen' : (seen.add(v), v) : v === undefined ? 'u' : v); };
const all = { pair, mixed, spread, nested, effects, throwing, cyclic, sum, keeps, calls };
const values = [1, 2.5, 'text', { k: 1 }, [3], null];
const second = { spread: [[], [1, 2]], keeps: [3, 9], calls: [x => 1, x => typeof x] };
function each(out) {
  for (const name in all) for (const v of values) {
    if (v === null && name === 'effects') continue;
    for (const w of second[name] || values) { const r = show(all[name](v, w)); if (out) out.push(name + ' ' + r); }
  }
}
for (var round = 0; round < 25; round++) each(null);
for (const name in all) %OptimizeFunctionOnNextCall(all[name]);
var first = [], again = [];
each(first);
// A literal defines its elements: nobody who inherits is asked.
Object.defineProperty(Array.prototype, 1, { set(v) { log.push('setter'); }, get() { return 'got'; }, configurable: true });
Object.defineProperty(Object.prototype, 'list', { set(v) { log.push('setter'); }, configurable: true });
each(again);
delete Array.prototype[1];
delete Object.prototype.list;
print(first.length, first.join('\n'));
print(again.length, again.filter((x, i) => x !== first[i]).join('\n'), log.length, log.includes('setter'));
