function f(x) {
  switch (x) {
    case 1: { let y = 2; return () => y; }
    default: x = 3;
    case "a": break;
  }
  return x;
}
