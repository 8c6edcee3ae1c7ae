// dump: bytecode
function compute(a, b) {
  let r = a * 2 + b;
  r += 100000;
  r <<= 3;
  return -r + b % 7 ** 2;
}
