// What a new array holds gets another name when it is read: a change under that name is a change of the object.
function popped(v) { var x = []; var o = { q: 1 }; x.push(o); var p = x.pop(); p.q = v; return o.q }
function indexed(v) { var x = [0]; var o = { q: 1 }; x.push(o); x.push({ q: 7 }); var p = x[1]; p.q = v; return o.q + x.pop().q }
function computed(v) { var x = [{ q: 2 }, { q: 3 }], o = x[0]; x[v & 1].q = v; return o.q * 100 + x[1].q }
function stored(v) { var x = new Array(2), o = { q: 1 }, r = { q: 2 }; x[v & 1] = o; x[1 - (v & 1)] = r; x[0].q += v; x[1].q *= 3; return o.q * 1000 + r.q }
function nested(v) { var o = { q: 1 }, x = [[o]], y = x.pop(); y.push({ q: o }); y[0].q = v; var last = y.pop(); last.q.q++; return o.q }
function loop(v) { var x = [], o = { q: 0 }; for (var i = 0; i < 3; i++) x.push(o); while (x.length) x.pop().q += v; return o.q }
function handed(v, use) { var x = [], o = { q: v }; x.push(o); use(x); return o.q }
function change(list) { list[0].q++ }
var text = "", functions = [popped, indexed, computed, stored, nested, loop];
for (var i = 0; i < 3000; i++) for (var f of functions) { var r = f(i); if (i % 500 == 7) text += r + " " }
for (var i = 0; i < 3000; i++) { var r = handed(i, change); if (i % 500 == 7) text += r + " " }
print(text);
