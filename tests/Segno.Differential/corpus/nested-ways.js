// What is known on one way through nested choices must not be known on the other.
function P(k) { this.k = k; }
function Q(k) { this.j = 0; this.k = k; }
function R(k) { this.i = 0; this.j = 0; this.k = k; }
function f(o, p) { return o.k + p.k + (o === p) + o.k; }
var all = [new P(1), new Q(2), new R(3)];
for (var i = 0; i < 60; i++) print(f(all[i % 3], all[(i / 3 | 0) % 3]));
try { f(null, all[0]); } catch (e) { print(e instanceof TypeError); }
print(f({ k: 'x' }, all[1]), f(5, all[1]), f('s', all[2]));
