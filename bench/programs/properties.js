// Monomorphic loads and stores in a loop.
function Point(x, y) { this.x = x; this.y = y; this.sum = 0; }
function run() {
  const p = new Point(1, 2);
  for (let i = 0; i < 5000000; i++) { p.sum = p.sum + p.x; p.x = p.y; p.y = i; }
  return p.sum > 0;
}
