// Where ways meet, an object may hold another on one of them only; a store or a callee that comes to the other through it changes it.
function leak(o) { %IsSmi(1); if (o.x) o.x.q = 5; }
function branch(c) { var b = { q: 1 }, o = { x: null }; if (c) o.x = b; else o.x = { q: 2 }; leak(o); return b.q; }
function dropped(c) { var b = { q: 1 }, o = { x: b }; if (c) o.x = null; leak(o); return b.q; }
function loop(c, n) { var b = { q: 1 }, o = { x: b }; for (var i = 0; i < n; i++) { if (c) o.x = { q: i }; } leak(o); return b.q; }
function store(c) { var b = { q: 1 }, o = { x: null }; if (c) o.x = b; else o.x = { q: 2 }; o.x.q = 7; return b.q; }
function deep(c) { var b = { q: 1 }, m = { b: b }, o = { x: null }; if (c) o.x = m; else o.x = { b: { q: 2 } }; o.x.b.q = 8; return b.q; }
function chosen(c) { var b = { q: 1 }, o = { x: c ? b : null }; leak(o); return b.q; }
// A loop that puts the object into the holder for its next round; too large to have its first round apart, and with a loop inside.
function rounds(c, n) {
  var b = { z: 0, y: 0, q: 1 }, o = { x: null }, s = 0, t = 0;
  for (var i = 0; i < n; i++) {
    if (o.x !== null) o.x.q = 5;
    s = s + b.q | 0;
    t = (t ^ 1) | 0; t = (t ^ 2) | 0; t = (t ^ 3) | 0; t = (t ^ 4) | 0; t = (t ^ 5) | 0; t = (t ^ 6) | 0; t = (t ^ 7) | 0; t = (t ^ 8) | 0; t = (t ^ 9) | 0; t = (t ^ 10) | 0; t = (t ^ 11) | 0; t = (t ^ 12) | 0; t = (t ^ 13) | 0; t = (t ^ 14) | 0; t = (t ^ 15) | 0; t = (t ^ 16) | 0; t = (t ^ 17) | 0; t = (t ^ 18) | 0; t = (t ^ 19) | 0; t = (t ^ 20) | 0; t = (t ^ 21) | 0; t = (t ^ 22) | 0; t = (t ^ 23) | 0; t = (t ^ 24) | 0; t = (t ^ 25) | 0; t = (t ^ 26) | 0; t = (t ^ 27) | 0; t = (t ^ 28) | 0; t = (t ^ 29) | 0; t = (t ^ 30) | 0; t = (t ^ 31) | 0; t = (t ^ 32) | 0; t = (t ^ 33) | 0; t = (t ^ 34) | 0; t = (t ^ 35) | 0; t = (t ^ 36) | 0; t = (t ^ 37) | 0; t = (t ^ 38) | 0; t = (t ^ 39) | 0; t = (t ^ 40) | 0; t = (t ^ 41) | 0; t = (t ^ 42) | 0; t = (t ^ 43) | 0; t = (t ^ 44) | 0; t = (t ^ 45) | 0; t = (t ^ 46) | 0; t = (t ^ 47) | 0; t = (t ^ 48) | 0; t = (t ^ 49) | 0; t = (t ^ 50) | 0; t = (t ^ 51) | 0; t = (t ^ 52) | 0; t = (t ^ 53) | 0; t = (t ^ 54) | 0; t = (t ^ 55) | 0; t = (t ^ 56) | 0; t = (t ^ 57) | 0; t = (t ^ 58) | 0; t = (t ^ 59) | 0;
    o.x = b;
  }
  return s;
}
function nested(c, n) {
  var b = { z: 0, y: 0, q: 1 }, o = { x: null }, s = 0;
  for (var i = 0; i < n; i++) {
    if (o.x !== null) o.x.q = 5;
    s += b.q;
    for (var j = 0; j < 2; j++) s += j;
    o.x = b;
  }
  return s;
}
for (var f of [branch, dropped, loop, store, deep, chosen, rounds, nested]) {
  %PrepareFunctionForOptimization(f);
  for (var i = 0; i < 10; i++) { f(true, 3); f(false, 3); }
  %OptimizeFunctionOnNextCall(f);
  print(f(true, 3), f(false, 3));
}
