// Mixes integers of 32 bits: multiplication modulo 2**32, shifts, exclusive or.
function mix(hash, word) {
  word = Math.imul(word, 0x2c1b3c6d);
  word = (word << 15) | (word >>> 17);
  hash ^= Math.imul(word, 0x297a2d39);
  hash = (hash << 13) | (hash >>> 19);
  return (Math.imul(hash, 5) + 0x5bd1e995) | 0;
}

function run() {
  let hash = 1;
  for (let i = 0; i < 30000000; i++) hash = mix(hash, i);
  hash ^= hash >>> 16;
  return hash >>> 0;
}
