import type { GuardrailEvaluation, GuardrailState, RampPlan } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextRampMove, type RampQuestion } from "./next-ramp-move.ts";

const HOUR = 3_600_000_000;
const PLAN: RampPlan = {
  experimentId: "e",
  steps: [
    { allocation: 100, holdHours: 12 },
    { allocation: 500, holdHours: 24 },
    { allocation: 5_000, holdHours: 48 },
    { allocation: 10_000, holdHours: 0 },
  ],
  held: false,
  since: null,
  version: 1,
  updatedAt: 0,
};

function seen(state: GuardrailState, at: number): GuardrailEvaluation {
  return { guardrailId: "g", at, state, since: at, watermark: at, from: null, alphaPerVariant: 0.05, readings: [] };
}

function ask(fields: Partial<RampQuestion>): ReturnType<typeof nextRampMove> {
  return nextRampMove({ plan: PLAN, allocation: 100, runningSince: 0, evaluations: [], now: 12 * HOUR, ...fields });
}

describe("a ramp plan", () => {
  it("holds a step for its time, from the start or from when it was taken", () => {
    expect(ask({ now: 12 * HOUR - 1 })).toStrictEqual({ kind: "wait", for: "hold", until: 12 * HOUR });
    expect(ask({})).toStrictEqual({ kind: "step", allocation: 500, isLast: false });
    const plan = { ...PLAN, since: 20 * HOUR };
    expect(ask({ plan, allocation: 500, now: 43 * HOUR })).toMatchObject({ for: "hold", until: 44 * HOUR });
    expect(ask({ plan, allocation: 500, now: 44 * HOUR })).toMatchObject({ kind: "step", allocation: 5_000 });
  });

  it("waits until every guardrail is green at a look after the hold", () => {
    const now = 12 * HOUR;
    const waits = { kind: "wait", for: "guardrails", until: null };
    expect(ask({ now, evaluations: [seen("green", now), undefined] })).toStrictEqual(waits);
    expect(ask({ now, evaluations: [seen("green", now), seen("amber", now)] })).toStrictEqual(waits);
    expect(ask({ now, evaluations: [seen("waiting", now)] })).toStrictEqual(waits);
    expect(ask({ now: now + 1, evaluations: [seen("green", now - 1)] })).toStrictEqual(waits);
    expect(ask({ now, evaluations: [seen("green", now)] })).toMatchObject({ kind: "step" });
  });

  it("takes no step on what was seen long ago", () => {
    expect(ask({ now: 14 * HOUR, evaluations: [seen("green", 12 * HOUR)] })).toMatchObject({ for: "guardrails" });
  });

  it("stands still while people hold it, and says when it is through", () => {
    expect(ask({ plan: { ...PLAN, held: true } })).toMatchObject({ kind: "wait", for: "people" });
    expect(ask({ allocation: 10_000 })).toStrictEqual({ kind: "finished" });
    expect(ask({ allocation: 5_000, now: 100 * HOUR })).toMatchObject({ kind: "step", isLast: true });
  });

  it("never takes anybody out", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.nat({ max: 200 }), (allocation, hours) => {
        const move = ask({ allocation, now: hours * HOUR });
        if (move.kind === "step") expect(move.allocation).toBeGreaterThan(allocation);
      }),
    );
  });
});
