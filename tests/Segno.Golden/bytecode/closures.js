// dump: bytecode
function counter(start) {
  let count = start;
  return { next: () => ++count, reset() { count = start; } };
}
for (let i = 0; i < 3; i++) print(() => i);
