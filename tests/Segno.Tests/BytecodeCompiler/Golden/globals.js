var v = 1;
let l = v;
const c = typeof unknown;
function g() { return l + undeclared; }
v = g();
c = 1;
