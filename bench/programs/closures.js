// Closures made and called, with a captured counter.
function counter(step) { let count = 0; return () => { count += step; return count; }; }
function run() {
  let total = 0;
  for (let i = 0; i < 200000; i++) { const next = counter(i & 3); for (let j = 0; j < 10; j++) total += next(); }
  return total;
}
