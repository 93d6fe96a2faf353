/** How many buckets there are: a hundredth of a percent each. */
export const BUCKETS = 10_000;

/** 2^32 modulo {@link BUCKETS}: lets a 64-bit number be reduced in two halves without big integers. */
const HIGH_WORD_WEIGHT = 7_296;

/** The 64-bit number made of two unsigned 32-bit words, modulo {@link BUCKETS}. */
export function bucketOfWords(high: number, low: number): number {
  return ((high % BUCKETS) * HIGH_WORD_WEIGHT + (low % BUCKETS)) % BUCKETS;
}
