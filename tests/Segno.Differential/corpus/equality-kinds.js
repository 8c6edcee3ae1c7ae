// == and === where identity is enough, and where it is not: the operands of a site change their kinds while its code is hot.
function loose(a, b) { return a == b }
function strict(a, b) { return a === b }
function isNull(a) { return a == null }
function same(list) { var n = 0; for (var i = 0; i < list.length; i++) for (var j = 0; j < list.length; j++) if (loose(list[i], list[j])) n += i * 31 + j; return n }
function identical(list) { var n = 0; for (var i = 0; i < list.length; i++) for (var j = 0; j < list.length; j++) if (strict(list[i], list[j])) n += i * 31 + j; return n }

var o = {}, p = { valueOf() { return 1 } }, f = function () { }, s = "one", t = "o" + "ne", y = Symbol("y");
var groups = [
    [o, p, f], [o, null, f], [undefined, null], [o, undefined, p, null], [true, false], [true, null, undefined], ["a", "b", s, t, t + t],
    [true, o, p], [1, p, "1"], [1n, 1, "1", true], [y, o, null], [NaN, NaN, o], [0, -0, false, null, ""], [2.5, "2.5", 2n],
];
for (var group of groups) {
    var n = 0;
    for (var i = 0; i < 400; i++) n += same(group) + identical(group) + (isNull(group[i % group.length]) ? 1 : 0);
    print(n);
}
