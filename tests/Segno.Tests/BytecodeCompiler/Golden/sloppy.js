function f(o, a) {
  with (o) { a = b; c(); }
  return arguments[0] + eval("a");
}
