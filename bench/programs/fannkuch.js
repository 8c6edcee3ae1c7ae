// All permutations of nine numbers, and how often each must be flipped until its first is 0: arrays of small integers, swaps, branches.
function flipsOf(permutation, work) {
  const length = permutation.length;
  for (let i = 0; i < length; i++) work[i] = permutation[i];
  let flips = 0;
  for (let first = work[0]; first !== 0; first = work[0]) {
    for (let low = 0, high = first; low < high; low++, high--) {
      const kept = work[low];
      work[low] = work[high];
      work[high] = kept;
    }
    flips++;
  }
  return flips;
}

// The next permutation by rotating ever longer prefixes; false after the last.
function next(permutation, counts) {
  for (let length = 2; length <= permutation.length; length++) {
    const first = permutation[0];
    for (let i = 1; i < length; i++) permutation[i - 1] = permutation[i];
    permutation[length - 1] = first;
    if (++counts[length - 1] < length) return true;
    counts[length - 1] = 0;
  }
  return false;
}

function run() {
  const size = 9;
  const permutation = [];
  const counts = [];
  const work = [];
  for (let i = 0; i < size; i++) {
    permutation.push(i);
    counts.push(0);
    work.push(0);
  }
  let most = 0;
  let checksum = 0;
  let sign = 1;
  do {
    const flips = flipsOf(permutation, work);
    if (flips > most) most = flips;
    checksum = (checksum + sign * flips) | 0;
    sign = -sign;
  } while (next(permutation, counts));
  return checksum * 1000 + most;
}
