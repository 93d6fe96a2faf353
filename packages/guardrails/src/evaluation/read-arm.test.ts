import type { ArmMoments, GuardrailReading, GuardrailRule } from "@lotty/domain";
import { testNoninferiority } from "@lotty/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleMetric } from "../testing/sample-metric.ts";
import { shareArm } from "@lotty/testkit/fakes/scripted-moments";
import { contrastOf } from "./contrast.ts";
import { readArm } from "./read-arm.ts";

const RULE: GuardrailRule = {
  margin: 0.05,
  marginKind: "relative",
  alpha: 0.05,
  minimumSubjects: 100,
  tunedFor: 5_000,
  population: "exposed",
  action: "pause",
};
const { definition } = sampleMetric();

function read(control: ArmMoments, treatment: ArmMoments, higherIsBetter = true): GuardrailReading {
  return readArm({ control, treatment }, { metric: { ...definition, higherIsBetter }, rule: RULE, alpha: RULE.alpha });
}

/** An arm of a metric with a mean and a standard deviation. */
function meanArm(mean: number, deviation: number, n: number): ArmMoments {
  const m2 = deviation ** 2 * (n - 1);
  return { variantId: "v", cohortDay: null, segment: null, n, columns: ["value"], mean: [mean], m2: [[m2]] };
}

describe("a variant under a guardrail", () => {
  it("waits for the least number of subjects in both arms", () => {
    expect(read(shareArm("c", 10, 99), shareArm("t", 0, 1_000))).toMatchObject({
      state: "waiting",
      waitsFor: "minimum_subjects",
      high: null,
    });
    expect(read(shareArm("c", 0, 0), shareArm("t", 0, 0))).toMatchObject({ state: "waiting", mean: null });
  });

  it("is green within the margin, amber beyond it, and fires once chance is no reason any more", () => {
    expect(read(shareArm("c", 100, 1_000), shareArm("t", 99, 1_000)).state).toBe("green");
    expect(read(shareArm("c", 100, 1_000), shareArm("t", 90, 1_000)).state).toBe("amber");
    expect(read(shareArm("c", 100, 1_000), shareArm("t", 20, 1_000)).state).toBe("firing");
  });

  it("knows which way harm lies", () => {
    expect(read(shareArm("c", 20, 1_000), shareArm("t", 100, 1_000)).state).toBe("green");
    expect(read(shareArm("c", 20, 1_000), shareArm("t", 100, 1_000), false).state).toBe("firing");
  });

  it("fires on a treatment that fails for everybody, though nothing varies", () => {
    expect(read(shareArm("c", 500, 500), shareArm("t", 0, 500)).state).toBe("firing");
    expect(read(shareArm("c", 0, 500), shareArm("t", 500, 500), false).state).toBe("firing");
    expect(read(shareArm("c", 0, 500), shareArm("t", 0, 500)).state).toBe("green");
  });

  it("says nothing of values of which none varies", () => {
    const rule = { metric: { ...definition, kind: "sum" } as const, rule: RULE, alpha: RULE.alpha };
    const reading = readArm({ control: meanArm(2, 0, 500), treatment: meanArm(1, 0, 500) }, rule);
    expect(reading).toMatchObject({ state: "waiting", waitsFor: "zero_variance", shift: -0.9 });
  });

  it("needs more to fire than a test that is made for one look, and its bounds hold the estimate", () => {
    const arm = fc.record({
      mean: fc.double({ min: 0.5, max: 2, noNaN: true }),
      deviation: fc.double({ min: 0.1, max: 3, noNaN: true }),
      n: fc.integer({ min: 100, max: 100_000 }),
    });
    fc.assert(
      fc.property(arm, arm, fc.boolean(), (control, treatment, higherIsBetter) => {
        const arms = {
          control: meanArm(control.mean, control.deviation, control.n),
          treatment: meanArm(treatment.mean, treatment.deviation, treatment.n),
        };
        const metric = { ...definition, kind: "sum", higherIsBetter } as const;
        const reading = readArm(arms, { metric, rule: RULE, alpha: RULE.alpha });
        const { high, low, se, shift } = reading;
        if (high === null || low === null || se === null || shift === null) throw new Error("It has to be judged.");
        expect(high).toBeGreaterThanOrEqual(shift);
        expect(low).toBeLessThanOrEqual(shift);
        expect(high - shift).toBeGreaterThan(1.645 * se);
        expect(reading.state === "firing").toBe(high < 0);
      }),
    );
  });
});

describe("the contrast of a ratio", () => {
  const metric = { kind: "ratio", higherIsBetter: true } as const;

  /** A ratio whose denominator is the same for everybody is a mean. */
  function ratioArm({ m2, mean, ...arm }: ArmMoments, denominator: number): ArmMoments {
    return {
      ...arm,
      columns: ["value", "denominator"],
      mean: [(mean[0] ?? 0) * denominator, denominator],
      m2: [
        [(m2[0]?.[0] ?? 0) * denominator ** 2, 0],
        [0, 0],
      ],
    };
  }

  it.each(["relative", "absolute"] as const)("is that of the mean where denominators do not vary, %s", (marginKind) => {
    const [control, treatment] = [meanArm(2, 1, 400), meanArm(1.8, 1.2, 500)];
    const rule = { margin: 0.05, marginKind };
    const plain = testNoninferiority(
      {
        control: { n: 400, mean: 2, m2: control.m2[0]?.[0] ?? 0 },
        treatment: { n: 500, mean: 1.8, m2: treatment.m2[0]?.[0] ?? 0 },
      },
      { margin: 0.05, marginType: marginKind, higherIsBetter: true, alpha: 0.05 },
    );
    if (plain.status !== "ok") throw new Error("It has to be testable.");
    const contrast = contrastOf({ control: ratioArm(control, 4), treatment: ratioArm(treatment, 4) }, { metric, rule });
    if (contrast.status !== "ok") throw new Error("It has to be testable.");
    expect(contrast.shift).toBeCloseTo(plain.shift, 12);
    expect(contrast.se).toBeCloseTo(plain.se, 12);
  });
});
