function* g() { yield 1; }
async function a() { await 1; }
