import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CoMoments } from "../moments/co-moments.ts";
import { compareAdjusted } from "./compare-adjusted.ts";
import { compareAdjustedRatios } from "./compare-adjusted-ratios.ts";
import { compareMeans } from "./compare-means.ts";
import { comparePooledCuped } from "./compare-pooled-cuped.ts";

const ALPHA = { alpha: 0.05 };

const arm = fc
  .record({
    n: fc.integer({ min: 10, max: 10_000 }),
    means: fc.tuple(fc.double({ min: 1, max: 50, noNaN: true }), fc.double({ min: 1, max: 50, noNaN: true })),
    deviations: fc.tuple(fc.double({ min: 0.5, max: 20, noNaN: true }), fc.double({ min: 0.5, max: 20, noNaN: true })),
    correlation: fc.double({ min: -0.99, max: 0.99, noNaN: true }),
  })
  .map(({ n, means, deviations: [y, x], correlation }): CoMoments => {
    const cross = correlation * y * x * (n - 1);
    return {
      n,
      mean: means,
      m2: [
        [y * y * (n - 1), cross],
        [cross, x * x * (n - 1)],
      ],
    };
  });

/** The arm with its covariate in another unit and from another zero. */
function recode({ n, mean: [y = 0, x = 0], m2 }: CoMoments, unit: number, shift: number): CoMoments {
  const cross = (m2[0]?.[1] ?? 0) * unit;
  return {
    n,
    mean: [y, x * unit + shift],
    m2: [
      [m2[0]?.[0] ?? 0, cross],
      [cross, (m2[1]?.[1] ?? 0) * unit * unit],
    ],
  };
}

describe("compareAdjusted", () => {
  it("is the plain comparison without covariates", () => {
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        const only = ({ n, mean, m2 }: CoMoments): CoMoments => ({
          n,
          mean: mean.slice(0, 1),
          m2: [[m2[0]?.[0] ?? 0]],
        });
        const plain = ({ n, mean, m2 }: CoMoments) => ({ n, mean: mean[0] ?? 0, m2: m2[0]?.[0] ?? 0 });
        const adjusted = compareAdjusted({ control: only(control), treatment: only(treatment) }, ALPHA);
        const means = compareMeans({ control: plain(control), treatment: plain(treatment) }, ALPHA);
        expect(adjusted).toMatchObject({ ...means, thetaControl: [] });
        expect(adjusted.varianceReduction).toBeCloseTo(0, 12);
      }),
    );
  });

  it("does not mind the unit and the zero of a covariate", () => {
    fc.assert(
      fc.property(
        arm,
        arm,
        fc.constantFrom(0.001, 60, 1e6),
        fc.constantFrom(0, -40),
        (control, treatment, unit, shift) => {
          const plain = compareAdjusted({ control, treatment }, ALPHA);
          const other = compareAdjusted(
            { control: recode(control, unit, shift), treatment: recode(treatment, unit, shift) },
            ALPHA,
          );
          if (plain.status !== "ok" || other.status !== "ok") throw new Error("not tested");
          expect(other.diff).toBeCloseTo(plain.diff, 7);
          expect(other.se / plain.se).toBeCloseTo(1, 7);
          expect((other.thetaControl?.[0] ?? 0) * unit).toBeCloseTo(plain.thetaControl?.[0] ?? 0, 7);
        },
      ),
    );
  });

  it("rejects exactly when its intervals exclude 0", () => {
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        const result = compareAdjusted({ control, treatment }, ALPHA);
        if (result.status !== "ok" || Math.abs(result.p - 0.05) < 1e-9) return;
        expect((result.interval.low ?? 0) > 0 || (result.interval.high ?? 0) < 0).toBe(result.p <= 0.05);
        if (result.relative.status !== "ok") return;
        expect(result.relative.fieller.low > 0 || result.relative.fieller.high < 0).toBe(result.p <= 0.05);
      }),
    );
  });

  it("leaves a covariate out that does not vary", () => {
    const still: CoMoments = {
      n: 5,
      mean: [2, 7],
      m2: [
        [8, 0],
        [0, 0],
      ],
    };
    const result = compareAdjusted({ control: still, treatment: { ...still, mean: [3, 7] } }, ALPHA);
    expect(result).toMatchObject({ status: "ok", diff: 1, thetaControl: [0], thetaTreatment: [0] });
  });

  it("says that nothing varies when the covariate explains everything", () => {
    const exact: CoMoments = {
      n: 6,
      mean: [2, 1],
      m2: [
        [17.5 * 4, 17.5 * 2],
        [17.5 * 2, 17.5],
      ],
    };
    const result = compareAdjusted({ control: exact, treatment: { ...exact, mean: [3, 1] } }, ALPHA);
    expect(result).toMatchObject({ status: "zero_variance", diff: 1, varianceReduction: 1 });
  });

  it("tests nothing when the covariate explains everything, in each arm with another slope", () => {
    const exact = (slope: number): CoMoments => {
      return {
        n: 6,
        mean: [2, 1],
        m2: [
          [17.5 * slope * slope, 17.5 * slope],
          [17.5 * slope, 17.5],
        ],
      };
    };
    const result = compareAdjusted({ control: exact(2), treatment: exact(3) }, ALPHA);
    expect(result).toMatchObject({ status: "zero_variance", thetaControl: [2], thetaTreatment: [3] });
  });

  it("needs more subjects than slopes and a mean", () => {
    const two: CoMoments = {
      n: 2,
      mean: [1, 1],
      m2: [
        [1, 0.5],
        [0.5, 1],
      ],
    };
    expect(compareAdjusted({ control: two, treatment: two }, ALPHA).status).toBe("insufficient_data");
    const none: CoMoments = { n: 0, mean: [], m2: [] };
    expect(compareAdjusted({ control: none, treatment: two }, ALPHA)).toMatchObject({ status: "no_data", diff: null });
  });
});

