// dump: ast
function outer(a) {
  let captured = a, own = 1;
  if (own) { const inner = () => captured + a; return inner; }
  try { eval("own"); } catch ({ message }) { return message; }
}
