// Objects that were allocated at once move apart: what is known of one says nothing of the other's address.
var sink = [], junk;
function churn(n) { for (let i = 0; i < n; i++) junk = { i, next: junk && i % 9 ? junk : null, list: [i, i + 0.5] }; return n; }
function make(v, n) {
  const inner = { x: v, y: [v, v] }, list = [inner, v], outer = { inner, list, z: { w: v } };
  if (n % 3 === 0) sink.push(inner);
  churn(n);
  if (n % 2 === 0) sink.push(outer);
  churn(n);
  inner.x = n; inner.y[1] = outer.z; list[1] = { n }; outer.z.w = inner; outer.z = { w: outer };
  churn(n);
  return [inner.x, inner.y[0], inner.y[1].w === inner, list[0] === inner, list[1].n, outer.inner === inner, outer.list === list, outer.z.w === outer].join();
}
for (let i = 0; i < 30; i++) make(i, i % 7);
%OptimizeFunctionOnNextCall(make);
%OptimizeFunctionOnNextCall(churn);
for (let i = 0; i < 60; i++) print(make(i, i % 23));
print(sink.length, sink.filter(o => o.inner ? o.inner.x === undefined : o.y.length !== 2).length);
