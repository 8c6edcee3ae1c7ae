// dump: error
let total = 1;
function f() { return total +* 2; }
