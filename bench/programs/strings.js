// A string grown piece by piece, then read.
function run() {
  let total = 0;
  for (let round = 0; round < 20; round++) {
    let text = "";
    for (let i = 0; i < 50000; i++) text += "item " + i + ";";
    for (let i = 0; i < text.length; i += 64) total += text.charCodeAt(i);
  }
  return total > 0;
}
