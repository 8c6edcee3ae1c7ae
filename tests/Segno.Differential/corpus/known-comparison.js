// A comparison that the compiler answers is a boolean, not the integer 1.
function f(o) {
    var p = o;
    return [p === o, p !== o, o == null];
}
for (var i = 0; i < 9; i++) print(f({ i }).join());
