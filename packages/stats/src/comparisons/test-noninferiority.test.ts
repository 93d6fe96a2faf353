import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMeans } from "./compare-means.ts";
import { testNoninferiority } from "./test-noninferiority.ts";

const arm = fc
  .record({
    n: fc.integer({ min: 2, max: 100_000 }),
    mean: fc.double({ min: -50, max: 50, noNaN: true }),
    deviation: fc.double({ min: 0.1, max: 20, noNaN: true }),
  })
  .map(({ n, mean, deviation }) => ({ n, mean, m2: deviation * deviation * (n - 1) }));
const OPTIONS = { margin: 0.1, marginType: "relative", higherIsBetter: true, alpha: 0.05 } as const;

describe("testNoninferiority", () => {
  it("is a one-sided comparison without a margin", () => {
    fc.assert(
      fc.property(arm, arm, fc.boolean(), (control, treatment, higherIsBetter) => {
        const guard = testNoninferiority({ control, treatment }, { ...OPTIONS, margin: 0, higherIsBetter });
        const alternative = higherIsBetter ? "greater" : "less";
        const plain = compareMeans({ control, treatment }, { alpha: 0.05, alternative });
        if (guard.status !== "ok" || plain.status !== "ok") throw new Error("not tested");
        expect(guard.p).toBeCloseTo(plain.p, 12);
      }),
    );
  });

  it("holds exactly when its bound is on the good side", () => {
    fc.assert(
      fc.property(arm, arm, fc.boolean(), (control, treatment, higherIsBetter) => {
        const result = testNoninferiority({ control, treatment }, { ...OPTIONS, higherIsBetter });
        if (result.status !== "ok" || Math.abs(result.p - 0.05) < 1e-9) return;
        expect(result.noninferior).toBe(result.bound > 0);
      }),
    );
  });

  it("does not mind the sign that a metric is counted with", () => {
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        const negative = {
          control: { ...control, mean: -control.mean },
          treatment: { ...treatment, mean: -treatment.mean },
        };
        const [one, other] = [
          testNoninferiority({ control, treatment }, OPTIONS),
          testNoninferiority(negative, { ...OPTIONS, higherIsBetter: false }),
        ];
        if (one.status !== "ok" || other.status !== "ok") throw new Error("not tested");
        expect(other.shift).toBeCloseTo(one.shift, 10);
        expect(other.p).toBeCloseTo(one.p, 10);
      }),
    );
  });

  it("says what it lacks, with the shift as far as there is one", () => {
    const some = { n: 4, mean: 2, m2: 0 };
    const options = { ...OPTIONS, marginType: "absolute" } as const;
    expect(testNoninferiority({ control: some, treatment: some }, options)).toStrictEqual({
      status: "zero_variance",
      shift: 0.1,
    });
    const one = { n: 1, mean: 3, m2: 0 };
    expect(testNoninferiority({ control: some, treatment: one }, options)).toStrictEqual({
      status: "insufficient_data",
      shift: 1.1,
    });
    const none = { n: 0, mean: null, m2: null };
    expect(testNoninferiority({ control: none, treatment: some }, options)).toStrictEqual({
      status: "no_data",
      shift: null,
    });
  });

  it("refuses a negative margin", () => {
    const some = { n: 4, mean: 2, m2: 1 };
    expect(() => testNoninferiority({ control: some, treatment: some }, { ...OPTIONS, margin: -0.1 })).toThrow(
      "margin",
    );
  });
});
