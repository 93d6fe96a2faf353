import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMeans } from "../comparisons/compare-means.ts";
import { heterogeneity } from "./heterogeneity.ts";
import { testInteraction } from "./interaction.ts";
import { comparePostStratified } from "./post-stratification.ts";
import { testTrend } from "./trend.ts";

const estimate = fc.double({ min: -1, max: 1, noNaN: true });
const se = fc.double({ min: 0.01, max: 1, noNaN: true });
const segment = fc.record({ estimate, se });
const moments = fc
  .record({ n: fc.integer({ min: 2, max: 5_000 }), mean: fc.double({ min: -9, max: 9, noNaN: true }), sd: se })
  .map(({ n, mean, sd }) => ({ n, mean, m2: sd * sd * (n - 1) }));
const arms = fc.record({ control: moments, treatment: moments });
const NONE = { n: 0, mean: null, m2: null };
const STILL = { n: 5, mean: 1, m2: 0 };

describe("heterogeneity", () => {
  it("shrinks every estimate towards the mean and never beyond it", () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 12 }), (segments) => {
        const estimates = segments.map((each) => each.estimate);
        const result = heterogeneity({ estimates, ses: segments.map((each) => each.se) });
        if (result.status !== "ok") throw new Error(result.status);
        expect(result.i2).toBeGreaterThanOrEqual(0);
        expect(result.i2).toBeLessThanOrEqual(1);
        for (const [index, shrunk] of result.shrunk.entries()) {
          const distance = (estimates[index] ?? 0) - result.randomEffect;
          expect(Math.abs(shrunk - result.randomEffect)).toBeLessThanOrEqual(Math.abs(distance) + 1e-12);
        }
      }),
    );
  });

  it("sees no difference between equal estimates, nor in a single one", () => {
    const equal = heterogeneity({ estimates: [0.3, 0.3, 0.3], ses: [0.1, 0.2, 0.3] });
    expect(equal).toMatchObject({ i2: 0, tau2: 0 });
    expect(heterogeneity({ estimates: [0.1], ses: [0.3] })).toMatchObject({
      df: 0,
      test: null,
      tau2: 0,
      i2: 0,
      shrunk: [0.1],
    });
  });

  it("sees clear differences as such", () => {
    const result = heterogeneity({ estimates: [-1, 1], ses: [0.1, 0.1] });
    expect(result).toMatchObject({ q: expect.closeTo(200, 8) as number, i2: expect.closeTo(199 / 200, 10) as number });
  });

  it("has no data without segments, and refuses standard errors of 0", () => {
    expect(heterogeneity({ estimates: [], ses: [] })).toStrictEqual({ status: "no_data" });
    expect(() => heterogeneity({ estimates: [1], ses: [0] })).toThrow("ses[0]");
  });
});

describe("testInteraction", () => {
  it("says the opposite when the arms of an experiment change places, and the same when the experiments do", () => {
    fc.assert(
      fc.property(arms, arms, (otherControl, otherTreatment) => {
        const plain = testInteraction({ otherControl, otherTreatment });
        const turned = testInteraction({ otherControl: otherTreatment, otherTreatment: otherControl });
        const exchanged = testInteraction({
          otherControl: { control: otherControl.control, treatment: otherTreatment.control },
          otherTreatment: { control: otherControl.treatment, treatment: otherTreatment.treatment },
        });
        if (plain.status !== "ok" || turned.status !== "ok" || exchanged.status !== "ok") throw new Error("not tested");
        expect(turned.interaction + plain.interaction).toBeCloseTo(0, 12);
        expect(turned.p).toBeCloseTo(plain.p, 9);
        expect(exchanged.p).toBeCloseTo(plain.p, 6);
      }),
    );
  });

  it("says what a cell lacks", () => {
    const still = { control: STILL, treatment: STILL };
    expect(testInteraction({ otherControl: still, otherTreatment: still })).toStrictEqual({ status: "zero_variance" });
    expect(testInteraction({ otherControl: { ...still, control: NONE }, otherTreatment: still })).toStrictEqual({
      status: "no_data",
    });
    const one = { n: 1, mean: 1, m2: 0 };
    expect(testInteraction({ otherControl: { ...still, control: one }, otherTreatment: still })).toStrictEqual({
      status: "insufficient_data",
    });
  });
});

describe("comparePostStratified", () => {
  it("is the plain difference with one stratum, and does not mind empty ones", () => {
    fc.assert(
      fc.property(arms, (stratum) => {
        const result = comparePostStratified([{ control: NONE, treatment: NONE }, stratum], { alpha: 0.05 });
        const plain = compareMeans(stratum, { alpha: 0.05 });
        if (result.status !== "ok" || plain.status !== "ok") throw new Error("not tested");
        expect(result.diff).toBe(plain.diff);
        expect(result.se / plain.se).toBeCloseTo(1, 12);
        expect(result.simpsonReversal).toBe(false);
      }),
    );
  });

  it("shows when the mix of the strata turns the result around", () => {
    const result = comparePostStratified(
      [
        { control: { n: 1_000, mean: 10, m2: 999 }, treatment: { n: 100, mean: 11, m2: 99 } },
        { control: { n: 100, mean: 1, m2: 99 }, treatment: { n: 1_000, mean: 2, m2: 999 } },
      ],
      { alpha: 0.05 },
    );
    expect(result).toMatchObject({ status: "ok", diff: 1, simpsonReversal: true });
  });

  it("says what a stratum lacks", () => {
    const good = { control: { n: 9, mean: 1, m2: 3 }, treatment: { n: 9, mean: 1, m2: 3 } };
    const status = (strata: Parameters<typeof comparePostStratified>[0]): string =>
      comparePostStratified(strata, { alpha: 0.05 }).status;
    expect(status([])).toBe("no_data");
    expect(status([good, { ...good, control: NONE }])).toBe("no_data");
    expect(status([good, { ...good, control: { n: 1, mean: 1, m2: 0 } }])).toBe("insufficient_data");
    expect(status([{ control: STILL, treatment: STILL }])).toBe("zero_variance");
  });
});

describe("testTrend", () => {
  it("finds the line that the effects lie on", () => {
    fc.assert(
      fc.property(estimate, estimate, fc.array(se, { minLength: 2, maxLength: 30 }), (slope, intercept, ses) => {
        const days = ses.map((_, index) => index + 1);
        const result = testTrend({ days, ses, estimates: days.map((day) => intercept + slope * day) });
        if (result.status !== "ok") throw new Error(result.status);
        expect(result.slope).toBeCloseTo(slope, 9);
        expect(result.intercept).toBeCloseTo(intercept, 9);
      }),
    );
  });

  it("needs two different days", () => {
    expect(testTrend({ days: [3, 3], estimates: [1, 2], ses: [1, 1] })).toStrictEqual({ status: "insufficient_data" });
    expect(testTrend({ days: [], estimates: [], ses: [] })).toStrictEqual({ status: "insufficient_data" });
    expect(() => testTrend({ days: [1], estimates: [1, 2], ses: [1, 1] })).toThrow("one length");
  });
});
