function f(n) {
  let s = 0;
  for (let i = 0; i < n; i++) s += i * 2;
  do { s--; } while (s > 10 && n);
  for (const k in n) s += k;
  return s;
}
