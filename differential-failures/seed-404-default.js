// seed 404
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
// ---- Constructors
function K1(a, b) {
  this.a = a;
  if (a & 1) this.b = b; else this.c = b;
  if (b === 'stop') throw b;
}
function f2(a, b) { const o = new K1(a); return o.a + (o.d ? 1 : 2); }
%PrepareFunctionForOptimization(f2);
for (let i = 0; i < 40; i++) {
  try { note(f2(i, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f2);
for (let i = 0; i < 2; i++) {
  try { note(f2(i, i)); } catch (e) { note(e); }
}
try { log(f2('s', 'stop')); } catch (e) { log(e); }
try { log(f2((7n), ('q'))); } catch (e) { log(e); }
try { log(f2(25, 1)); } catch (e) { log(e); }
try { try { log(K1.call({}, 1, 2)); } catch (e) { log(e); } } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f2(i, i)); } catch (e) { note(e); }
}
for (let i = 0; i < 150; i++) {
  try { note(f2(i, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f2);
for (let i = 0; i < 2; i++) {
  try { note(f2(i, i)); } catch (e) { note(e); }
}
try { log(f2('s', 'stop')); } catch (e) { log(e); }
try { log(f2((7n), ('q'))); } catch (e) { log(e); }
try { log(f2(25, 1)); } catch (e) { log(e); }
try { try { log(K1.call({}, 1, 2)); } catch (e) { log(e); } } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f2(i, i)); } catch (e) { note(e); }
}
// ---- PropertyOrder
var trace5 = '';
function t4(v) { trace5 = cut(trace5 + typeof v + (typeof v === 'object' ? '' : String(v))); return v; }
function f3(o, a) { return Math.max(t4(a), t4(3)); }
%PrepareFunctionForOptimization(f3);
for (let i = 0; i < 40; i++) {
  try { note(f3({ x: 1 }, i)); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f3({ x: 1 }, i)); } catch (e) { note(e); }
}
try { log(f3(null, 1)); } catch (e) { log(e); }
try { log(f3({ x: 's' }, ((-0)))); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f3({ x: 1 }, i)); } catch (e) { note(e); }
}
// ---- Overflow
function f6(start, step) {
  let s = start;
  for (let i = 0; i < 24; i++) {
    s -= step;
    if (i === 19) s = cut(String(s));
  }
  return s;
}
for (let i = 0; i < 150; i++) {
  try { note(f6(i, -1)); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f6(i, -1)); } catch (e) { note(e); }
}
try { log(f6(0.5, 1)); } catch (e) { log(e); }
try { log(f6(100, (-7))); } catch (e) { log(e); }
try { log(f6(true, 1)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f6(i, -1)); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
