// dump: bytecode
function each(items, target) {
  for (const [key, { value = 1, ...rest }] of items) target[key] = value;
  for (var name in target) print(name);
  return [...items, ...target.more];
}
