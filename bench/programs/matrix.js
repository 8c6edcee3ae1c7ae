// Product of two square matrices of doubles, each an array of rows.
function multiply(a, b, size) {
  const product = [];
  for (let i = 0; i < size; i++) {
    const row = a[i];
    const out = [];
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += row[k] * b[k][j];
      out.push(sum);
    }
    product.push(out);
  }
  return product;
}

function fill(size, seed) {
  const rows = [];
  for (let i = 0; i < size; i++) {
    const row = [];
    for (let j = 0; j < size; j++) row.push(((i * seed + j) % 17) / 4 + 0.25);
    rows.push(row);
  }
  return rows;
}

function run() {
  const size = 200;
  let a = fill(size, 3);
  const b = fill(size, 5);
  let trace = 0;
  for (let round = 0; round < 5; round++) {
    const product = multiply(a, b, size);
    for (let i = 0; i < size; i++) trace += product[i][i];
  }
  return trace;
}
