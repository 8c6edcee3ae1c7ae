// Buffers that are detached or change their length under views that hot code has looked at: no access may see what is no longer there.
function get(a, i) { return a[i]; }
function set(a, i, v) { a[i] = v; return a[i]; }
function length(a) { return a.length; }
function sum(a, after, then) {
  var s = 0;
  for (var i = 0; i < a.length; i++) {
    s += a[i] | 0;
    if (i === after) then();
  }
  return s;
}
function nothing() {}

var make = () => { var a = new Int32Array(new ArrayBuffer(400)); for (var i = 0; i < a.length; i++) a[i] = i; return a; };
var warm = make();
for (var i = 0; i < 100; i++) { get(warm, i); set(warm, i, i); length(warm); sum(warm, -1, nothing); }

var a = make();
print(get(a, 99), set(a, 99, 1), length(a), sum(a, 50, nothing));
var moved = a.buffer.transfer();
print(get(a, 99), get(a, 0), set(a, 0, 7), length(a), a.byteLength, a.byteOffset, sum(a, 0, nothing), a.buffer.detached, moved.byteLength);
print(new Int32Array(moved)[99]);
a = make();
print(sum(a, 10, () => a.buffer.transfer()));
a = make();
var kept = 0;
print(sum(a, 98, () => { kept = a.buffer.transfer(800); }), new Int32Array(kept).length);

// The value that is stored detaches the array on its way.
function store(a, i, v) { a[i] = v; return a.length; }
for (var i = 0; i < 100; i++) store(warm, i, i);
a = make();
print(store(a, 3, { valueOf() { a.buffer.transfer(); return 5; } }), a[3], Object.keys(a).length);

// Views of a resizable buffer: of fixed length, tracking, behind an offset.
var resizable = new ArrayBuffer(16, { maxByteLength: 4096 });
var views = [new Int32Array(resizable), new Int32Array(resizable, 4, 2), new Int32Array(resizable, 8), new Uint8Array(resizable, 12, 4), new Float64Array(resizable, 8)];
function state() { return views.map(v => [v.length, v.byteLength, v.byteOffset, get(v, 0), get(v, v.length - 1)].join('/')).join(' '); }
for (var i = 0; i < 100; i++) for (var v of views) { get(v, 0); length(v); }
for (var size of [16, 8, 12, 4, 11, 64, 15, 0, 4096, 24, 16]) {
  resizable.resize(size);
  for (var v of views) for (var i = 0; i < Math.min(v.length, 4); i++) set(v, i, size + i);
  print(size, state());
}
function walk(v) { var s = 0; for (var i = 0; i < v.length; i++) { s += v[i]; if (v.length === 40) resizable.resize(16); } return s; }
for (var i = 0; i < 50; i++) walk(views[0]);
resizable.resize(160);
views[0][2] = 1000;
print(walk(views[0]), views[0].length, state());
try { resizable.resize(5000); } catch (e) { print(e.name); }
var fixed = resizable.transferToFixedLength(), again = fixed.transfer(8);
print(fixed.detached, again.resizable, again.byteLength, state());

// Garbage between: views that die leave the list of their buffer, the others stay up to date.
var shared = new ArrayBuffer(8, { maxByteLength: 64 }), alive = [];
for (var i = 0; i < 300; i++) { var view = new Uint8Array(shared, i % 8); if (i % 50 === 0) alive.push(view); }
shared.resize(20);
print(alive.map(length).join());
shared.transfer();
print(alive.map(length).join());

// Typed arrays as prototypes, as receivers of other objects' setters, and their numeric keys.
var proto = new Uint8Array([1, 2, 3]), child = Object.create(proto);
function childGet(i) { return child[i]; }
for (var i = 0; i < 100; i++) childGet(i & 3);
print(childGet(1), childGet(3), 3 in child, '-0' in child, child.hasOwnProperty(1));
child[1] = 9;
child[7] = 9;
child.name = 'c';
print(Object.keys(child).join(), child[1], child[7], proto[1]);
var array = [1, , 3];
Object.setPrototypeOf(array, proto);
function hole(a, i) { return a[i]; }
for (var i = 0; i < 100; i++) hole(array, i % 3);
print(hole(array, 1), hole(array, 5));
array[1] = 4;
array[8] = 5;
print(array.length, hole(array, 1), hole(array, 8));
print(Reflect.set(proto, 0, 50, child), Reflect.set(proto, 5, 50, child), Reflect.set({}, 0, 7, proto), Reflect.set({}, 9, 7, proto), proto[0], child[0]);
for (var key of ['-0', '1.5', 'NaN', 'Infinity', '-Infinity', '1e3', '4294967296', '00', '-1', '+1']) {
  proto[key] = 1;
  print(key, key in proto, proto[key], Reflect.has(proto, key), delete proto[key]);
}
Object.prototype['1.5'] = 'inherited';
Object.prototype.Infinity = 'inherited';
function named(o) { return o.Infinity; }
for (var i = 0; i < 60; i++) named(i % 2 ? proto : {});
print(proto['1.5'], named(proto), named({}), named(child));
delete Object.prototype['1.5'];
delete Object.prototype.Infinity;
print(JSON.stringify(proto), Object.entries(new Int8Array(2)).join('|'), Reflect.ownKeys(Object.assign(new Int8Array(2), { b: 1 })).join());
for (var f of [Object.freeze, Object.seal, Object.preventExtensions]) {
  for (var o of [new Int8Array(2), new Int8Array(0)]) {
    try { f(o); print(Object.isFrozen(o), Object.isSealed(o), Object.isExtensible(o)); } catch (e) { print(e.name); }
    set(o, 0, 3);
    print(get(o, 0));
  }
}
for (var k in Object.create(new Int8Array(2))) print(k);
