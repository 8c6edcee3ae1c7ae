// dump: bytecode
// Suspension and resumption: the entry, a yield between handlers, delegation, a pattern that may be left.
function* g(n, { step = 1 } = {}) {
  try {
    for (let i = 0; i < n; i += step) {
      const got = yield i;
      if (got) return got;
    }
  } finally {
    done();
  }
}

function* delegate(inner) {
  return yield* inner;
}

function* pattern(from) {
  let [a = yield 1] = from;
  return a;
}
