import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalUpperQuantile } from "../distributions/normal.ts";
import { AT_START, continueBeyond, crossingProbability } from "./crossing.ts";
import { groupSequentialBounds } from "./group-sequential-bounds.ts";
import { classicalBounds } from "./group-sequential-constants.ts";
import type { Spending } from "./spending.ts";

const spending = fc.oneof(
  fc.constant<Spending>({ kind: "obrien_fleming" }),
  fc.constant<Spending>({ kind: "pocock" }),
  fc.double({ min: 0.5, max: 4, noNaN: true }).map((rho): Spending => ({ kind: "power", rho })),
);
/** Looks at least 2 % of the information apart, ending with all of it. */
const fractions = fc
  .uniqueArray(fc.integer({ min: 5, max: 49 }), { maxLength: 6 })
  .map((steps) => [...steps.sort((a, b) => a - b).map((step) => step / 50), 1]);

describe("groupSequentialBounds", () => {
  it("spends all of alpha by the end, and something at each look", () => {
    fc.assert(
      fc.property(fractions, spending, fc.constantFrom(0.01, 0.05, 0.1), (infoFractions, how, alpha) => {
        const bounds = groupSequentialBounds({ infoFractions, alpha, spending: how });
        const spent = bounds.map(({ cumulativeAlpha }) => cumulativeAlpha);
        expect(spent.at(-1) ?? 0).toBeCloseTo(alpha, 12);
        for (const [index, value] of spent.entries()) expect(value).toBeGreaterThan(spent[index - 1] ?? 0);
      }),
      { numRuns: 30 },
    );
  });

  it("has bounds that are first crossed as often as is spent at their look", () => {
    fc.assert(
      fc.property(fractions, spending, (infoFractions, how) => {
        const bounds = groupSequentialBounds({ infoFractions, alpha: 0.05, spending: how });
        let state = AT_START;
        for (const [index, t] of infoFractions.entries()) {
          const z = bounds[index]?.z ?? Number.NaN;
          const spent = (bounds[index]?.cumulativeAlpha ?? 0) - (bounds[index - 1]?.cumulativeAlpha ?? 0);
          expect(2 * crossingProbability(state, t, z)).toBeCloseTo(spent, 10);
          const next = infoFractions[index + 1];
          if (next !== undefined) state = continueBeyond(state, { t, z, next });
        }
      }),
      { numRuns: 20 },
    );
  });

  it("is the plain test when there is one look", () => {
    const [only] = groupSequentialBounds({ infoFractions: [1], alpha: 0.05, spending: { kind: "obrien_fleming" } });
    expect(only?.z).toBeCloseTo(normalUpperQuantile(0.025), 12);
    expect(only?.nominalP).toBeCloseTo(0.05, 14);
  });

  it("has no bound where less is spent than any double", () => {
    const [first, last] = groupSequentialBounds({
      infoFractions: [0.001, 1],
      alpha: 0.05,
      spending: { kind: "obrien_fleming" },
    });
    expect(first).toStrictEqual({ z: null, nominalP: 0, cumulativeAlpha: 0 });
    expect(last?.z).toBeCloseTo(normalUpperQuantile(0.025), 10);
  });

  it("copes with looks that are close together", () => {
    const bounds = groupSequentialBounds({ infoFractions: [0.5, 0.501, 1], alpha: 0.05, spending: { kind: "pocock" } });
    const without = groupSequentialBounds({ infoFractions: [0.5, 1], alpha: 0.05, spending: { kind: "pocock" } });
    expect(bounds[2]?.z ?? 0).toBeCloseTo(without[1]?.z ?? 0, 2);
  });

  it.each([[[0.5, 0.5]], [[0, 1]], [[0.5, 1.1]], [[0.9, 0.3]], [[Number.NaN]]])(
    "refuses looks at %j",
    (infoFractions) => {
      expect(() => groupSequentialBounds({ infoFractions, alpha: 0.05, spending: { kind: "pocock" } })).toThrow(
        "infoFractions",
      );
    },
  );

  it("refuses a power that is not above 0", () => {
    expect(() =>
      groupSequentialBounds({ infoFractions: [1], alpha: 0.05, spending: { kind: "power", rho: 0 } }),
    ).toThrow("rho");
  });
});

describe("classicalBounds", () => {
  it("falls from look to look like O'Brien and Fleming's, and stays like Pocock's", () => {
    const { constant, zBounds } = classicalBounds({ looks: 4, alpha: 0.05, type: "obrien_fleming" });
    expect(zBounds.map((z, index) => z * Math.sqrt((index + 1) / 4))).toStrictEqual(
      zBounds.map(() => expect.closeTo(constant, 12) as number),
    );
    const pocock = classicalBounds({ looks: 3, alpha: 0.05, type: "pocock" });
    expect(pocock.zBounds).toStrictEqual([pocock.constant, pocock.constant, pocock.constant]);
  });

  it("is the plain test with one look", () => {
    expect(classicalBounds({ looks: 1, alpha: 0.1, type: "pocock" }).constant).toBeCloseTo(
      normalUpperQuantile(0.05),
      10,
    );
  });

  it("refuses no looks", () => {
    expect(() => classicalBounds({ looks: 0, alpha: 0.05, type: "pocock" })).toThrow("looks");
  });
});
