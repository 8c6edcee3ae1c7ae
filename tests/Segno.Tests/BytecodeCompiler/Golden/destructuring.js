function f({a, b: [c = 1, ...d], ...e}, g = a) {
  [a, e.x] = g;
  return c;
}
