function f(a, b) {
  a += 1; b = a - b * 2 ** a;
  return !a && typeof b === "string" || a == null || (b ?? a) !== undefined || -a < ~b || a in b || a instanceof b || delete a.x || void 0 || a++ || --b.c || (a ||= b);
}
