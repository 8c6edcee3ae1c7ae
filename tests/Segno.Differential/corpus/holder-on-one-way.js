// Where ways meet, an object may hold another on one of them only; a store or a callee that comes to the other through it changes it.
function leak(o) { %IsSmi(1); if (o.x) o.x.q = 5; }
function branch(c) { var b = { q: 1 }, o = { x: null }; if (c) o.x = b; else o.x = { q: 2 }; leak(o); return b.q; }
function dropped(c) { var b = { q: 1 }, o = { x: b }; if (c) o.x = null; leak(o); return b.q; }
function loop(c, n) { var b = { q: 1 }, o = { x: b }; for (var i = 0; i < n; i++) { if (c) o.x = { q: i }; } leak(o); return b.q; }
function store(c) { var b = { q: 1 }, o = { x: null }; if (c) o.x = b; else o.x = { q: 2 }; o.x.q = 7; return b.q; }
function deep(c) { var b = { q: 1 }, m = { b: b }, o = { x: null }; if (c) o.x = m; else o.x = { b: { q: 2 } }; o.x.b.q = 8; return b.q; }
function chosen(c) { var b = { q: 1 }, o = { x: c ? b : null }; leak(o); return b.q; }
for (var f of [branch, dropped, loop, store, deep, chosen]) {
  %PrepareFunctionForOptimization(f);
  for (var i = 0; i < 10; i++) { f(true, 3); f(false, 3); }
  %OptimizeFunctionOnNextCall(f);
  print(f(true, 3), f(false, 3));
}
