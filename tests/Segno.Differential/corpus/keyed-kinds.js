// Stores that change the kind of an array: each fresh array starts from the first kind again.
function fill(n, v) {
    var a = new Array(n);
    for (var i = n - 1; i >= 0; i--) a[i] = i & 1 ? v : i;
    a[n + 2] = v;
    return a.join();
}
for (var i = 0; i < 12; i++) print(fill(i, i), fill(i, 0.5), fill(i, {}), fill(i, -0));
