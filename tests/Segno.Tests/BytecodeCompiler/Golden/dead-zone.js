function f() {
  x = y;
  let x = 1;
  const y = x;
  y = 2;
  return () => x + y;
}
