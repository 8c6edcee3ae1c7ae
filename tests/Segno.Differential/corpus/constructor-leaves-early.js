// A constructor in the middle of its caller's code bails out behind a store to the receiver: the receiver that is made then has what was stored.
function Named(name) {
  this.name = name;
  this.odd = 0;
  if (name & 1) this.odd = 1;
}
function make(name) {
  const made = new Named(name);
  return made.name + made.odd;
}
for (let i = 0; i < 100; i++) make(i);
%OptimizeFunctionOnNextCall(make);
print(make('s'), make(1));

// The same of a plain object that the callee fills.
function fill(target, value) {
  target.value = value;
  return value * 2 | 0;
}
function caller(value) {
  const target = { value: 0, again: 0 };
  target.again = fill(target, value);
  return target.value + ' ' + target.again;
}
for (let i = 0; i < 100; i++) caller(i);
%OptimizeFunctionOnNextCall(caller);
print(caller('7'), caller(2.5), caller(3));
