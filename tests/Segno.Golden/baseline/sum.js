// dump: baseline
function sum(list, n) {
    var total = 0;
    for (var i = 0; i < n; i++) {
        total += list[i].x;
    }

    return total;
}

sum([{ x: 1 }], 1);
