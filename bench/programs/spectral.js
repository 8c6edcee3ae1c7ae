// The spectral norm of an infinite matrix by the power method: doubles, division, arrays, a small function called in the inner loop.
function element(row, column) {
  const diagonal = row + column;
  return 1 / (diagonal * (diagonal + 1) / 2 + row + 1);
}

function times(vector, out) {
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < vector.length; j++) sum += element(i, j) * vector[j];
    out[i] = sum;
  }
}

function timesTransposed(vector, out) {
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < vector.length; j++) sum += element(j, i) * vector[j];
    out[i] = sum;
  }
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function run() {
  const size = 700;
  const u = new Array(size).fill(1.5);
  const v = new Array(size).fill(0.5);
  const between = new Array(size).fill(0.5);
  for (let i = 0; i < 10; i++) {
    times(u, between);
    timesTransposed(between, v);
    times(v, between);
    timesTransposed(between, u);
  }
  return Math.sqrt(dot(u, v) / dot(v, v));
}
