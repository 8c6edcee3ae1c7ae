// seed 11
var lines = [], sum = 0, logged = 0;
function show(v, depth) {
  switch (typeof v) {
    case 'number': return v === 0 && 1 / v < 0 ? '-0' : String(v);
    case 'string': return v.length > 60 ? '"' + v.slice(0, 60) + '"#' + v.length : '"' + v + '"';
    case 'bigint': return v + 'n';
    case 'symbol': return 'symbol';
    case 'function': return 'function';
    case 'object': break;
    default: return String(v);
  }
  if (v === null) return 'null';
  if (v instanceof Error) return v.name;
  var parts = [], i;
  if (Array.isArray(v)) {
    if (depth > 2) return '[...]';
    for (i = 0; i < v.length && i < 12; i++) parts.push(i in v ? show(v[i], depth + 1) : '<hole>');
    return '[' + parts.join() + ']#' + v.length;
  }
  if (depth > 2) return '{...}';
  var keys = Object.keys(v);
  for (i = 0; i < keys.length && i < 12; i++) {
    var own = Object.getOwnPropertyDescriptor(v, keys[i]);
    parts.push(keys[i] + ':' + ('value' in own ? show(own.value, depth + 1) : 'accessor'));
  }
  return '{' + parts.join() + '}#' + keys.length;
}
function mix(text) {
  for (var i = 0; i < text.length && i < 100; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
}
function note(v) {
  if (typeof v === 'number') {
    sum = (Math.imul(sum, 33) + (v | 0) + (v !== v ? 7 : 0) + (v === 0 && 1 / v < 0 ? 11 : 0) + (v !== (v | 0) ? 13 : 0)) | 0;
  } else {
    mix(show(v, 1));
  }
}
function log(v) {
  var text = show(v, 0);
  mix(text);
  if (logged++ < 400) lines.push(text);
}
function cut(s) { return typeof s === 'string' && s.length > 120 ? s.slice(0, 40) : s; }

var tick = 0, gi = 1, gn = 0.5, gs = 'g', go = { x: 1, y: 2 }, ga = [1, 2, 3];
// ---- ArrayCallbacks
function f1(a, k) { return a.forEach(function (x) { return this === undefined ? x : typeof this; }); }
%PrepareFunctionForOptimization(f1);
for (let i = 0; i < 40; i++) {
  try { note(f1([1, 'a', null], 9)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f1);
for (let i = 0; i < 2; i++) {
  try { note(f1([1, 'a', null], 9)); } catch (e) { note(e); }
}
try { log(f1([{ x: 1 }, { x: 2 }], 1)); } catch (e) { log(e); }
try { log(f1([1, 2, 3], 0)); } catch (e) { log(e); }
try { Array.prototype[1] = 5; log(f1([1, , 3], 7)); delete Array.prototype[1]; } catch (e) { log(e); }
try { log(f1([1, , 3], 9)); } catch (e) { log(e); }
try { log(f1([], 0)); } catch (e) { log(e); }
try { log(f1([1, , 3], 1)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f1([1, 'a', null], 9)); } catch (e) { note(e); }
}
// ---- DictionaryMode
var o2 = { a: 1, b: 2, x: 3 };
delete o2.a;
function f3(o, k) { return o.x; }
%PrepareFunctionForOptimization(f3);
for (let i = 0; i < 5; i++) {
  try { note(f3(o2, 'b')); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f3(o2, 'b')); } catch (e) { note(e); }
}
try { log(f3(o2, 5)); } catch (e) { log(e); }
try { %ToFastProperties(o2); log(f3(o2, 'x')); } catch (e) { log(e); }
try { log(f3(o2, 'missing')); } catch (e) { log(e); }
try { delete o2.x; log(f3(o2, 'x')); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f3(o2, 'b')); } catch (e) { note(e); }
}
// ---- Collections
function f4(c, k) {
  c.set(k, k); return c.get(k);
}
var m5 = new Map([[1, 'one'], ['two', 2]]);
%PrepareFunctionForOptimization(f4);
for (let i = 0; i < 40; i++) {
  try { note(f4(m5, i & 7)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f4);
for (let i = 0; i < 2; i++) {
  try { note(f4(m5, i & 7)); } catch (e) { note(e); }
}
try { log(f4(m5, -0)); } catch (e) { log(e); }
try { log(f4(m5, 'two')); } catch (e) { log(e); }
try { log([...m5].slice(0, 6)); } catch (e) { log(e); }
try { log(f4(new Map(), (1.5))); } catch (e) { log(e); }
try { log(f4(m5, 1.5)); } catch (e) { log(e); }
try { log(f4(new Set([1]), 1)); } catch (e) { log(e); }
try { log(f4({ get() { return 'fake'; }, set() { return this; }, has() { return true; }, delete() {}, keys() { return [1]; }, size: 3 }, 1)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f4(m5, i & 7)); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
