'use strict';
// seed 51
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
// ---- FinallyBlocks
function f1(x) {
  let s = '';
  outer: for (let i = 0; i < 4; i++) {
    try {
      s += i;
      if (x === i) break outer;
      try { if (i === 2) throw 'inner'; } finally { s += 'f'; }
    }  finally {
      s += '.';
    }
  }
  return s;
}
%PrepareFunctionForOptimization(f1);
for (let i = 0; i < 150; i++) {
  try { note(f1(i & 15)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f1);
for (let i = 0; i < 2; i++) {
  try { note(f1(i & 15)); } catch (e) { note(e); }
}
try { log(f1(0)); } catch (e) { log(e); }
try { log(f1({ q: 'Q' })); } catch (e) { log(e); }
try { log(f1(2)); } catch (e) { log(e); }
try { log(f1(7)); } catch (e) { log(e); }
try { log(f1(undefined)); } catch (e) { log(e); }
try { log(f1('s')); } catch (e) { log(e); }
try { log(f1(((-0)))); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f1(i & 15)); } catch (e) { note(e); }
}
// ---- Constructors
function K2(a, b) {
  this.a = a;
  if (b) this.b = b; else this.c = b;
  this.e = arguments.length;
}
function f3(a, b) { const o = new K2(a, b); return o.a + o.b; }
%PrepareFunctionForOptimization(f3);
for (let i = 0; i < 150; i++) {
  try { note(f3(i, undefined)); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f3);
for (let i = 0; i < 2; i++) {
  try { note(f3(i, undefined)); } catch (e) { note(e); }
}
try { log(f3('s', 'stop')); } catch (e) { log(e); }
try { K2.prototype = { a: 'inherited', b: 3 }; log(f3(2, 1)); log(new K2(1, 2)); } catch (e) { log(e); }
try { log(f3((NaN), (false))); } catch (e) { log(e); }
try { log(f3(25, 1)); } catch (e) { log(e); }
%DeoptimizeFunction(f3);
for (let i = 0; i < 3; i++) {
  try { note(f3(i, undefined)); } catch (e) { note(e); }
}
// ---- RandomFunction
function f4(a, b, c) {
  tick++;
  let s = 'y', n = (-0.5), t = 0;
  c = [b].concat((a - a)).slice(-6);
  a += ((a % a) - ((tick % 33 === 6) ? a : a));
  let n5 = 0;
  for (let v6 of c) {
    if (++n5 > 8) break;
    if (c) {
      let v7 = ((v6 = c) >= ((t < 5) ? v6 : t));
      let k8 = 0;
      do {
        k8++;
        n = n;
        note(((v7 = (!(tick > 45))) ? (~c[t & 3]) : c.length));
        ({ x: a, y: n }).w += n;
      } while (k8 < 5);
      if (((a / a) < (-n))) {
        v7 = (31 >= (1e300 | 0));
        c[c.length & 31] = (t++);
        c = ((!v7) ? [n, 1.5] : ('3'));
      } else {
        s = cut(s + s);
      }
    } else {
      note(((a += (--a)) * c[v6 & 3]));
    }
  }
  return Math.fround(n);
}
function f9(a, b, c) {
  tick++;
  let s = '\u{1F600}', n = 0.1, t = 0;
  if ((tick % 16 === 6)) {
    if ((b.y <= f4(t, (tick % 60 === 3), [1, 2, 3]))) {
      const c10 = function (p) {
        note(((+'12') | 0));
        return ((0 !== a) ? c.concat(p).slice(-6) : c);
      };
      note(c10(65535));
    } else {
      switch (((t + t) + c[a & 3])) {
        case 2147483647: {
          let v11 = (~t);
        } break;
        default: {
          let v12 = ((t = 5) * (5 | 0));
        } break;
        case 7: {
          var v13 = a;
        }
      }
    }
    s = cut(s + (typeof (t * a)));
  } else {
    b.y = (b = ({ y: t, x: a }));
  }
  t <<= b.y;
  return s;
}
var o14 = { x: 1, y: 2 };
%PrepareFunctionForOptimization(f9);
for (let i = 0; i < 20; i++) {
  try { note(f9(i, o14, [i, 2, 3])); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f9);
for (let i = 0; i < 2; i++) {
  try { note(f9(i, o14, [i, 2, 3])); } catch (e) { note(e); }
}
try { log(f9()); } catch (e) { log(e); }
try { log(f9(('q'), o14, [1])); } catch (e) { log(e); }
try { log(f9(1, { y: 1 }, [])); } catch (e) { log(e); }
try { log(f9(2, { get x() { note('g'); return 3; }, y: 1 }, [, 1])); } catch (e) { log(e); }
try { log(f9(0, o14, [1, 2], 4, 5)); } catch (e) { log(e); }
%ClearFunctionFeedback(f9);
for (let i = 0; i < 3; i++) {
  try { note(f9(i, o14, [i, 2, 3])); } catch (e) { note(e); }
}
for (let i = 0; i < 5; i++) {
  try { note(f9(i, o14, [i, 2, 3])); } catch (e) { note(e); }
}
%OptimizeFunctionOnNextCall(f9);
for (let i = 0; i < 2; i++) {
  try { note(f9(i, o14, [i, 2, 3])); } catch (e) { note(e); }
}
try { log(f9()); } catch (e) { log(e); }
try { log(f9(('q'), o14, [1])); } catch (e) { log(e); }
try { log(f9(1, { y: 1 }, [])); } catch (e) { log(e); }
try { log(f9(2, { get x() { note('g'); return 3; }, y: 1 }, [, 1])); } catch (e) { log(e); }
try { log(f9(0, o14, [1, 2], 4, 5)); } catch (e) { log(e); }
for (let i = 0; i < 3; i++) {
  try { note(f9(i, o14, [i, 2, 3])); } catch (e) { note(e); }
}
print(lines.join('\n'));
print(logged + ' ' + sum);
