import type { EffectLook, ExperimentReport, MetricResult, MetricRole, VariantEffect } from "@lotty/domain";

const CONTROL = "00000000-0000-4000-8000-00000000000a";
const GREEN = "00000000-0000-4000-8000-00000000000b";
const BLUE = "00000000-0000-4000-8000-00000000000c";

/** Looks of 14 days that come closer to a lift. */
function looksTo(lift: number, half: number): readonly EffectLook[] {
  return Array.from({ length: 14 }, (_, index) => {
    const width = half * Math.sqrt(14 / (index + 1)) * (1 + 3 / (index + 1));
    const value = lift + half * Math.sin(index * 2) * Math.sqrt(2 / (index + 2));
    return {
      day: `2026-11-${String(index + 1).padStart(2, "0")}`,
      n: 2_000 * (index + 1),
      fraction: (index + 1) / 14,
      diff: value,
      lift: value,
      interval: { low: value - width, high: value + width },
      liftInterval: { low: value - width, high: value + width },
      z: value / half,
      boundary: 2,
    };
  });
}

function effectOf(lift: number, half: number, fields: Partial<VariantEffect> = {}): VariantEffect {
  return {
    status: "ok",
    diff: lift,
    se: half / 2,
    interval: { low: lift - half, high: lift + half },
    lift: { status: "ok", value: lift, interval: { low: lift - half, high: lift + half } },
    p: 0.0123,
    log10P: -1.9,
    fixedP: 0.01,
    correctedP: 0.0246,
    significant: Math.abs(lift) > half,
    better: lift > 0,
    varianceReduction: 0.3,
    power: 0.8,
    minimumDetectable: half * 1.4,
    smallCounts: null,
    guardrail: null,
    drifted: false,
    looks: looksTo(lift, half),
    ...fields,
  };
}

function metricOf(name: string, role: MetricRole, effects: readonly [VariantEffect, VariantEffect]): MetricResult {
  return {
    metric: {
      id: name,
      environmentId: CONTROL,
      key: name.toLowerCase().replaceAll(" ", "-"),
      name,
      description: null,
      owner: null,
      tags: [],
      definition: {
        kind: "sum",
        numerator: { eventType: "e", filter: null, valueProperty: null },
        denominator: null,
        countsEvents: false,
        windowHours: 24,
        retentionFromDays: 0,
        quantile: null,
        winsorizing: null,
        dropsZeros: false,
        higherIsBetter: role !== "guardrail",
        covariateDays: 0,
        practicalThreshold: null,
      },
      version: 1,
      updatedAt: 0,
      archivedAt: null,
    },
    role,
    through: "2026-11-14",
    fraction: 1,
    variants: [
      { variantId: CONTROL, n: 14_000, value: 10, effect: null },
      { variantId: GREEN, n: 14_020, value: 10.4, effect: effects[0] },
      { variantId: BLUE, n: 13_990, value: 10.1, effect: effects[1] },
    ],
    segments: [],
  };
}

/** A report with three variants and four metrics. */
export function sampleReport(fields: Partial<ExperimentReport> = {}): ExperimentReport {
  const broken = { margin: 0.02, verdict: "broken", bound: -0.09, distance: -0.07 } as const;
  const holds = { margin: 0.02, verdict: "holds", bound: -0.01, distance: 0.01 } as const;
  return {
    experimentId: CONTROL,
    experimentKey: "checkout-button-colour",
    status: "running",
    at: 1_795_000_000_000_000,
    watermark: 1_795_000_000_000_000,
    exploratory: false,
    plan: null,
    planHash: null,
    interventions: [
      { at: Date.UTC(2026, 10, 1, 9) * 1_000, kind: "started", said: "started with 10 % of the traffic" },
      { at: Date.UTC(2026, 10, 4, 9) * 1_000, kind: "traffic", said: "traffic from 10 % to 50 %" },
      { at: Date.UTC(2026, 10, 4, 11) * 1_000, kind: "paused", said: "paused" },
      { at: Date.UTC(2026, 10, 5, 8) * 1_000, kind: "resumed", said: "resumed" },
      { at: Date.UTC(2026, 11, 24) * 1_000, kind: "completed", said: "completed" },
    ],
    deviations: [
      {
        experimentId: CONTROL,
        at: Date.parse("2026-11-06T10:00:00Z") * 1_000,
        actorName: "Ada",
        field: "alpha",
        planned: "0.05",
        now: "0.1",
      },
    ],
    variants: [
      { id: CONTROL, name: "control", isControl: true, share: 1 / 3 },
      { id: GREEN, name: "green", isControl: false, share: 1 / 3 },
      { id: BLUE, name: "blue <b>", isControl: false, share: 1 / 3 },
    ],
    verdict: {
      verdict: "ship",
      sentence:
        "Ship green: Orders per visitor is better by +4.1% (+1.2% to +7%), p = 0.0246, and the guardrail holds.",
      reasons: [],
      wouldChange: null,
      variantId: GREEN,
      daysLeft: null,
    },
    trust: [],
    funnel: [
      { variantId: CONTROL, decided: 16_000, exposed: 14_400, attributed: 4_210, counted: 4_100 },
      { variantId: GREEN, decided: 16_010, exposed: 14_390, attributed: 4_480, counted: 4_402 },
      { variantId: BLUE, decided: 15_950, exposed: 14_310, attributed: 4_240, counted: 4_166 },
    ],
    losses: [],
    metrics: [
      metricOf("Orders per visitor", "primary", [effectOf(0.041, 0.029), effectOf(0.008, 0.031)]),
      metricOf("Revenue", "secondary", [effectOf(0.052, 0.06, { correctedP: null }), effectOf(-0.071, 0.055)]),
      metricOf("Refunds", "guardrail", [
        effectOf(-0.004, 0.014, { guardrail: holds, correctedP: null }),
        effectOf(0.06, 0.03, { guardrail: broken, correctedP: null }),
      ]),
      metricOf("A rare thing with an uncommonly long name", "secondary", [
        effectOf(0.02, 0.4, { lift: { status: "unbounded", value: 0.02, interval: null } }),
        { ...effectOf(0, 0.1), status: "below_minimum", lift: null, diff: null },
      ]),
    ],
    ...fields,
  };
}
