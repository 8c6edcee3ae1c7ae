// Allocation: 20 million objects that die at once, beside a live binary tree of depth 20.
function tree(depth) { return depth === 0 ? { left: null, right: null } : { left: tree(depth - 1), right: tree(depth - 1) }; }
function count(node) { return node === null ? 0 : 1 + count(node.left) + count(node.right); }
function run() {
  const live = tree(20);
  let sum = 0;
  for (let i = 0; i < 20000000; i++) { const o = { x: i, y: 1 }; sum += o.y; }
  return sum + count(live);
}
