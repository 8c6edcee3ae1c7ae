function f(o, a) {
  a();
  a(1);
  a(1, o);
  a(1, 2, 3);
  o.m();
  o.m(a, 2, 3);
  o[a](1);
  new o(a);
  a(...o, 1);
  return o?.m?.(a);
}
