// How many points of a grid stay in the Mandelbrot set: loops of double arithmetic with nothing in memory.
function escapesAfter(x, y, limit) {
  let re = 0;
  let im = 0;
  let count = 0;
  while (count < limit) {
    const squareRe = re * re;
    const squareIm = im * im;
    if (squareRe + squareIm > 4) break;
    im = 2 * re * im + y;
    re = squareRe - squareIm + x;
    count++;
  }
  return count;
}

function run() {
  const size = 500;
  const limit = 200;
  let inside = 0;
  let steps = 0;
  for (let row = 0; row < size; row++) {
    const y = 2.5 * row / size - 1.25;
    for (let column = 0; column < size; column++) {
      const count = escapesAfter(3 * column / size - 2.25, y, limit);
      steps += count;
      if (count === limit) inside++;
    }
  }
  return inside + "/" + steps;
}