describe("compareAdjustedRatios", () => {
  it("is the adjusted comparison of means when every denominator is 1", () => {
    fc.assert(
      fc.property(arm, arm, (control, treatment) => {
        const over1 = ({ n, mean: [y = 0, x = 0], m2 }: CoMoments): CoMoments => {
          const [yy = 0, yx = 0, xx = 0] = [m2[0]?.[0], m2[0]?.[1], m2[1]?.[1]];
          return {
            n,
            mean: [y, 1, x],
            m2: [
              [yy, 0, yx],
              [0, 0, 0],
              [yx, 0, xx],
            ],
          };
        };
        const ratios = compareAdjustedRatios({ control: over1(control), treatment: over1(treatment) }, ALPHA);
        expect(ratios).toStrictEqual(compareAdjusted({ control, treatment }, ALPHA));
      }),
    );
  });

  it("has no result for a denominator of 0", () => {
    const control: CoMoments = {
      n: 3,
      mean: [1, 0],
      m2: [
        [1, 0],
        [0, 0],
      ],
    };
    expect(compareAdjustedRatios({ control, treatment: control }, ALPHA).status).toBe("zero_denominator");
  });
});

describe("comparePooledCuped", () => {
  it("has the estimate of arm-specific slopes when the slopes are the same and the covariate is balanced", () => {
    const base: CoMoments = {
      n: 100,
      mean: [5, 2],
      m2: [
        [200, 60],
        [60, 90],
      ],
    };
    const arms = { control: base, treatment: { ...base, mean: [6, 2] } };
    const [pooled, lin] = [comparePooledCuped(arms, ALPHA), compareAdjusted(arms, ALPHA)];
    expect(pooled.theta).toBeCloseTo(60 / 90, 12);
    expect(pooled.diff).toBeCloseTo(lin.diff ?? 0, 12);
    expect(pooled).toMatchObject({ status: "ok", lift: 0.2 });
  });

  it("takes no covariate into account that does not vary", () => {
    const still: CoMoments = {
      n: 5,
      mean: [0, 7],
      m2: [
        [8, 0],
        [0, 0],
      ],
    };
    expect(comparePooledCuped({ control: still, treatment: still }, ALPHA)).toMatchObject({
      theta: 0,
      lift: null,
      liftDelta: null,
    });
  });

  it("says what it lacks", () => {
    const none: CoMoments = { n: 0, mean: [], m2: [] };
    const one: CoMoments = {
      n: 1,
      mean: [1, 1],
      m2: [
        [0, 0],
        [0, 0],
      ],
    };
    expect(comparePooledCuped({ control: none, treatment: one }, ALPHA).status).toBe("no_data");
    expect(comparePooledCuped({ control: one, treatment: one }, ALPHA)).toMatchObject({
      status: "insufficient_data",
      diff: 0,
    });
  });
});
