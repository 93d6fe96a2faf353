import type { ReportResponse } from "@lotty/contracts/analysis";
import { describe, expect, it } from "vitest";
import { renderForest } from "./render-forest.ts";
import { renderResults } from "./render-results.ts";

type Metric = ReportResponse["metrics"][number];
type Effect = NonNullable<Metric["variants"][number]["effect"]>;

const CONTROL = "00000000-0000-4000-8000-00000000000a";
const GREEN = "00000000-0000-4000-8000-00000000000b";

function effectOf(lift: number, half: number, fields: Partial<Effect> = {}): Effect {
  const interval = { low: lift - half, high: lift + half };
  return {
    status: "ok",
    diff: lift,
    se: half / 2,
    interval,
    lift: { status: "ok", value: lift, interval },
    p: 0.01,
    log10_p: -2,
    fixed_p: 0.01,
    corrected_p: null,
    significant: Math.abs(lift) > half,
    better: lift > 0,
    variance_reduction: null,
    power: null,
    minimum_detectable: 0.03,
    small_counts: null,
    guardrail: null,
    drifted: false,
    looks: [],
    ...fields,
  };
}

function metricOf(name: string, effect: Effect): Metric {
  return {
    metric: { id: name, key: name, name, version: 1, kind: "sum", higher_is_better: true },
    role: "primary",
    through: "2026-11-14",
    fraction: 1,
    variants: [
      { variant_id: CONTROL, n: 100, value: 10, effect: null },
      { variant_id: GREEN, n: 101, value: 10.4, effect },
    ],
    segments: [],
  };
}

function reportOf(metrics: readonly Metric[]): ReportResponse {
  return {
    experiment_id: CONTROL,
    experiment: "summer",
    status: "running",
    at: "2026-11-16T00:00:00Z",
    watermark: "2026-11-16T00:00:00Z",
    exploratory: false,
    plan: null,
    plan_hash: null,
    deviations: [{ at: "2026-11-06T10:00:00Z", actor: "Ada", field: "alpha", planned: "0.05", now: "0.1" }],
    interventions: [
      { at: "2026-11-02T08:00:00Z", kind: "started", said: "started with 10 % of the traffic" },
      { at: "2026-11-04T09:30:00Z", kind: "traffic", said: "traffic from 10 % to 50 %" },
    ],
    variants: [
      { id: CONTROL, name: "control", is_control: true, share: 0.5 },
      { id: GREEN, name: "green", is_control: false, share: 0.5 },
    ],
    verdict: {
      verdict: "ship",
      sentence: "Ship green.",
      reasons: ["Orders are better."],
      would_change: null,
      variant_id: GREEN,
      days_left: null,
    },
    trust: [{ check: "sample_ratio", light: "red", message: "The split is wrong.", facts: {} }],
    funnel: [],
    losses: [],
    metrics,
  };
}

const plain = (_tone: string, text: string): string => text;

describe("a forest plot in the terminal", () => {
  const limited = effectOf(0, 0.01, { guardrail: { margin: 0.02, verdict: "holds", bound: -0.01, distance: 0.01 } });
  const report = reportOf([metricOf("Orders", effectOf(0.04, 0.03)), metricOf("Refunds", limited)]);

  it("draws intervals on one axis, with no effect and what must not be passed", () => {
    const [orders, refunds, axis] = renderForest(report, 80, plain).split("\n");
    expect(orders).toMatch(/^Orders +│ *├─+●─+┤ +\+4\.00% \(\+1\.00% to \+7\.00%\) p 0\.0100$/);
    expect(refunds).toMatch(/^Refunds +┊ *├─*●─*┤ +0\.00% \(-1\.00% to \+1\.00%\) holds$/);
    expect(axis).toMatch(/-\d.*\+\d/);
  });

  it.each([60, 80, 140])("is as wide as the terminal, and no wider (%i)", (columns) => {
    const lengths = renderForest(report, columns, plain)
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(Math.max(columns, 64));
  });

  it("says why there is no interval, and shows that one goes on", () => {
    const early = effectOf(0, 0.1, { status: "below_minimum", lift: null, diff: null });
    const open = effectOf(0.02, 0.1, { lift: { status: "unbounded", value: 0.02, interval: null } });
    const text = renderForest(reportOf([metricOf("Early", early), metricOf("Open", open)]), 80, plain);
    expect(text).toContain("below minimum");
    expect(text).toMatch(/◄─.*●─*►.*\(unbounded\)/);
    expect(renderForest(reportOf([]), 80, plain)).toBe("There is no effect to show.");
  });

  it("lets no name steer the terminal", () => {
    expect(renderForest(reportOf([metricOf("a\u001b[2J", effectOf(0.1, 0.05))]), 80, plain)).not.toContain("\u001b");
  });

  it("stands beside beliefs where a prior was given, with the prior", () => {
    const orders = metricOf("orders", effectOf(0.04, 0.02));
    const interval = { low: 0.01, high: 0.06 };
    const belief = { best: 0.97, expected_loss: 0.0004, beats_control: 0.97, lift: 0.035, interval, negligible: 0.2 };
    const variants = orders.variants.map((variant) =>
      variant.variant_id === GREEN ? { ...variant, belief } : variant,
    );
    const text = renderResults({ ...reportOf([{ ...orders, variants }]), prior_sd: 0.1 }, 100, plain);
    expect(text).toContain("normal around 0 with a deviation of 10.0%");
    expect(text).toMatch(/97\.0%\s+97\.0%\s+0\.04%\s+3\.50%\s+1\.00% to 6\.00%\s+20\.0%/);
    expect(renderResults(reportOf([orders]), 100, plain)).not.toContain("Beliefs");
  });

  it("stands below the verdict, what was changed of the plan, and whether to believe it", () => {
    const text = renderResults(report, 80, plain);
    expect(text.split("\n\n")[0]).toBe("Ship green.\n  Orders are better.");
    expect(text).toContain("2026-11-06 Ada: alpha from 0.05 to 0.1");
    expect(text).toContain(
      "What was done while it ran:\n  2026-11-02 08:00 started with 10 % of the traffic\n  2026-11-04 09:30",
    );
    expect(text).toContain("✗ The split is wrong.");
    expect(text).toMatch(/METRIC +ROLE +VARIANT/);
  });
});
