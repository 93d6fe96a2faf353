import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectableMeanEffect, powerForMean, sampleSizeForMean } from "./plan-means.ts";
import { sampleSizeForNoninferiority } from "./plan-noninferiority.ts";
import { detectableProportionEffect, sampleSizeForProportion } from "./plan-proportions.ts";

const sd = fc.double({ min: 0.1, max: 100, noNaN: true });
const size = fc.integer({ min: 2, max: 1_000_000 });
const power = fc.double({ min: 0.2, max: 0.999, noNaN: true });
const sides = fc.constantFrom(1 as const, 2 as const);

describe("planning for means", () => {
  it("finds the detectable effect with the power that was asked for", () => {
    fc.assert(
      fc.property(sd, size, size, power, sides, (deviation, nControl, nTreatment, wanted, side) => {
        const test = { sd: deviation, nControl, nTreatment, alpha: 0.05, sides: side };
        const delta = detectableMeanEffect({ ...test, power: wanted });
        expect(powerForMean({ ...test, delta })).toBeCloseTo(wanted, 9);
        expect(powerForMean({ ...test, delta: -delta })).toBeCloseTo(wanted, 9);
      }),
    );
  });

  it("asks for sizes that have the power, and are not larger than needed", () => {
    fc.assert(
      fc.property(
        sd,
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        power,
        sides,
        (deviation, effect, wanted, side) => {
          const test = {
            sd: deviation,
            alpha: 0.05,
            sides: side,
            comparisons: 2,
            varianceReduction: 0.3,
            delta: effect * deviation,
          };
          const { nControlExact, nControl, nTreatment } = sampleSizeForMean({ ...test, power: wanted });
          expect(nControl).toBe(Math.ceil(nControlExact));
          expect(powerForMean({ ...test, nControl, nTreatment })).toBeGreaterThanOrEqual(wanted - 1e-9);
          expect(powerForMean({ ...test, nControl: nControlExact, nTreatment: nControlExact })).toBeCloseTo(wanted, 9);
        },
      ),
    );
  });

  it("needs the fewer subjects the more of the variance covariates explain", () => {
    const plan = { sd: 1, delta: 0.1, alpha: 0.05, power: 0.8 };
    const [plain, halved] = [0, 0.5].map(
      (varianceReduction) => sampleSizeForMean({ ...plan, varianceReduction }).nControlExact,
    );
    expect((halved ?? 0) / (plain ?? 1)).toBeCloseTo(0.5, 12);
  });

  it("has the power of alpha when there is no effect", () => {
    expect(powerForMean({ sd: 1, delta: 0, nControl: 50, nTreatment: 70, alpha: 0.05 })).toBeCloseTo(0.05, 12);
  });

  it.each([
    ["power", { sd: 1, delta: 1, alpha: 0.05, power: 0.04 }],
    ["delta", { sd: 1, delta: 0, alpha: 0.05, power: 0.8 }],
    ["sd", { sd: 0, delta: 1, alpha: 0.05, power: 0.8 }],
    ["varianceReduction", { sd: 1, delta: 1, alpha: 0.05, power: 0.8, varianceReduction: 1 }],
    ["comparisons", { sd: 1, delta: 1, alpha: 0.05, power: 0.8, comparisons: 0 }],
    ["ratio", { sd: 1, delta: 1, alpha: 0.05, power: 0.8, ratio: 0 }],
  ])("refuses a %s that cannot be", (name, question) => {
    expect(() => sampleSizeForMean(question)).toThrow(name);
  });
});

describe("planning for proportions", () => {
  it("detects the effect that its own sample size is for", () => {
    const share = fc.double({ min: 0.01, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(share, fc.double({ min: 1.02, max: 1.5, noNaN: true }), power, (baseline, factor, wanted) => {
        const plan = { baseline, alpha: 0.05, power: wanted };
        const { nControlExact } = sampleSizeForProportion({
          ...plan,
          treatment: baseline * factor,
          variance: "unpooled",
          ratio: 2,
        });
        const effect = detectableProportionEffect({ ...plan, nControl: nControlExact, nTreatment: 2 * nControlExact });
        expect(effect.status === "ok" ? effect.absolute / (baseline * (factor - 1)) : 0).toBeCloseTo(1, 8);
      }),
    );
  });

  it("says when no proportion can be told from the baseline", () => {
    const plan = { alpha: 0.05, power: 0.8, nControl: 50, nTreatment: 50 };
    expect(detectableProportionEffect({ ...plan, baseline: 0.95 })).toStrictEqual({ status: "impossible" });
    expect(detectableProportionEffect({ ...plan, baseline: 1 })).toStrictEqual({ status: "impossible" });
    expect(detectableProportionEffect({ ...plan, baseline: 0 })).toMatchObject({ status: "ok", relative: null });
  });

  it("refuses an effect of nothing", () => {
    const question = { baseline: 0.1, treatment: 0.1, alpha: 0.05, power: 0.8, variance: "pooled" } as const;
    expect(() => sampleSizeForProportion(question)).toThrow("differ");
  });
});

describe("planning for non-inferiority", () => {
  it("is planning of a one-sided test for the distance to the margin", () => {
    const size2 = sampleSizeForNoninferiority({ sd: 10, margin: 0.2, trueDelta: 0.1, alpha: 0.05, power: 0.8 });
    const plain = sampleSizeForMean({ sd: 10, delta: 0.3, alpha: 0.05, power: 0.8, sides: 1 });
    expect(size2.status === "ok" ? size2.perArmExact : 0).toBeCloseTo(plain.nControlExact, 8);
  });

  it("says when the true effect is beyond the margin", () => {
    expect(sampleSizeForNoninferiority({ sd: 1, margin: 0.1, trueDelta: -0.1, alpha: 0.05, power: 0.8 })).toStrictEqual(
      { status: "impossible" },
    );
  });
});
