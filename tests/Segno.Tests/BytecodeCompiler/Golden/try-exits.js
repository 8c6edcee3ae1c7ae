function f(xs) {
  for (const x of xs) {
    try {
      if (x) return x;
      if (xs.stop) break;
      x();
    } catch {
      continue;
    }
  }
}
