// dump: bytecode
var v = 1;
let l = 2;
const c = v + l;
function f() { undeclared = typeof missing; delete this.v; return c; }
f();
