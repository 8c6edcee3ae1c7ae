// dump: bytecode
function update(o, k) {
  o[k] += 1;
  o[k]++;
  o[k] ??= k;
  o[k + "s"] -= k;
  o[k] = k;
}
