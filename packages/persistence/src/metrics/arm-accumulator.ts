import type { ArmMoments } from "@lotty/domain";

/**
 * Moments of rows that come one by one.
 *
 * Source: Welford (1962), "Note on a method for calculating corrected sums of squares and products".
 */
export class ArmAccumulator {
  readonly #mean: number[];
  readonly #m2: number[][];
  #n = 0;

  /** @param columns how many numbers each row has */
  constructor(columns: number) {
    this.#mean = Array.from({ length: columns }, () => 0);
    this.#m2 = Array.from({ length: columns }, () => Array.from({ length: columns }, () => 0));
  }

  add(row: readonly number[]): void {
    this.#n += 1;
    const before = row.map((value, column) => value - (this.#mean[column] ?? 0));
    before.forEach((distance, column) => {
      this.#mean[column] = (this.#mean[column] ?? 0) + distance / this.#n;
    });
    // Symmetric to the last bit: each product is worked out once.
    for (const [i, distance] of before.entries()) {
      for (let j = 0; j <= i; j += 1) {
        const product = distance * ((row[j] ?? 0) - (this.#mean[j] ?? 0));
        this.#addAt(i, j, product);
        if (j < i) this.#addAt(j, i, product);
      }
    }
  }

  moments(): Pick<ArmMoments, "n" | "mean" | "m2"> {
    return { n: this.#n, mean: [...this.#mean], m2: this.#m2.map((row) => [...row]) };
  }

  #addAt(i: number, j: number, product: number): void {
    const row = this.#m2[i];
    if (row !== undefined) row[j] = (row[j] ?? 0) + product;
  }
}
