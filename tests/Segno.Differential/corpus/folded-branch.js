// Where the backend folds a branch, the phis behind it lose an input.
function f(a, b) {
    var k = 3, r = 'none';
    for (var i = 0; i < 4; i++) {
        if ((k & 1) > 2 || (a === a && i < 9)) r = b + i; else r = -1;
        var s = k & 1 ? r : 'no';
        k = (k * 5) & 7;
    }
    return s + ':' + r + k;
}
for (var i = 0; i < 12; i++) print(f(i, i / 2));
