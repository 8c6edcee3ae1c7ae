// seed 868528164241
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
// ---- Switches
function f1(v) {
  let r = '';
  switch (v) {
    case 33: r += 'a'; break;
    case 255: r += 'b'; break;
    case 33: r += 'c'; return r;
    case 1073741824: { let x = r; r = x + 'e'; } break;
    case v: r += 's';
  }
  return r;
}
%PrepareFunctionForOptimization(f1);
for (let i = 0; i < 5; i++) {
  try { note(f1(i & 7)); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f1(i & 7)); } catch (e) { note(e); }
}
try { log(f1(1.5)); } catch (e) { log(e); }
try { log(f1(-0)); } catch (e) { log(e); }
try { log(f1(NaN)); } catch (e) { log(e); }
try { log(f1(255)); } catch (e) { log(e); }
try { log(f1(([5]))); } catch (e) { log(e); }
try { log(f1('a' + 'bc')); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f1(i & 7)); } catch (e) { note(e); }
}
for (let i = 0; i < 5; i++) {
  try { note(f1(i & 7)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f1);
for (let i = 0; i < 2; i++) {
  try { note(f1(i & 7)); } catch (e) { note(e); }
}
try { log(f1(1.5)); } catch (e) { log(e); }
try { log(f1(-0)); } catch (e) { log(e); }
try { log(f1(NaN)); } catch (e) { log(e); }
try { log(f1(255)); } catch (e) { log(e); }
try { log(f1(([5]))); } catch (e) { log(e); }
try { log(f1('a' + 'bc')); } catch (e) { log(e); }
%DeoptimizeFunction(f1);
for (let i = 0; i < 3; i++) {
  try { note(f1(i & 7)); } catch (e) { note(e); }
}
// ---- CallAndApply
function g3(a, b) { 'use strict'; return [this === undefined, a, b, arguments.length]; }
function f2(h, t, a) { return h.call(t, a, 1); }
for (let i = 0; i < 5; i++) {
  try { note(f2(g3, { x: g3 }, 's')); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f2);
for (let i = 0; i < 2; i++) {
  try { note(f2(g3, { x: g3 }, 's')); } catch (e) { note(e); }
}
try { log(f2(g3, 5, [1, 2, 3])); } catch (e) { log(e); }
try { log(f2(g3, null, 1)); } catch (e) { log(e); }
try { log(f2(g3, 'str', undefined)); } catch (e) { log(e); }
try { log(f2((null), (NaN), 1)); } catch (e) { log(e); }
try { log(f2(Math.max, { x: Math.max }, 5)); } catch (e) { log(e); }
try { log(f2(null, {}, 1)); } catch (e) { log(e); }
try { log(f2((a) => a, { x(a) { return this === a; } }, 5)); } catch (e) { log(e); }
try { log(f2(g3.bind({ x: 'bound' }, 'first'), null, 2)); } catch (e) { log(e); }
try { log(f2(class { constructor() {} }, { x: g3 }, 1)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f2(g3, { x: g3 }, 's')); } catch (e) { note(e); }
}
// ---- Loads
function f4(o) { return o['x']; }
for (let i = 0; i < 5; i++) {
  try { note(f4({ x: i })); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f4);
for (let i = 0; i < 2; i++) {
  try { note(f4({ x: i })); } catch (e) { note(e); }
}
try { log(f4({ x: 'text', y: null })); } catch (e) { log(e); }
try { Object.prototype.x = 'proto'; log(f4({ y: 1 })); log(f4(1)); delete Object.prototype.x; log(f4({ y: 1 })); } catch (e) { log(e); }
try { log(f4({})); } catch (e) { log(e); }
try { log(f4(undefined)); } catch (e) { log(e); }
try { log(f4('string')); } catch (e) { log(e); }
try { log(f4([1, 2])); } catch (e) { log(e); }
try { for (let i = 0; i < 12; i++) { const o = {}; o['p' + i] = i; o.x = i; o.y = i * 2; note(f4(o)); } } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f4({ x: i })); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
