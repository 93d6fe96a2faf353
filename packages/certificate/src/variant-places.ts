import { compareCodePoints, type Experiment } from "@lotty/domain";
import { bucketOf } from "@lotty/engine";

const BUCKETS = 10_000;

/** Tells the variants of an experiment by place: in code-point order of their names, as decisions lay them out. */
export class VariantPlaces {
  readonly #experimentId: string;
  readonly #upTo: readonly number[];
  readonly #total: number;
  /** Names and weights, in the order of their places. */
  readonly variants: readonly { readonly name: string; readonly weight: number; readonly isControl: boolean }[];

  constructor({ id, variants }: Experiment) {
    this.#experimentId = id;
    this.variants = variants.toSorted((one, other) => compareCodePoints(one.name, other.name));
    let sum = 0;
    this.#upTo = this.variants.map(({ weight }) => (sum += weight));
    this.#total = sum;
  }

  /** Whether there is a choice to be made. */
  get isChoice(): boolean {
    return this.variants.filter(({ weight }) => weight > 0).length > 1;
  }

  /** The place of the variant that a subject's bucket gives; -1 without one. */
  of(subjectId: string): number {
    // Whole numbers on both sides, as in the engine: the comparison is exact.
    const point = bucketOf(subjectId, this.#experimentId, "variant") * this.#total;
    return this.#upTo.findIndex((upTo) => point < upTo * BUCKETS);
  }
}
