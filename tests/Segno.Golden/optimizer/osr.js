// dump: graph schedule code
// The loop gets hot by itself: baseline code first, then optimized code, entered at the loop's header.
function hot(n) {
  let product = 1;
  for (let i = 1; i <= n; i++) product = (product * i) & 0xffff;
  return product;
}
hot(40000);
