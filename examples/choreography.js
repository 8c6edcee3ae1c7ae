// What the engine does behind a program, made visible. Every line of output that starts with a bar is an event of the engine itself.

function section(title) {
  print("");
  print(title);
  print("-".repeat(title.length));
}

function show(kinds, action, limit) {
  const events = segno.trace(kinds, action);
  for (const event of events.slice(0, limit)) print("  | " + event);
  if (events.length > limit) print("  | ... and " + (events.length - limit) + " more");
  return events.length;
}

section("1. Hidden classes: objects made alike share a map");
function Point(x, y) {
  this.x = x;
  this.y = y;
}
const first = new Point(1, 2);
const second = new Point(3, 4);
const third = new Point(5, 6);
print("first has shape " + segno.shape(first) + ", second has shape " + segno.shape(second));
third.z = 7;
print("third got a z and changed to shape " + segno.shape(third) + "; first still has " + segno.shape(first));
second.z = 8;
print("second got a z, too, and followed the same transition to " + segno.shape(second));
const other = { y: 1, x: 2 };
print("the same names in another order are another shape: " + segno.shape(other));
delete third.x;
print("a deletion in the middle leaves the tree: " + segno.shape(third));

section("2. Inline caches: an access learns the shapes that it meets");
function readX(o) {
  return o.x;
}
print("one shape: the access becomes monomorphic");
show("ic", () => { for (let i = 0; i < 10; i++) readX(first); }, 12);
print("a second and a third shape: polymorphic");
show("ic", () => { for (let i = 0; i < 10; i++) { readX(second); readX(other); } }, 12);
print("many shapes: megamorphic, and from then on the shared cache answers");
show("ic", () => {
  for (let i = 0; i < 12; i++) {
    const o = {};
    o["p" + i] = i;
    o.x = i;
    readX(o);
  }
}, 12);

function time(o) {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < 2000000; i++) sum += o.x;
  return performance.now() - start;
}
time(first);
print("two million reads through a warm access of one shape: " + Math.round(time(first)) + " ms");

section("3. The young generation: what dies young costs nothing");
const collections = show("gc", () => {
  for (let i = 0; i < 3000000; i++) new Point(i, i);
}, 6);
print("3 million points came and went in " + collections + " scavenges: hardly a byte was copied");

section("4. Survivors: copied once, then promoted");
const kept = [];
show("gc", () => {
  for (let i = 0; i < 400000; i++) kept.push(new Point(i, i));
}, 8);
print("kept " + kept.length + " points; the last is (" + kept[kept.length - 1].x + ", " + kept[kept.length - 1].y + ")");

section("5. Old objects that refer to young ones: the write barrier remembers");
show("gc", () => {
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < kept.length; i += 4) kept[i].x = { round };
  }
}, 8);
print("every one is still there: " + kept[0].x.round + ", " + kept[4].x.round + ", " + kept[8].x.round);

section("6. An exception unwinds machine frames");
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
