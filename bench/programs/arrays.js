// Arrays of small integers and of doubles: filled by push and by index, summed.
function run() {
  let total = 0;
  for (let round = 0; round < 10; round++) {
    const integers = [];
    for (let i = 0; i < 200000; i++) integers.push(i);
    const doubles = new Array(200000).fill(0.5);
    for (let i = 0; i < doubles.length; i++) doubles[i] = doubles[i] + i;
    for (let i = 0; i < integers.length; i++) total += integers[i] + doubles[i];
  }
  return total;
}
