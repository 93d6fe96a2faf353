/** A fair coin for each of so many places, the same for the same seed: 0 or 1. By the generator xorshift32 (Marsaglia 2003). */
export function coinsOf(seed: number, count: number): Uint8Array {
  const coins = new Uint8Array(count);
  let state = scrambled(seed);
  let bits = 0;
  for (let place = 0; place < count; place += 1) {
    // The upper bits of one number serve for 16 coins.
    if (place % 16 === 0) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bits = state >>> 16;
    }
    coins[place] = bits & 1;
    bits >>>= 1;
  }
  return coins;
}

/** Seeds in a row lie far apart, and none is 0, where the generator would stay (finalizer of MurmurHash3). */
function scrambled(seed: number): number {
  let mixed = (seed + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16) || 1;
}
