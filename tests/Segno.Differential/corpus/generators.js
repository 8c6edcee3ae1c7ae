// Frames that leave the stack and come back while the functions around them are optimized, bail out and collect.
function* count(from, to, step) {
  let sent = 0;
  try {
    for (let i = from; i < to; i += step) {
      const got = yield i;
      if (got !== undefined) sent += got;
    }
  } finally {
    yield 'sent ' + sent;
  }
  return sent;
}

function* chain(a, b) {
  const first = yield* count(a, b, 1);
  const point = { x: first, y: [a, b] };
  const read = () => point.x + point.y.length;
  yield read();
  point.x = yield point;
  return read();
}

function consume(iterator, input) {
  let text = '';
  let step = iterator.next();
  for (let turns = 0; !step.done && turns < 12; turns++) {
    text += typeof step.value === 'object' ? Object.keys(step.value) : step.value;
    step = iterator.next(input);
  }
  return text + '=' + step.value;
}

function sum(iterable) {
  let s = 0;
  for (const v of iterable) s += v;
  return s;
}

function* numbers(n, v) {
  for (let i = 0; i < n; i++) yield v;
}

for (let i = 0; i < 400; i++) {
  consume(chain(0, 3), i);
  sum(numbers(5, i));
}
print(consume(chain(0, 3), 1), consume(chain(0, 3), 0.5), consume(chain(1, 3), 's'));
print(sum(numbers(3, 0.25)), sum(numbers(3, 'a')), sum(numbers(2, { valueOf() { return 4; } })));

// Abrupt ends from outside, in the middle of a loop and of an inner iterator.
function leave(how) {
  const it = chain(0, 5);
  it.next();
  it.next(3);
  try {
    const r = it[how](how);
    return [r.value, r.done, it.next().value, it.next().done].join();
  } catch (e) {
    return 'threw ' + e;
  }
}
for (let i = 0; i < 200; i++) {
  leave('return');
  leave('throw');
}
print(leave('return'), leave('throw'));

// Many suspended frames at once, resumed in turns.
const all = [];
for (let i = 0; i < 50; i++) all.push(count(i, i + 4, 1));
let total = 0;
for (let turn = 0; turn < 4; turn++) {
  for (const it of all) total += it.next(turn).value;
}
print(total, all.map(it => it.next(1).value).slice(0, 3).join());
