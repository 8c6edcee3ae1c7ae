// Arrays of every kind grow by push and by stores at their end, with values that fit their elements and such that do not.
function push(a, x) { return a.push(x); }
function append(a, x) { a[a.length] = x; return a.length; }

function fill(how, make, values, rounds) {
  var last = 0, all = [];
  for (var r = 0; r < rounds; r++) {
    var a = make();
    for (var i = 0; i < values.length; i++) last = how(a, values[i]);
    all = a;
  }
  return last + ':' + all.map(String).join();
}

var makers = [() => [], () => [1, 2], () => [0.5], () => ['a'], () => [, 1], () => [, 'b'], () => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]];
var values = [[1, 2, 3], [1, 2.5], [-0, NaN], ['x', 1, {}], [undefined, true, null], [{}, {}, 7, 0.5, 'y'], [2147483647, 2147483648]];
for (var how of [push, append]) {
  for (var make of makers) {
    for (var list of values) print(fill(how, make, list, 30));
  }
}

// A site of its own for each kind, so that each is sure of it before it is wrong.
function sure(first, then) {
  var f = new Function('a', 'x', 'return a.push(x);');
  for (var i = 0; i < 200; i++) f(first(), 1);
  var a = first();
  return f(a, then) + ':' + a.map(String).join() + ':' + typeof a[a.length - 1];
}
for (var make of makers) {
  for (var x of [3, 3.5, 'z', undefined]) print(sure(make, x));
}

function grow(n) { var a = []; for (var i = 0; i < n; i++) a.push({ v: i }); return a; }
function growDoubles(n) { var a = [0.5]; for (var i = 0; i < n; i++) a.push(i * 0.5); return a; }
var sum = 0;
for (var i = 0; i < 100; i++) { var g = grow(i); sum += g.length + (i > 0 ? g[i - 1].v : 0) + growDoubles(i)[i]; }
print(sum, grow(3000)[2999].v, growDoubles(3000)[3000]);

// A product of matrices: the site of the push has seen more kinds of arrays than the one that was made for it.
function multiply(a, b, size) {
  var product = [];
  for (var i = 0; i < size; i++) {
    var row = a[i];
    var out = [];
    for (var j = 0; j < size; j++) {
      var sum = 0;
      for (var k = 0; k < size; k++) sum += row[k] * b[k][j];
      out.push(sum);
    }
    product.push(out);
  }
  return product;
}

function fill(size, seed) {
  var rows = [];
  for (var i = 0; i < size; i++) {
    var row = [];
    for (var j = 0; j < size; j++) row.push(((i * seed + j) % 17) / 4 + 0.25);
    rows.push(row);
  }
  return rows;
}

function run() {
  var size = 8;
  var a = fill(size, 3);
  var b = fill(size, 5);
  var trace = 0;
  for (var round = 0; round < 5; round++) {
    var product = multiply(a, b, size);
    for (var i = 0; i < size; i++) trace += product[i][i];
  }
  return trace;
}
for (var i = 0; i < 100; i++) run();
print(run());

// At last, for it ends what arrays are taken for: prototypes with elements; what is behind the end is no longer a hole.
Array.prototype[3] = 'p';
print(fill(push, () => [1, 2, 3], [4, 5], 3), fill(append, () => [1, 2], [3, 4, 5], 3));
delete Array.prototype[3];
