function f(g) {
  outer: while (g()) {
    try {
      if (g(1)) return 1;
      if (g(2)) continue outer;
      break;
    } catch (e) {
      g(e);
    } finally {
      g(3);
    }
  }
}
