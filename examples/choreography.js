// The choreography of interpreter, optimizing compiler, deoptimizer and garbage collector, made visible. Every line of output that starts
// with a bar is an event of the engine itself.

function section(title) {
  print("");
  print(title);
  print("-".repeat(title.length));
}

// Prints the events of an action, equal ones in a row as one; answers how many there were.
function show(kinds, action, limit = 20) {
  const events = segno.trace(kinds, action);
  let lines = 0;
  for (let i = 0, next = 0; i < events.length; i = next) {
    while (next < events.length && events[next] === events[i]) next++;
    if (lines++ === limit) {
      print("  | ... and " + (events.length - i) + " more");
      break;
    }
    print("  | " + events[i] + (next - i > 1 ? " (" + (next - i) + " times)" : ""));
  }
  return events.length;
}

function Point(x, y) {
  this.x = x;
  this.y = y;
}

section("1. Hidden classes and inline caches: the interpreter learns");
const first = new Point(1, 2);
const second = new Point(3, 4);
second.z = 5;
print("two points, one with a z: " + segno.shape(first) + " and " + segno.shape(second));
function readX(point) {
  return point.x;
}
print("the access in readX meets one, then the other:");
show("ic", () => {
  for (let i = 0; i < 5; i++) readX(first);
  for (let i = 0; i < 5; i++) readX(second);
});

section("2. A bet: this access sees one shape, these numbers are small integers");
function weight(point) {
  return point.x + point.y;
}
function total(points) {
  let sum = 0;
  for (let i = 0; i < points.length; i++) sum = (sum + weight(points[i])) | 0;
  return sum;
}
const points = [];
for (let i = 0; i < 50000; i++) points.push(new Point(i, 1));
print("a hot loop is compiled while it runs, and weight is compiled into it:");
let sum = 0;
show("code", () => {
  for (let i = 0; i < 10; i++) sum = total(points);
});
print("the sum is " + sum);

section("3. The bet is lost: a guard fails, the frames are rescued, the code is left");
print("close to the end of the array comes a point of another shape:");
points[49000] = { y: 1, label: "other", x: 49000 };
show("code", () => {
  sum = total(points);
});
print("the interpreter went on where the guard failed: the sum is still " + sum);

section("4. Nobody enters the code any more: unlinked, it dies with its last frame");
show("code gc", () => {
  segno.collect();
  for (let i = 0; i < 1000; i++) readX(first);
});

section("5. A better bet: hot again, compiled again, now for both shapes");
show("code", () => {
  for (let i = 0; i < 10; i++) sum = total(points);
});
print("the sum is " + sum + ", and no guard fails now");

section("6. A bet without a guard: a prototype that changes tells the code that relies on it");
function Circle(radius) {
  this.radius = radius;
}
Circle.prototype.area = function area() {
  return 3 * this.radius * this.radius;
};
function areas(circle, count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += circle.area();
  return sum;
}
const circle = new Circle(2);
show("code", () => {
  for (let i = 0; i < 10; i++) sum = areas(circle, 20000);
});
print("20000 areas: " + sum + "; then the prototype gets another method");
show("code", () => {
  Circle.prototype.area = function area() {
    return this.radius;
  };
  sum = areas(circle, 20000);
});
print("20000 areas: " + sum);

section("7. The young generation: what dies young costs nothing, what lives is copied once and promoted");
const collections = show("gc", () => {
  for (let i = 0; i < 1000000; i++) points[i % 100] = new Point(i, i);
}, 4);
print("a million points came and went in " + collections + " scavenges");
const kept = [];
show("gc", () => {
  for (let i = 0; i < 300000; i++) kept.push(new Point(i, i));
}, 6);
print("kept " + kept.length + " points; the last is (" + kept[kept.length - 1].x + ", " + kept[kept.length - 1].y + ")");

section("8. An exception unwinds machine frames");
function fall(depth) {
  if (depth === 0) throw new RangeError("the bottom");
  try {
    return fall(depth - 1);
  } finally {
    if (depth === 3) print("passing depth 3");
  }
}
try {
  fall(5);
} catch (error) {
  print("caught " + error);
}
