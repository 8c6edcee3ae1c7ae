function f(x) {
  return [1, 2.5, "s", , x, ...x, 3, , {a: 1, b: x, m() {}, get g() { return 1 }, [x]: 2, 3: x, ...x, __proto__: null}, /re/g, `a${x}b`, 10n, {}, []];
}
