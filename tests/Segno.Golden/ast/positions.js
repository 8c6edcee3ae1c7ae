// dump: ast-positions
var total = 1 + f(2, ...more) ** 3;
