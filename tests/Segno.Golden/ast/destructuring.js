// dump: ast
const { a, b: [c = 1, ...d], ...rest } = source;
for (const [key, value] of entries) { use(key, value); }
({ x: target.y, [z]: w = 2 } = source);
