import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBetaBeliefs } from "./beta-posterior.ts";

const parameter = fc.oneof(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.double({ min: 1, max: 1e5, noNaN: true }));
const belief = fc.record({ alpha: parameter, beta: parameter });

describe("compareBetaBeliefs", () => {
  it("has losses that differ by the difference of the means", () => {
    fc.assert(
      fc.property(belief, belief, (control, treatment) => {
        const { lossIfShip, lossIfKeep, meanDiff } = compareBetaBeliefs({ control, treatment });
        expect(lossIfKeep - lossIfShip).toBeCloseTo(meanDiff, 10);
      }),
    );
  });

  it("turns around when the arms change places", () => {
    fc.assert(
      fc.property(belief, belief, (control, treatment) => {
        const there = compareBetaBeliefs({ control, treatment });
        const back = compareBetaBeliefs({ control: treatment, treatment: control });
        expect(there.pTreatmentBetter + back.pTreatmentBetter).toBeCloseTo(1, 9);
        expect(there.lossIfShip).toBeCloseTo(back.lossIfKeep, 10);
      }),
    );
  });

  it("is undecided between equal beliefs, however vague or narrow", () => {
    for (const size of [0.001, 0.5, 1, 1e3, 1e8]) {
      const equal = { alpha: size, beta: 3 * size };
      expect(compareBetaBeliefs({ control: equal, treatment: equal }).pTreatmentBetter).toBeCloseTo(0.5, 9);
    }
  });

  it("agrees with the closed form when control may be anything: the mean of treatment", () => {
    fc.assert(
      fc.property(belief, (treatment) => {
        const { pTreatmentBetter } = compareBetaBeliefs({ control: { alpha: 1, beta: 1 }, treatment });
        expect(pTreatmentBetter).toBeCloseTo(treatment.alpha / (treatment.alpha + treatment.beta), 9);
      }),
    );
  });

  it("refuses parameters that are not above 0", () => {
    const one = { alpha: 1, beta: 1 };
    expect(() => compareBetaBeliefs({ control: one, treatment: { alpha: 0, beta: 1 } })).toThrow("treatment.alpha");
  });
});
