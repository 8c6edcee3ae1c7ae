// dump: bytecode
function loop(n) {
  var s = 0;
  outer: for (let i = 0; i < n; i++) {
    if (i === 3) continue;
    switch (i) {
      case 1: s += 1; break;
      case 2: break outer;
      default: s -= 1;
    }
  }
  return s;
}
