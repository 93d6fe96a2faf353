import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CoMoments } from "../moments/co-moments.ts";
import { momentsOf } from "../moments/moments.ts";
import { compareMeans } from "./compare-means.ts";
import { compareRatios } from "./compare-ratios.ts";

/** Co-moments of rows. */
function coMomentsOf(rows: readonly (readonly number[])[]): CoMoments {
  const columns = (rows[0] ?? []).map((_, index) => momentsOf(rows.map((row) => row[index] ?? 0)));
  const mean = columns.map((column) => column.mean ?? 0);
  const product = (i: number, j: number): number =>
    rows.reduce((sum, row) => sum + ((row[i] ?? 0) - (mean[i] ?? 0)) * ((row[j] ?? 0) - (mean[j] ?? 0)), 0);
  return { n: rows.length, mean, m2: mean.map((_, i) => mean.map((__, j) => product(i, j))) };
}

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 9 })), {
  minLength: 3,
  maxLength: 30,
});

describe("compareRatios", () => {
  it("is a comparison of means when every denominator is 1", () => {
    fc.assert(
      fc.property(rows, rows, (control, treatment) => {
        const [one, other] = [control, treatment].map((arm) => arm.map(([numerator]) => [numerator, 1]));
        const ratios = compareRatios(
          { control: coMomentsOf(one ?? []), treatment: coMomentsOf(other ?? []) },
          { alpha: 0.05 },
        );
        const means = compareMeans(
          {
            control: momentsOf(control.map(([value]) => value)),
            treatment: momentsOf(treatment.map(([value]) => value)),
          },
          { alpha: 0.05 },
        );
        expect(ratios.status).toBe(means.status);
        if (ratios.status !== "ok" || means.status !== "ok") return;
        expect(ratios.t).toBeCloseTo(means.t, 8);
        expect(ratios.df).toBeCloseTo(means.df, 6);
      }),
    );
  });

  it("does not mind the units of numerator and denominator", () => {
    fc.assert(
      fc.property(rows, rows, (control, treatment) => {
        const arms = { control: coMomentsOf(control), treatment: coMomentsOf(treatment) };
        const inCents = (arm: typeof control): CoMoments => coMomentsOf(arm.map(([x, y]) => [x * 100, y / 7]));
        const plain = compareRatios(arms, { alpha: 0.05 });
        const scaled = compareRatios({ control: inCents(control), treatment: inCents(treatment) }, { alpha: 0.05 });
        if (plain.status !== "ok" || scaled.status !== "ok") return;
        expect(scaled.p).toBeCloseTo(plain.p, 7);
      }),
    );
  });

  it("says that ratios which never vary do not, in spite of rounding", () => {
    const proportional = coMomentsOf([1, 2, 5, 9].map((y) => [y * 0.3, y]));
    expect(compareRatios({ control: proportional, treatment: proportional }, { alpha: 0.05 }).status).toBe(
      "zero_variance",
    );
  });

  it("has no ratio where the denominator is 0, and no test then", () => {
    const control = coMomentsOf([
      [3, 1],
      [6, 2],
      [9, 4],
    ]);
    const treatment = coMomentsOf([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    expect(compareRatios({ control, treatment }, { alpha: 0.05 })).toStrictEqual({
      status: "zero_denominator",
      diff: null,
      relative: { status: "zero_denominator", lift: null },
      ratioControl: 18 / 7,
      ratioTreatment: null,
    });
  });

  it("wants two columns", () => {
    const three = coMomentsOf([
      [1, 2, 3],
      [2, 3, 5],
    ]);
    expect(() => compareRatios({ control: three, treatment: three }, { alpha: 0.05 })).toThrow("2 means");
  });
});
