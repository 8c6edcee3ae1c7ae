// Methods of typed arrays and data views from hot code: all kinds, conversions, NaN of any bits, buffers that shrink, grow and go while a method runs.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array];
function outcome(f, ...rest) { try { return String(f(...rest)); } catch (e) { return e.name + ': ' + e.message; } }
function sumOf(a) { let s = 0; for (const x of a) s += x; return s; }
function walked(a, k) {
  return [a.map(x => x * k), a.filter((x, i) => x > k && i !== 2), a.reduce((s, x, i) => s + x * i, 10), a.some(x => x === k), a.every(x => x !== k), a.find(x => x > k), a.findLastIndex(x => x < k)].join(' ');
}
function searched(a, k) { return a.indexOf(k) + ',' + a.lastIndexOf(k) + ',' + a.includes(k) + ',' + a.at(-2); }
function copied(a) { return [a.slice(1, -1), a.subarray(2), a.toReversed(), a.toSorted(), a.with(1, 77), [...a], a.join('-')].join(' '); }
function changed(K) { const a = new K(6); a.set([3, 1.5, 2], 1); a.copyWithin(0, 2, 4); a.fill(9, 5); a.reverse(); return a.sort() + ' ' + a.sort((x, y) => y - x); }
function viewed(v, i) { v.setInt16(i, i * 1000); v.setFloat64(i + 2, i / 3, true); return v.getUint8(i) + ',' + v.getInt32(i, true) + ',' + v.getFloat64(i + 2, true) + ',' + v.getFloat32(i + 1); }
function callback(a, f) { let r = ''; a.forEach((x, i) => { r += i + '=' + x + ' '; f(i); }); return r; }
const hot = [sumOf, walked, searched, copied, changed, viewed, callback];

for (const f of hot) %PrepareFunctionForOptimization(f);
const view = new DataView(new ArrayBuffer(32), 3);
for (let round = 0; round < 3; round++) {
  for (const K of kinds) {
    const a = K.from([5, 250, -3, 0.75, 5]);
    print(K.name, sumOf(a), walked(a, 5), searched(a, 5), searched(a, 0.75), copied(a), changed(K));
  }
  for (let i = 0; i < 12; i++) print(viewed(view, i));
  for (const f of hot) %OptimizeFunctionOnNextCall(f);
}

// Big integers.
for (const K of [BigInt64Array, BigUint64Array]) {
  const a = new K([5n, -1n, 2n ** 63n]);
  print(sumOf.toString().length > 0, outcome(sumOf, a), a.map(x => x * 3n), a.toSorted(), searched(a, 2n ** 64n - 1n), searched(a, -1n), outcome(() => a.fill(1)), outcome(() => a.with(0, '7')));
}

// Bits of NaN that are no number's: as elements of arrays of all kinds, as keys, as arguments.
const nans = new Float64Array(new BigUint64Array([0xfff7fffffff7ffffn, 0xffffffffffffffffn, 0x7ff0000000000001n, 0xfffe000000001234n]).buffer);
function collected(a) { const r = [0.5]; for (let i = 0; i < a.length; i++) r.push(a.at(i)); return r.concat(a.map(x => x).toSorted().join(), [...a]).map(String).join() + (1 in r) + r.length; }
%PrepareFunctionForOptimization(collected);
for (let i = 0; i < 3; i++) { print(collected(nans), nans.includes(NaN), nans.indexOf(NaN), new Set(nans).size); %OptimizeFunctionOnNextCall(collected); }

// The buffer changes in the middle.
for (const [length, what] of [[4, 'shrinks'], [16, 'grows'], [0, 'empty'], [-1, 'goes']]) {
  const methods = {
    forEach: (a, f) => callback(a, f),
    map: (a, f) => a.map((x, i) => { f(i); return x; }),
    filter: (a, f) => a.filter((x, i) => { f(i); return i < 5; }),
    reduceRight: (a, f) => a.reduceRight((s, x, i) => { f(i); return s + '/' + x; }),
    sort: (a, f) => a.sort((x, y) => { f(2); return y - x; }),
    toSorted: (a, f) => a.toSorted((x, y) => { f(2); return y - x; }),
    fill: (a, f) => a.fill(7, 1, { valueOf() { f(2); return 8; } }),
    copyWithin: (a, f) => a.copyWithin({ valueOf() { f(2); return 1; } }, 3),
    slice: (a, f) => a.slice(2, { valueOf() { f(2); return 8; } }),
    subarray: (a, f) => a.subarray({ valueOf() { f(2); return 1; } }),
    set: (a, f) => (a.set([1, { valueOf() { f(2); return 99; } }, 3, 4, 5], 2), a),
    with: (a, f) => a.with(3, { valueOf() { f(2); return 9; } }),
    withLast: (a, f) => a.with({ valueOf() { f(2); return 11; } }, 9),
    includes: (a, f) => a.includes(undefined, { valueOf() { f(2); return 1; } }),
    indexOf: (a, f) => a.indexOf(8, { valueOf() { f(2); return 1; } }),
    lastIndexOf: (a, f) => a.lastIndexOf(8, { valueOf() { f(2); return 7; } }),
    join: (a, f) => a.join({ toString() { f(2); return '-'; } }),
    forOf: (a, f) => { let i = 0, r = ''; for (const x of a) { r += x + ' '; f(i++); } return r; },
    spread: (a, f) => { const it = a.values(); it.next(); f(2); return [...it]; },
    dataView: (a, f) => new DataView(a.buffer).getInt16({ valueOf() { f(2); return 5; } }),
  };
  for (const name of Object.keys(methods)) {
    for (const fixed of [false, true]) {
      const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
      const a = fixed ? new Uint8Array(buffer, 0, 8) : new Uint8Array(buffer);
      for (let i = 0; i < 8; i++) a[i] = i + 1;
      const result = outcome(methods[name], a, i => { if (i === 2) length < 0 ? buffer.detached || %ArrayBufferDetach(buffer) : buffer.resize(length); });
      print(what, name, fixed, result, outcome(() => a.length + ':' + Array.from(new Uint8Array(buffer)).join()));
    }
  }
}
