// dump: ast
async function* stream(items) {
  for await (const item of items) yield* item?.parts ?? [];
  await using handle = open();
}
label: for (;;) { break label; }
