// seed 190
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
// ---- RandomFunction
function f1(a, b, c) {
  tick++;
  let s = 'a', n = 9007199254740991, t = 0;
  var v2 = a;
  delete b.x;
  note(String((b instanceof Array)).slice(((t * gi) - (~(2147483648))) & 3));
  return gi;
}
function f3(a, b, c) {
  tick++;
  let s = 'a', n = (-2.25), t = 0;
  note((({ valueOf() { return 4294967295; } }) instanceof Object));
  let v4 = n;
  if ((v4 < (+gs))) {
    delete go.a;
  } else {
    try {
      if (c.length < 40) c.push(({ x: s }).w);
      if ((tick > 45)) throw t;
      let k5 = 0;
      while (k5 < 4) {
        k5++;
        if (f1(t, `<${gi}>`, ({ y: a, x: k5 }))) continue;
        b.w += ({ z: (-(-2.25)), ['a']: (-7) });
        ga[(gi + t) & 7] = ga.length;
      }
    } catch (e6) {
      note(e6);
      go = ({ x: cut(s + gs), y: (t * -0.25) });
    }
  }
  let k7 = 0;
  do {
    k7++;
    if (c.length < 40) c.push(t);
  } while (k7 < 4);
  return (gs.charAt(t & 7).charCodeAt(ga.length & 3) - (a++));
}
function f8(a, b, c) {
  tick++;
  let s = 'y', n = 31, t = 0;
  note((~((65535 + t) + (--t))));
  let v9 = (tick % 60 === 6);
  return c.concat(t).slice(-6).slice((n | 0) & 1).slice(a & 1);
}
var o10 = { x: 1, y: 2 };
%PrepareFunctionForOptimization(f8);
for (let i = 0; i < 20; i++) {
  try { note(f8(i, o10, [i, 2, 3])); } catch (e) { note(e); }
}
for (let i = 0; i < 2; i++) {
  try { note(f8(i, o10, [i, 2, 3])); } catch (e) { note(e); }
}
try { log(f8(1, (Symbol.iterator), [1])); } catch (e) { log(e); }
try { log(f8((2147483648), o10, [1])); } catch (e) { log(e); }
try { log(f8(0.1, o10, [1.5])); } catch (e) { log(e); }
try { log(f8(2, { get x() { note('g'); return 3; }, y: 1 }, [, 1])); } catch (e) { log(e); }
try { log(f8(1, { y: 1 }, [])); } catch (e) { log(e); }
try { log(f8(1, o10, (1.5))); } catch (e) { log(e); }
try { log(f8()); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f8(i, o10, [i, 2, 3])); } catch (e) { note(e); }
}
// ---- Constructors
function K11(a, b) {
  this.a = a;
  if (a > 20) this.b = b; else this.c = b;
  if (b === 'stop') throw b;
}
function f12(a, b) { const o = new K11(a); return o.a + o.a; }
for (let i = 0; i < 20; i++) {
  try { note(f12(i, i)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f12);
for (let i = 0; i < 2; i++) {
  try { note(f12(i, i)); } catch (e) { note(e); }
}
try { log(f12('s', 'stop')); } catch (e) { log(e); }
try { log(f12(25, 1)); } catch (e) { log(e); }
try { try { log(K11.call({}, 1, 2)); } catch (e) { log(e); } } catch (e) { log(e); }
try { log(f12(({}), (undefined))); } catch (e) { log(e); }
try { K11.prototype = { a: 'inherited', b: 3 }; log(f12(2, 1)); log(new K11(1, 2)); } catch (e) { log(e); }
try { Object.defineProperty(K11.prototype, 'a', { set(v) { note('set'); }, get() { return 'acc'; }, configurable: true }); log(f12(2, 1)); delete K11.prototype.a; } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f12(i, i)); } catch (e) { note(e); }
}
// ---- ArraySum
function f13(a, n) {
  let s = 0;
  for (let i = 0; i < a.length && i < 50; i++) {
    s = a[i] === undefined ? 'u' : a[i];
    if (i === n) a.length = 1;
    if (typeof s === 'string') s = cut(s);
  }
  return s;
}
%PrepareFunctionForOptimization(f13);
for (let i = 0; i < 20; i++) {
  try { note(f13([1, 'a', null], 5)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f13);
for (let i = 0; i < 2; i++) {
  try { note(f13([1, 'a', null], 5)); } catch (e) { note(e); }
}
try { log(f13(['a', 'b', 'c'], 2)); } catch (e) { log(e); }
try { log(f13(Object.freeze([1, 2]), 1)); } catch (e) { log(e); }
try { log(f13(['a', 'b', 'c'], 4)); } catch (e) { log(e); }
try { log(f13('text', 4)); } catch (e) { log(e); }
try { log(f13({ length: 2, 0: 5, 1: 6 }, 2)); } catch (e) { log(e); }
try { Object.prototype[2] = 'deep'; log(f13([1], 3)); delete Object.prototype[2]; } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f13([1, 'a', null], 5)); } catch (e) { note(e); }
}
for (let i = 0; i < 20; i++) {
  try { note(f13([1, 'a', null], 5)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f13);
for (let i = 0; i < 2; i++) {
  try { note(f13([1, 'a', null], 5)); } catch (e) { note(e); }
}
try { log(f13(['a', 'b', 'c'], 2)); } catch (e) { log(e); }
try { log(f13(Object.freeze([1, 2]), 1)); } catch (e) { log(e); }
try { log(f13(['a', 'b', 'c'], 4)); } catch (e) { log(e); }
try { log(f13('text', 4)); } catch (e) { log(e); }
try { log(f13({ length: 2, 0: 5, 1: 6 }, 2)); } catch (e) { log(e); }
try { Object.prototype[2] = 'deep'; log(f13([1], 3)); delete Object.prototype[2]; } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f13([1, 'a', null], 5)); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
