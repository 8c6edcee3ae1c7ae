// A phi reads a conversion that was made after it, whose input belongs above both branches.
function f(a, b) {
    var r = b;
    for (var i = 0; i < 6; i++) {
        if (i < 4) {
            var t = b >> -i;
            if (i > 2) r = t; else r = { t }.t;
        }
    }
    return r;
}
for (var i = 0; i < 12; i++) print(f(i, i * 99.5));
