import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareRatios, type RatioArms } from "../comparisons/compare-ratios.ts";
import type { CoMoments } from "../moments/co-moments.ts";
import { comparePostStratified } from "./post-stratification.ts";
import { comparePostStratifiedRatios } from "./post-stratified-ratios.ts";

type Row = readonly [numerator: number, denominator: number];

function momentsOfRows(rows: readonly Row[]): CoMoments {
  const mean = [0, 1].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) / rows.length);
  const m2 = mean.map((one, i) =>
    mean.map((other, j) => rows.reduce((sum, row) => sum + ((row[i] ?? 0) - one) * ((row[j] ?? 0) - other), 0)),
  );
  return { n: rows.length, mean, m2 };
}

/** Strata whose rows differ, as a linear congruence gives them. */
function sampleRows(stratum: number, arm: number, size: number): readonly Row[] {
  let state = 17 + 31 * stratum + 57 * arm;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return Array.from({ length: size }, () => {
    const denominator = 1 + Math.floor(next() * (2 + stratum));
    return [denominator * (3 + 4 * stratum + next() * 6 + arm * 0.5), denominator];
  });
}

const SAMPLE = [0, 1, 2].map((stratum) => ({
  control: sampleRows(stratum, 0, 60 + 40 * stratum),
  treatment: sampleRows(stratum, 1, 140 - 30 * stratum),
}));

function compareRows(strata: typeof SAMPLE): Extract<ReturnType<typeof comparePostStratifiedRatios>, { status: "ok" }> {
  const result = comparePostStratifiedRatios(
    strata.map(({ control, treatment }) => ({ control: momentsOfRows(control), treatment: momentsOfRows(treatment) })),
    { alpha: 0.05 },
  );
  if (result.status !== "ok") throw new Error(result.status);
  return result;
}

const moment = fc.record({
  n: fc.integer({ min: 2, max: 1_000 }),
  mean: fc.double({ min: -100, max: 100, noNaN: true }),
  m2: fc.double({ min: 1, max: 1e4, noNaN: true }),
});
const stratum = fc.record({ control: moment, treatment: moment });
const NOBODY: CoMoments = { n: 0, mean: [], m2: [] };

describe("comparePostStratifiedRatios", () => {
  it("is the comparison of means where all denominators are 1", () => {
    const overOne = ({
      m2,
      mean,
      n,
    }: {
      readonly n: number;
      readonly mean: number;
      readonly m2: number;
    }): CoMoments => ({
      n,
      mean: [mean, 1],
      m2: [
        [m2, 0],
        [0, 0],
      ],
    });
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 5 }), (strata) => {
        const means = comparePostStratified(strata, { alpha: 0.05 });
        const ratios = comparePostStratifiedRatios(
          strata.map(({ control, treatment }) => ({ control: overOne(control), treatment: overOne(treatment) })),
          { alpha: 0.05 },
        );
        if (means.status !== "ok" || ratios.status !== "ok") throw new Error("not tested");
        expect((ratios.diff - means.diff) / means.se).toBeCloseTo(0, 9);
        expect(ratios.seFixedWeights / means.seFixedWeights).toBeCloseTo(1, 9);
        expect(ratios.se / means.se).toBeCloseTo(1, 9);
      }),
    );
  });

  it("is the plain ratio with one stratum, and does not mind empty ones", () => {
    const arms: RatioArms = {
      control: momentsOfRows(sampleRows(1, 0, 80)),
      treatment: momentsOfRows(sampleRows(1, 1, 70)),
    };
    const result = comparePostStratifiedRatios([{ control: NOBODY, treatment: NOBODY }, arms], { alpha: 0.05 });
    const plain = compareRatios(arms, { alpha: 0.05 });
    if (result.status !== "ok" || plain.status !== "ok") throw new Error("not tested");
    expect(result.diff).toBeCloseTo(plain.diff, 12);
    expect(result.se / plain.se).toBeCloseTo(1, 12);
    expect(result.simpsonReversal).toBe(false);
  });

  it("has the standard error that leaving out each subject in turn gives", () => {
    const full = compareRows(SAMPLE);
    const without = SAMPLE.flatMap((each, index) =>
      (["control", "treatment"] as const).flatMap((arm) =>
        each[arm].map(
          (_, left) =>
            compareRows(
              SAMPLE.map((own, place) =>
                place === index ? { ...own, [arm]: own[arm].filter((__, row) => row !== left) } : own,
              ),
            ).diff,
        ),
      ),
    );
    const n = without.length;
    const mean = without.reduce((sum, diff) => sum + diff, 0) / n;
    const jackknife = Math.sqrt(((n - 1) / n) * without.reduce((sum, diff) => sum + (diff - mean) ** 2, 0));
    expect(full.se / jackknife).toBeCloseTo(1, 1);
    expect(Math.abs(full.se / jackknife - 1)).toBeLessThan(0.02);
    expect(full.se).toBeGreaterThan(full.seFixedWeights);
    // The arms' mixes differ, which the plain ratios mistake for an effect.
    expect(Math.abs(full.unadjustedDiff)).toBeGreaterThan(Math.abs(full.diff) + full.se);
  });

  it("shows when the mix of the strata turns the result around", () => {
    const of = (n: number, ratio: number): CoMoments => ({
      n,
      mean: [2 * ratio, 2],
      m2: [
        [n, 0],
        [0, n],
      ],
    });
    const strata = [
      { control: of(1_000, 10), treatment: of(100, 11) },
      { control: of(100, 1), treatment: of(1_000, 2) },
    ];
    const result = comparePostStratifiedRatios(strata, { alpha: 0.05 });
    expect(result).toMatchObject({ status: "ok", diff: 1, simpsonReversal: true });
  });

  it("says what a stratum lacks", () => {
    const rows = momentsOfRows(sampleRows(0, 0, 9));
    const good = { control: rows, treatment: rows };
    const still: CoMoments = {
      n: 5,
      mean: [4, 2],
      m2: [
        [0, 0],
        [0, 0],
      ],
    };
    const status = (strata: readonly RatioArms[]): string =>
      comparePostStratifiedRatios(strata, { alpha: 0.05 }).status;
    expect(status([])).toBe("no_data");
    expect(status([good, { ...good, control: NOBODY }])).toBe("no_data");
    expect(status([good, { ...good, control: { ...still, n: 1 } }])).toBe("insufficient_data");
    expect(status([{ control: still, treatment: still }])).toBe("zero_variance");
    expect(status([{ ...good, treatment: { ...still, mean: [4, 0] } }])).toBe("zero_denominator");
    expect(() => status([{ ...good, control: { ...rows, mean: [1] } }])).toThrow("2 means");
  });
});
