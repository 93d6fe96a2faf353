import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestArm } from "./best-arm.ts";
import { liftBeliefs } from "./lift-beliefs.ts";
import { normalPosterior } from "./normal-posterior.ts";

const lift = fc.double({ min: -0.5, max: 0.5, noNaN: true });
const variance = fc.double({ min: 1e-4, max: 1e-2, noNaN: true });

describe("liftBeliefs", () => {
  it("of one treatment are those of the normal model with both arms' noise", () => {
    fc.assert(
      fc.property(lift, variance, variance, (estimate, own, controlVariance) => {
        const loading = 1 + estimate;
        const { control, treatments } = liftBeliefs(
          { lifts: [estimate], variances: [own], loadings: [loading], controlVariance },
          { priorSd: 0.1, alpha: 0.05 },
        );
        const [belief] = treatments;
        const se = Math.sqrt(own + loading ** 2 * controlVariance);
        const normal = normalPosterior({ estimate, se, prior: { mean: 0, sd: 0.1 } }, { alpha: 0.05 });
        expect(belief?.mean).toBeCloseTo(normal.mean, 12);
        expect(belief?.interval.low).toBeCloseTo(normal.interval.low, 12);
        expect(belief?.beatsControl).toBeCloseTo(normal.chanceToWin, 10);
        expect(belief?.best).toBeCloseTo(normal.chanceToWin, 8);
        expect(belief?.expectedLoss).toBeCloseTo(normal.lossIfShip, 9);
        expect(control.best).toBeCloseTo(1 - normal.chanceToWin, 8);
        expect(control.expectedLoss).toBeCloseTo(normal.lossIfKeep, 9);
      }),
      { numRuns: 15 },
    );
  });

  it("are those of independent arms where the prior says next to nothing", () => {
    const lifts = [0.02, 0.05, -0.01];
    const variances = [4e-4, 9e-4, 1e-4];
    const { control, treatments } = liftBeliefs(
      { lifts, variances, loadings: [1, 1, 1], controlVariance: 2e-4 },
      { priorSd: 1e4, alpha: 0.05 },
    );
    const plain = bestArm(
      { means: [0, ...lifts], ses: [2e-4, ...variances].map(Math.sqrt) },
      { maximize: true, floor: 0 },
    );
    const all = [control, ...treatments];
    for (const [index, { best, expectedLoss }] of all.entries()) {
      expect(best).toBeCloseTo(plain.pBest[index] ?? 0, 8);
      expect(expectedLoss).toBeCloseTo(plain.expectedLoss[index] ?? 0, 9);
    }
  });

  it("give probabilities to be the best that add up to 1, and doubt large lifts the more the narrower the prior", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(lift, variance), { minLength: 1, maxLength: 4 }),
        variance,
        (arms, controlVariance) => {
          const evidence = {
            lifts: arms.map(([estimate]) => estimate),
            variances: arms.map(([, own]) => own),
            loadings: arms.map(([estimate]) => 1 + estimate),
            controlVariance,
          };
          const { control, treatments } = liftBeliefs(evidence, { priorSd: 0.1, alpha: 0.05 });
          expect(treatments.reduce((sum, { best }) => sum + best, control.best)).toBeCloseTo(1, 7);
          const narrow = liftBeliefs(evidence, { priorSd: 1e-3, alpha: 0.05 });
          for (const { mean } of narrow.treatments) expect(Math.abs(mean)).toBeLessThan(0.01);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("asks for arms that vary, and for a prior", () => {
    const fine = { lifts: [0.1], variances: [0.01], loadings: [1], controlVariance: 0.01 };
    expect(() => liftBeliefs({ ...fine, controlVariance: 0 }, { priorSd: 1, alpha: 0.05 })).toThrow("controlVariance");
    expect(() => liftBeliefs(fine, { priorSd: 0, alpha: 0.05 })).toThrow("priorSd");
    expect(() => liftBeliefs({ ...fine, lifts: [] }, { priorSd: 1, alpha: 0.05 })).toThrow("one length");
    const nobody = { ...fine, lifts: [], variances: [], loadings: [] };
    expect(() => liftBeliefs(nobody, { priorSd: 1, alpha: 0.05 })).toThrow("There has to be a treatment");
  });
});
