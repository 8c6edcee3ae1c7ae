// seed 868528164120
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
// ---- Collections
function f1(c, k) {
  let n = 0; c.forEach((v, key) => { n++; if (n < 9) c.set('x' + n, n); }); return n;
}
var m2 = new Map([[1, 'one'], ['two', 2]]);
%PrepareFunctionForOptimization(f1);
for (let i = 0; i < 150; i++) {
  try { note(f1(m2, i & 7)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f1);
for (let i = 0; i < 2; i++) {
  try { note(f1(m2, i & 7)); } catch (e) { note(e); }
}
try { log(f1(new Map(), (undefined))); } catch (e) { log(e); }
try { log([...m2].slice(0, 6)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f1(m2, i & 7)); } catch (e) { note(e); }
}
for (let i = 0; i < 40; i++) {
  try { note(f1(m2, i & 7)); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f1(m2, i & 7)); } catch (e) { note(e); }
}
try { log(f1(new Map(), (undefined))); } catch (e) { log(e); }
try { log([...m2].slice(0, 6)); } catch (e) { log(e); }
%DeoptimizeFunction(f1);
for (let i = 0; i < 3; i++) {
  try { note(f1(m2, i & 7)); } catch (e) { note(e); }
}
// ---- Loads
function f3(o) { return [o.x, o.y]; }
%PrepareFunctionForOptimization(f3);
for (let i = 0; i < 5; i++) {
  try { note(f3({ x: i + 0.5, y: 'y' })); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f3);
for (let i = 0; i < 2; i++) {
  try { note(f3({ x: i + 0.5, y: 'y' })); } catch (e) { note(e); }
}
try { log(f3({ y: 1, x: 2 })); } catch (e) { log(e); }
try { log(f3({ z: 1, y: 3, x: { y: 4 } })); } catch (e) { log(e); }
try { log(f3('string')); } catch (e) { log(e); }
try { log(f3({ x: 'text', y: null })); } catch (e) { log(e); }
try { log(f3(Object.create({ x: 5, y: 6 }))); } catch (e) { log(e); }
try { log(f3({ get x() { note('get'); return 9; }, y: 8 })); } catch (e) { log(e); }
try { log(f3({})); } catch (e) { log(e); }
try { log(f3([1, 2])); } catch (e) { log(e); }
try { log(f3(null)); } catch (e) { log(e); }
try { log(f3(undefined)); } catch (e) { log(e); }
try { log(f3(5)); } catch (e) { log(e); }
try { log(f3(Object.freeze({ x: 1, y: 2 }))); } catch (e) { log(e); }
try { Object.prototype.x = 'proto'; log(f3({ y: 1 })); log(f3(1)); delete Object.prototype.x; log(f3({ y: 1 })); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f3({ x: i + 0.5, y: 'y' })); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
