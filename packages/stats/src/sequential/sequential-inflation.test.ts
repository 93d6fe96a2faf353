import { describe, expect, it } from "vitest";
import { normalSf } from "../distributions/normal.ts";
import { powerAt } from "../power/normal-power.ts";
import { groupSequentialBounds } from "./group-sequential-bounds.ts";
import { classicalBounds } from "./group-sequential-constants.ts";
import { sequentialInflation, sequentialPower } from "./sequential-inflation.ts";

const fractionsOf = (looks: number): readonly number[] =>
  Array.from({ length: looks }, (_, index) => (index + 1) / looks);

/** The plan of results: daily looks with the spending of O'Brien and Fleming. */
function spendingPlan(looks: number, alpha: number) {
  const infoFractions = fractionsOf(looks);
  const bounds = groupSequentialBounds({ infoFractions, alpha, spending: { kind: "obrien_fleming" } });
  return { infoFractions, bounds: bounds.map(({ z }) => z) };
}

/** Paths of a statistic with a drift, drawn step by step: how many cross. */
function crossed({ bounds, infoFractions }: ReturnType<typeof spendingPlan>, drift: number, paths: number): number {
  let state = 12_345;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
  let count = 0;
  for (let path = 0; path < paths; path += 1) {
    let at = 0;
    let before = 0;
    for (const [index, t] of infoFractions.entries()) {
      const step = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
      at += drift * (t - before) + Math.sqrt(t - before) * step;
      before = t;
      if (Math.abs(at) / Math.sqrt(t) < (bounds[index] ?? Infinity)) continue;
      count += 1;
      break;
    }
  }
  return count / paths;
}

describe("sequentialPower", () => {
  it("is that of the z-test with one look", () => {
    for (const drift of [0, 1, 2.8, -4]) {
      const plan = { infoFractions: [1], bounds: [1.959963984540054] };
      expect(sequentialPower(plan, drift)).toBeCloseTo(powerAt(Math.abs(drift), { alpha: 0.05 }), 10);
    }
  });

  it("is the error of the plan without a drift", () => {
    for (const alpha of [0.001, 0.05, 0.2]) expect(sequentialPower(spendingPlan(14, alpha), 0)).toBeCloseTo(alpha, 9);
  });

  it("is how often drawn paths cross", () => {
    const plan = spendingPlan(10, 0.05);
    const paths = 20_000;
    const power = sequentialPower(plan, 2.9);
    const error = Math.sqrt((power * (1 - power)) / paths);
    expect(Math.abs(crossed(plan, 2.9, paths) - power)).toBeLessThan(3.5 * error);
    expect(power).toBeLessThan(1 - normalSf(2.9 - 1.96));
  });
});

describe("sequentialInflation", () => {
  it("is that of Jennison & Turnbull's table of O'Brien and Fleming's and Pocock's tests", () => {
    const of = (looks: number, type: "obrien_fleming" | "pocock", power: number): number => {
      const bounds = classicalBounds({ looks, alpha: 0.05, type }).zBounds;
      return sequentialInflation({ infoFractions: fractionsOf(looks), bounds }, { alpha: 0.05, power });
    };
    expect(of(1, "obrien_fleming", 0.8)).toBeCloseTo(1, 9);
    expect(of(5, "obrien_fleming", 0.8)).toBeCloseTo(1.028, 3);
    expect(of(5, "obrien_fleming", 0.9)).toBeCloseTo(1.026, 3);
    expect(of(5, "pocock", 0.8)).toBeCloseTo(1.229, 2);
    expect(of(5, "pocock", 0.9)).toBeCloseTo(1.207, 2);
  });

  it("gives back the power that was asked for, and grows slowly with the looks", () => {
    const factors = [2, 7, 14, 28].map((looks) => {
      const plan = spendingPlan(looks, 0.05);
      const factor = sequentialInflation(plan, { alpha: 0.05, power: 0.8 });
      const drift = 2.8015852 * Math.sqrt(factor);
      expect(sequentialPower(plan, drift)).toBeCloseTo(0.8, 5);
      return factor;
    });
    expect(factors).toStrictEqual(factors.toSorted((one, other) => one - other));
    expect(factors.at(-1)).toBeLessThan(1.06);
  });

  it("asks for a plan that ends", () => {
    const open = { infoFractions: [0.5], bounds: [3] };
    expect(() => sequentialInflation(open, { alpha: 0.05, power: 0.8 })).toThrow("has to be 1");
    expect(() => sequentialPower({ infoFractions: [1], bounds: [] }, 1)).toThrow("one length");
  });
});
