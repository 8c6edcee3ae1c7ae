// seed 5
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
// ---- PropertyOrder
var trace3 = '';
function t2(v) { trace3 = cut(trace3 + typeof v + (typeof v === 'object' ? '' : String(v))); return v; }
function f1(o, a) { return t2(a) && t2(o); }
%PrepareFunctionForOptimization(f1);
for (let i = 0; i < 150; i++) {
  try { note(f1({ x: 1 }, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f1);
for (let i = 0; i < 2; i++) {
  try { note(f1({ x: 1 }, i)); } catch (e) { note(e); }
}
try { log(f1(null, 1)); } catch (e) { log(e); }
try { log(f1({ x: 's' }, (2147483648))); } catch (e) { log(e); }
try { log(f1({ x(a) { return a; } }, 3)); } catch (e) { log(e); }
try { log(f1((Symbol.iterator), 1)); } catch (e) { log(e); }
try { log(trace3); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f1({ x: 1 }, i)); } catch (e) { note(e); }
}
for (let i = 0; i < 40; i++) {
  try { note(f1({ x: 1 }, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f1);
for (let i = 0; i < 2; i++) {
  try { note(f1({ x: 1 }, i)); } catch (e) { note(e); }
}
try { log(f1(null, 1)); } catch (e) { log(e); }
try { log(f1({ x: 's' }, (2147483648))); } catch (e) { log(e); }
try { log(f1({ x(a) { return a; } }, 3)); } catch (e) { log(e); }
try { log(f1((Symbol.iterator), 1)); } catch (e) { log(e); }
try { log(trace3); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f1({ x: 1 }, i)); } catch (e) { note(e); }
}
// ---- ArrayCallbacks
function f4(a, k) { return a.every((x, i, all) => { if (i === k) all.length = 2; return x; }); }
%PrepareFunctionForOptimization(f4);
for (let i = 0; i < 5; i++) {
  try { note(f4([], 9)); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f4([], 9)); } catch (e) { note(e); }
}
try { log(f4([1, 2, 3], 1)); } catch (e) { log(e); }
try { log(f4([1.5, , 3], 0)); } catch (e) { log(e); }
try { Array.prototype[1] = 5; log(f4([1, , 3], 7)); delete Array.prototype[1]; } catch (e) { log(e); }
try { log(f4([0.5, 1.5, 2.5, 3.5], 1)); } catch (e) { log(e); }
try { log(f4(['a', 'b', 'c'], 9)); } catch (e) { log(e); }
try { log(f4([1, , 3], 1)); } catch (e) { log(e); }
try { log(f4({ length: 2, 0: 1, 1: 2, every: Array.prototype.every }, 1)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f4([], 9)); } catch (e) { note(e); }
}
// ---- PropertyOrder
var trace7 = '';
function t6(v) { trace7 = cut(trace7 + typeof v + (typeof v === 'object' ? '' : String(v))); return v; }
function f5(o, a) { return o[t6('x')] = t6(a); }
%PrepareFunctionForOptimization(f5);
for (let i = 0; i < 150; i++) {
  try { note(f5({ x: 1 }, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f5);
for (let i = 0; i < 2; i++) {
  try { note(f5({ x: 1 }, i)); } catch (e) { note(e); }
}
try { log(f5({ x: 's' }, ('q'))); } catch (e) { log(e); }
try { log(f5(((-0)), 1)); } catch (e) { log(e); }
try { log(trace7); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f5({ x: 1 }, i)); } catch (e) { note(e); }
}
for (let i = 0; i < 150; i++) {
  try { note(f5({ x: 1 }, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f5);
for (let i = 0; i < 2; i++) {
  try { note(f5({ x: 1 }, i)); } catch (e) { note(e); }
}
try { log(f5({ x: 's' }, ('q'))); } catch (e) { log(e); }
try { log(f5(((-0)), 1)); } catch (e) { log(e); }
try { log(trace7); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f5({ x: 1 }, i)); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
