function f(n) {
  const all = [];
  for (let i = 0; i < n; i++) all.push(() => i);
  return all;
}
