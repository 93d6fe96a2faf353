/** Random numbers that come again with the same seed. */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  /** @param seed a whole number; its lower 32 bits count */
  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed | 0;
  }

  /** At least 0, less than 1. The generator is mulberry32: small, and even enough to choose moments by. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One of several. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new RangeError("There is nothing to pick from.");
    return item;
  }
}
