import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustPValues, type Correction } from "./adjust-p-values.ts";

const CORRECTIONS = ["bonferroni", "holm", "hochberg", "bh", "by"] as const;
const family = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), { maxLength: 30 });

function adjusted(pValues: readonly (number | null)[], correction: Correction): readonly (number | null)[] {
  return adjustPValues(pValues, { correction, alpha: 0.05 }).adjusted;
}

describe("adjustPValues", () => {
  it.each(CORRECTIONS)("never lowers a p-value and keeps their order with %s", (correction) => {
    fc.assert(
      fc.property(family, (pValues) => {
        const result = adjusted(pValues, correction);
        for (const [i, p] of pValues.entries()) {
          if (p === null) {
            expect(result[i]).toBeNull();
            continue;
          }
          expect(result[i]).toBeGreaterThanOrEqual(p * (1 - 1e-15));
          expect(result[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of pValues.entries()) {
            if (q !== null && p <= q) expect(result[i]).toBeLessThanOrEqual(result[j] ?? 0);
          }
        }
      }),
    );
  });

  it("rejects no less by Holm than by Bonferroni, by Hochberg than by Holm, and by BH than by BY", () => {
    fc.assert(
      fc.property(family, (pValues) => {
        const lists = CORRECTIONS.map((correction) => adjusted(pValues, correction));
        for (const index of pValues.keys()) {
          const [bonferroni = 0, holm = 0, hochberg = 0, bh = 0, by = 0] = lists.map((list) => list[index] ?? 0);
          expect(holm).toBeLessThanOrEqual(bonferroni);
          expect(hochberg).toBeLessThanOrEqual(holm);
          expect(bh).toBeLessThanOrEqual(hochberg * (1 + 1e-15));
          expect(bh).toBeLessThanOrEqual(by);
        }
      }),
    );
  });

  it.each(CORRECTIONS)("leaves a single p-value as it is, and does not count missing ones, with %s", (correction) => {
    expect(adjusted([null, 0.03, null], correction)).toStrictEqual([null, 0.03, null]);
    expect(adjustPValues([null], { correction, alpha: 0.05 })).toStrictEqual({ adjusted: [null], rejected: [false] });
    expect(adjustPValues([], { correction, alpha: 0.05 })).toStrictEqual({ adjusted: [], rejected: [] });
  });

  it("rejects what is at most alpha", () => {
    const { rejected } = adjustPValues([0.025, 0.026], { correction: "bonferroni", alpha: 0.05 });
    expect(rejected).toStrictEqual([true, false]);
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses the p-value %f", (p) => {
    expect(() => adjusted([0.5, p], "holm")).toThrow("pValues[1]");
  });
});
