import type { Metric, PastValue } from "@lotty/domain";
import { compareWinsorized, type CoMoments, type Comparison, compareMeans, compareRatios } from "@lotty/stats";

/** Subjects that one arm needs before anything is told from it. */
export const MIN_PER_ARM = 50;

/** What a metric was for subjects, as it would be compared. Quantiles are not: their test wants every event. */
export class Measured {
  readonly subjectIds: readonly string[];
  readonly #values: Float64Array;
  readonly #denominators: Float64Array;
  readonly #isRatio: boolean;

  constructor({ definition }: Metric, past: readonly PastValue[]) {
    const { dropsZeros, kind, winsorizing } = definition;
    const kept = dropsZeros ? past.filter(({ value }) => value !== 0) : past;
    const values = kept.map(({ value }) => value);
    this.subjectIds = kept.map(({ subjectId }) => subjectId);
    this.#isRatio = kind === "ratio";
    this.#denominators = Float64Array.from(kept, ({ denominator }) => denominator);
    if (winsorizing === null || this.#isRatio) {
      this.#values = Float64Array.from(values);
    } else {
      // Caps are taken from all subjects together, so they are the same however the subjects are split.
      const { ignoreZeros, lower: low, upper: high } = winsorizing;
      const { capHigh, capLow } = compareWinsorized(
        { control: values, treatment: [] },
        { alpha: 0.05, low, high, ignoreZeros },
      );
      this.#values = Float64Array.from(values, (value) => Math.min(Math.max(value, capLow ?? value), capHigh ?? value));
    }
  }

  get size(): number {
    return this.subjectIds.length;
  }

  /** Compares two arms; `isTreatment` says of each place whether it is in the second, `undefined` for neither. O(n). */
  compare(isTreatment: (place: number) => boolean | undefined, alpha: number): Comparison {
    const control = new Sums(this.#values[0] ?? 0, this.#denominators[0] ?? 0);
    const treatment = new Sums(this.#values[0] ?? 0, this.#denominators[0] ?? 0);
    for (let place = 0; place < this.#values.length; place += 1) {
      const inTreatment = isTreatment(place);
      if (inTreatment === undefined) continue;
      (inTreatment ? treatment : control).add(this.#values[place] ?? 0, this.#denominators[place] ?? 0);
    }
    if (this.#isRatio) return compareRatios({ control: control.both(), treatment: treatment.both() }, { alpha });
    return compareMeans({ control: control.first(), treatment: treatment.first() }, { alpha });
  }
}

/** Moments by sums of distances from one of the values, which keep the digits that sums of large values would drop. */
class Sums {
  readonly #x0: number;
  readonly #y0: number;
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #xy = 0;
  #yy = 0;

  constructor(x0: number, y0: number) {
    this.#x0 = x0;
    this.#y0 = y0;
  }

  add(value: number, denominator: number): void {
    const x = value - this.#x0;
    const y = denominator - this.#y0;
    this.#n += 1;
    this.#x += x;
    this.#y += y;
    this.#xx += x * x;
    this.#xy += x * y;
    this.#yy += y * y;
  }

  first(): { readonly n: number; readonly mean: number | null; readonly m2: number | null } {
    const { mean, m2, n } = this.both();
    return n === 0 ? { n, mean: null, m2: null } : { n, mean: mean[0] ?? null, m2: m2[0]?.[0] ?? null };
  }

  both(): CoMoments {
    const n = this.#n;
    const [x, y] = [this.#x / n, this.#y / n];
    const xy = this.#xy - n * x * y;
    return {
      n,
      mean: [this.#x0 + x, this.#y0 + y],
      m2: [
        [Math.max(0, this.#xx - n * x * x), xy],
        [xy, Math.max(0, this.#yy - n * y * y)],
      ],
    };
  }
}
