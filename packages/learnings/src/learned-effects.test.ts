import type { ExperimentReport, Metric, VariantEffect, VariantResult } from "@lotty/domain";
import { expect, it } from "vitest";
import { learnedEffects } from "./learned-effects.ts";

const METRIC: Metric = {
  id: "m",
  environmentId: "e",
  key: "orders",
  name: "Orders",
  description: null,
  owner: null,
  tags: [],
  version: 1,
  updatedAt: 0,
  archivedAt: null,
  definition: {
    kind: "count",
    numerator: { eventType: "order", filter: null, valueProperty: null },
    denominator: null,
    countsEvents: false,
    windowHours: 24,
    retentionFromDays: 0,
    quantile: null,
    winsorizing: null,
    dropsZeros: false,
    higherIsBetter: false,
    covariateDays: 0,
    practicalThreshold: null,
  },
};

function effect(fields: Partial<VariantEffect>): VariantEffect {
  return {
    status: "ok",
    diff: 0.2,
    se: 0.04,
    interval: { low: 0.1, high: 0.3 },
    lift: { status: "ok", value: 0.1, interval: { low: 0.05, high: null } },
    p: 0.01,
    log10P: -2,
    fixedP: 0.01,
    correctedP: null,
    significant: true,
    better: false,
    varianceReduction: null,
    power: null,
    minimumDetectable: null,
    smallCounts: null,
    guardrail: null,
    drifted: false,
    looks: [],
    ...fields,
  };
}

it("keeps of a report what can be told of each variant, relative to control", () => {
  const control: VariantResult = { variantId: "c", n: 100, value: 2, effect: null };
  const told = { variantId: "t", n: 100, value: 2.2, effect: effect({}) };
  const withheld = { variantId: "u", n: 5, value: 2, effect: effect({ se: null, lift: null }) };
  const variants = ["c", "t", "u"].map((id) => ({ id, name: `name of ${id}`, isControl: id === "c", share: 1 / 3 }));
  const result = { metric: METRIC, role: "primary", through: null, fraction: null, segments: [] } as const;
  const report: Pick<ExperimentReport, "metrics" | "variants"> = {
    variants,
    metrics: [
      { ...result, variants: [control, told, withheld] },
      { ...result, role: "secondary", variants: [{ ...control, value: 0 }, told] },
    ],
  };
  expect(learnedEffects(report)).toStrictEqual([
    {
      metricId: "m",
      metricKey: "orders",
      variant: "name of t",
      isPrimary: true,
      higherIsBetter: false,
      lift: 0.1,
      se: 0.02,
      low: 0.05,
      high: null,
    },
  ]);
});
