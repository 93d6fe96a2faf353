import { describe, expect, it } from "vitest";
import { planFieldsOf, readPlan } from "./plan-request.ts";

describe("a plan on the wire", () => {
  it("is taken with the names of the wire, and says nothing of what was not said", () => {
    const read = readPlan({
      primary: ["orders"],
      guardrails: [{ metric: "refunds", margin: 0.01 }],
      minimum_effect: null,
      correction_scope: "none",
    });
    if (!read.ok) throw new Error("not read");
    expect(planFieldsOf(read.request)).toStrictEqual({
      primary: ["orders"],
      guardrails: [{ metric: "refunds", margin: 0.01 }],
      minimumEffect: null,
      correctionScope: "none",
    });
  });

  it("has no field that nobody knows, and no rule of looking that nobody has", () => {
    expect(readPlan({ primary: ["orders"], alpa: 0.1 }).ok).toBe(false);
    expect(readPlan({ primary: ["orders"], looking: "daily" }).ok).toBe(false);
    expect(readPlan({}).ok).toBe(false);
  });
});
