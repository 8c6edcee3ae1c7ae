// Arrays that are made, grown and shrunk inline: literals, new Array, push and pop, across the kinds of elements.
function pair(a, b) { var x = new Array(); x.push(a); x.push(b); return x.pop() + x.length }
function literal(i) { var a = [1, 2, 3]; a[1] = i; return a[0] + a[1] + a[2] + a.length }
function doubles(i) { var a = [1.5, 2.5]; a.push(i + 0.5); a.push(i); return a[2] + a[3] + a.length }
function strings() { return ["a", "b", "c"] }
function general(o) { var x = []; x.push(o); x.push(1); x.push(undefined); x.push("s"); x.push(5.5); x.push(); x.push(1, 2); return x }
function sized() { var x = new Array(4); x[2] = 7; return x.join() }
function drain(a) { var s = ""; while (a.length) s += a.pop() + ","; return s + a.pop() + a.length }
function pushed(a, v) { return a.push(v) }
function stack(depth) { var s = []; for (var i = 0; i < depth; i++) s.push({ i: i }); var t = 0; while (s.length > 0) t += s.pop().i; return t }
function subclass(n) { var a = new List(); a.push(n); return a.length + a.pop() }
class List extends Array { }

var sum = 0, last, text = "";
for (var i = 0; i < 3000; i++) {
    sum += pair(i, i + 1) + literal(i) + doubles(i) + stack(i % 40) + subclass(i);
    last = general({ x: i });
    sum += last.length + pushed([], i) + pushed([1.5], i) + pushed(["s"], i) + pushed([, 1], i);
    if (i % 100 == 0) text += sized() + drain([1, 2, i]) + drain([1, , 3]) + drain([1.5, , 2]) + drain(["a", {}]) + strings();
}
print(sum, last[0].x, last.join(), text.length, text.slice(-200));

// What inline code must leave to the builtin.
var frozen = Object.freeze([1, 2]);
var readOnly = [1, 2];
Object.defineProperty(readOnly, "length", { writable: false });
for (var a of [frozen, readOnly]) {
    try { pushed(a, 3) } catch (e) { print(e.name, a.length) }
    try { drain(a) } catch (e) { print(e.name, a.length) }
}
print(pushed({ length: 4, push: Array.prototype.push }, 1));

// A prototype with elements: holes are not absent any more, and additions find a setter.
text = "";
Object.defineProperty(Array.prototype, 1, { configurable: true, set(v) { text += " set " + v }, get() { return "proto" } });
var one = [1];
one[2] = 3;
print(drain(one), drain([1, , 3]));
print(pair(1, 2), stack(10), text);
delete Array.prototype[1];
print(pair(1, 2), stack(10), text.length);
