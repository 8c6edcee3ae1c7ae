// Elements of typed arrays of every kind: each gets a site of its own, then sites that see them all; values that fit and such that do not.
var kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
var values = [0, 1, -1, 127, 128, 255, 256, 300, -129, 32768, 65535, 65536, 2147483647, -2147483648, 2147483648, 4294967295, 4294967296,
  0.5, 1.5, 2.5, -0.5, 254.5, 255.5, 1e20, -1e20, NaN, Infinity, -Infinity, -0, 3e9, 1e-320, 123456789.123];

function show(x) { return Object.is(x, -0) ? '-0' : String(x); }

function setAny(a, i, v) { a[i] = v; }
function getAny(a, i) { return a[i]; }
for (var C of kinds) {
  var set = new Function('a', 'i', 'v', 'a[i] = v;');
  var get = new Function('a', 'i', 'return a[i];');
  var a = new C(4);
  for (var round = 0; round < 60; round++) {
    set(a, 2, round & 1);
    get(a, 2);
  }
  var own = [], any = [];
  for (var v of values) {
    set(a, 1, v);
    own.push(show(get(a, 1)));
    setAny(a, 3, v);
    any.push(show(getAny(a, 3)));
  }
  print(C.name, own.join(' '), own.join() === any.join());
  for (var other of ['7', true, null, undefined, { valueOf() { return 9; } }, '0x10', [5]]) {
    set(a, 0, other);
    print(show(get(a, 0)), get(a, 4), get(a, -1), get(a, 1.5), get(a, '1'), get(a, '-0'));
  }
  set(a, 9, 1);
  set(a, -1, 1);
  set(a, '1.5', 1);
  print(Object.keys(a).join(), a.length);
}

// BigInts.
for (var C of [BigInt64Array, BigUint64Array]) {
  var b = new C(3);
  for (var i = 0; i < 100; i++) { setAny(b, i % 3, BigInt(i) * -123456789012345678901n); getAny(b, i % 3); }
  print(C.name, getAny(b, 0), getAny(b, 1), getAny(b, 2), getAny(b, 3));
  try { setAny(b, 0, 1); } catch (e) { print(e.name); }
  try { setAny(b, 5, 1.5); } catch (e) { print(e.name); }
}
try { setAny(new Int8Array(1), 0, 1n); } catch (e) { print(e.name); }

// A number of any bits, from one view to another: no NaN may be taken for a reference or for a hole.
var words = new Uint32Array(2), number = new Float64Array(words.buffer), single = new Float32Array(words.buffer);
function readNumber() { return number[0]; }
function readSingle() { return single[1]; }
for (var high of [0, 0x7ff80000, 0xfff7ffff, 0xfffc0000, 0xffffffff, 0x7ff00001, 0xfff00000, 0x80000000, 0x3ff80000]) {
  for (var low of [0, 1, 0xfff7ffff, 0xffffffff]) {
    words[0] = low;
    words[1] = high;
    var copy = [0.25];
    for (var i = 0; i < 3; i++) copy[i] = readNumber();
    print(show(copy[0]), copy.length, 1 in copy, typeof copy[2], show(readSingle()));
  }
}

// Loops over lengths, sums of what overflows, histograms, what a byte becomes.
function sum(a) { var s = 0; for (var i = 0; i < a.length; i++) s += a[i]; return s; }
function ramp(a, step) { for (var i = 0; i < a.length; i++) a[i] = i * step; return sum(a); }
for (var C of kinds) print(C.name, ramp(new C(500), 1), ramp(new C(500), 7.3), ramp(new C(500), -1000000));
function histogram(bytes) {
  var counts = new Uint32Array(256);
  for (var i = 0; i < bytes.length; i++) counts[bytes[i]]++;
  return counts;
}
var bytes = new Uint8Array(2000);
for (var i = 0; i < bytes.length; i++) bytes[i] = i * i;
for (var i = 0; i < 20; i++) var counted = histogram(bytes);
print(sum(counted), counted[0], counted[1], counted[4], counted[255]);
function blend(target, source, alpha) { for (var i = 0; i < target.length; i++) target[i] = source[i] * alpha + 0.5 * target[i] - 40; }
var pixels = new Uint8ClampedArray(300);
for (var i = 0; i < 300; i++) pixels[i] = i;
for (var i = 0; i < 30; i++) blend(pixels, bytes, 0.9);
print(sum(pixels), pixels[3], pixels[7], pixels[299]);

// One after another at one site: typed arrays, arrays, objects.
function mixed(a, i, v) { a[i] = v; return a[i]; }
var holders = [new Int16Array(4), [1, 2, 3], new Float64Array(4), { 1: 'x' }, [0.5, 1.5], ['a', 'b'], new Uint8ClampedArray(3)];
for (var i = 0; i < 120; i++) var last = mixed(holders[i % holders.length], 1, i * 1.25);
print(last, holders.map(h => show(h[1])).join());

// Offsets into a buffer, and views that overlap.
var buffer = new ArrayBuffer(64);
var views = [new Int32Array(buffer, 4, 5), new Float64Array(buffer, 8), new Uint8Array(buffer, 3), new Int16Array(buffer, 62)];
function touch(v, i, x) { v[i] = x; return v[i]; }
for (var i = 0; i < 200; i++) touch(views[i % 4], i % 7, i * 3.5);
print(views.map(v => v.length + ':' + Array.from({ length: v.length }, (_, i) => show(v[i])).join()).join(' '));

// The bytes of a NaN do not tell how it was made.
var nan = new Float64Array(1), nanWords = new Uint32Array(nan.buffer), nan32 = new Float32Array(1), nanWord = new Uint32Array(nan32.buffer);
function storeNaN(a, b) { nan[0] = a / b; nan32[0] = a - b; return nanWords[0] + ' ' + nanWords[1] + ' ' + nanWord[0]; }
for (var i = 0; i < 100; i++) storeNaN(i, 3);
print(storeNaN(0, 0), storeNaN(Infinity, Infinity), storeNaN(NaN, 1), storeNaN(undefined, 1), storeNaN(-Infinity, Infinity));
