// Functions of Math and remainders that optimized code computes inline or through C#: zeros with signs, NaN, infinities, guesses that fail.
var values = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3.7, -3.7, 1e300, -1e300, 5e-324, -5e-324, Infinity, -Infinity, NaN, 4294967296.5, -9007199254740993, 7];
function show(v) { return Object.is(v, -0) ? "-0" : String(v) }
function max(a, b) { return Math.max(a, b) }
function min(a, b) { return Math.min(a, b) }
function mod2(a) { return a % 2 }
function mod1(a) { return a % 1 }
function mod1024(a) { return a % 1024.0 }
function mod(a, b) { return a % b }
function pow(a, b) { return Math.pow(a, b) }
function exponent(a, b) { return a ** b }
function round(a) { return Math.floor(a) + Math.ceil(a) * 3 + Math.trunc(a) * 5 + Math.abs(a) * 7 }
function others(a) { return Math.sin(a) + Math.cos(a) * 2 + Math.tan(a) * 3 + Math.exp(a) + Math.log(a) + Math.sqrt(a) }

function all(list) {
    var text = "";
    for (var a of list) {
        text += show(mod2(a)) + " " + show(mod1(a)) + " " + show(mod1024(a)) + " " + show(round(a)) + " " + show(others(a)) + ";";
        for (var b of list) text += show(max(a, b)) + "," + show(min(a, b)) + "," + show(mod(a, b)) + "," + show(pow(a, b)) + "," + show(exponent(a, b)) + ";";
    }
    return text;
}
var first = all(values), same = 0;
for (var i = 0; i < 60; i++) if (all(values) === first) same++;
print(same, first.length);

// Guesses that fail: strings, undefined, objects with side effects.
var calls = 0, odd = { valueOf() { calls++; return 6.5 } };
for (var i = 0; i < 300; i++) all([1.5, 2]);
print(show(max("3", undefined)), show(min(odd, "4")), show(mod2(odd)), show(mod("7", odd)), show(pow(odd, "2")), show(round(odd)), calls);
for (var i = 0; i < 300; i++) all([1.5, "2", null]);
print(show(max("3", 1)), show(Math.max()), show(Math.min(1, 2, 0.5)), calls);
