import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type AnalysisPlan,
  type DecisionRecord,
  type EventRecord,
  type Experiment,
  type Metric,
  type MetricDefinition,
  type MomentsQuestion,
} from "@lotty/domain";
import type { Storage } from "@lotty/persistence";
import { samplePlan } from "@lotty/testkit/suites/analysis-plans";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { assigningDecision, sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleMetric, sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";

/** An experiment that is measured by some metrics. */
export interface ExperimentWorld {
  readonly experiment: Experiment;
  readonly metrics: readonly Metric[];
  readonly plan: AnalysisPlan;
}

const PURCHASE = { eventType: "purchase", filter: null, valueProperty: null };

const PLAIN: MetricDefinition = sampleMetricDefinition({
  kind: "conversion",
  numerator: PURCHASE,
  denominator: null,
  winsorizing: null,
  dropsZeros: false,
  covariateDays: 0,
  windowHours: 72,
});

/** One definition of every kind, and of everything that is computed in another way. */
export const DEFINITIONS: readonly MetricDefinition[] = [
  PLAIN,
  { ...PLAIN, kind: "count", covariateDays: 5, windowHours: 24 },
  { ...PLAIN, kind: "sum", dropsZeros: true },
  {
    ...PLAIN,
    kind: "sum",
    numerator: { ...PURCHASE, filter: 'country == "NO" AND amount > 3', valueProperty: "amount" },
  },
  { ...PLAIN, kind: "sum", winsorizing: { lower: 0.1, upper: 0.8, ignoreZeros: true }, covariateDays: 3 },
  { ...PLAIN, kind: "mean", covariateDays: 10 },
  { ...PLAIN, kind: "ratio", denominator: { ...PURCHASE, eventType: "visit" }, countsEvents: true, covariateDays: 5 },
  {
    ...PLAIN,
    kind: "ratio",
    denominator: { ...PURCHASE, valueProperty: "amount" },
    winsorizing: { lower: null, upper: 0.75, ignoreZeros: false },
  },
  { ...PLAIN, kind: "retention", retentionFromDays: 1 },
];

/** Stores an experiment with a plan that names a metric of each definition. */
export async function storeWorld(
  storage: Storage,
  definitions: readonly MetricDefinition[] = DEFINITIONS,
): Promise<ExperimentWorld> {
  const { store } = storage.control;
  const flag = sampleFlag();
  const experiment = sampleExperiment(flag.id, { status: "running" });
  const metrics = definitions.map((definition) => sampleMetric({ definition }));
  const planned = metrics.map(({ id, version }) => ({ metricId: id, metricVersion: version }));
  const plan = samplePlan(experiment.id, { primary: planned, secondary: [], guardrails: [] });
  const { revision } = await store.load(DEFAULT_ENVIRONMENT_ID);
  await store.commit(
    DEFAULT_ENVIRONMENT_ID,
    {
      configuration: { putFlags: [flag], putExperiments: [experiment] },
      putMetrics: metrics,
      putAnalysisPlans: [plan],
      audit: sampleLink("test.world"),
    },
    revision,
  );
  return { experiment, metrics, plan };
}

/** Records that subjects were assigned a variant each. */
export async function assign(
  storage: Storage,
  { experiment }: ExperimentWorld,
  subjects: readonly { readonly subjectId: string; readonly variant: number; readonly at: number }[],
): Promise<readonly DecisionRecord[]> {
  const decisions = subjects.map(({ at, subjectId, variant }) =>
    assigningDecision({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId }, experiment.id, {
      variantId: experiment.variants[variant]?.id ?? "",
      decidedAt: at,
    }),
  );
  await storage.sink.write(decisions);
  return decisions;
}

/** An event with everything that is not said. */
export function eventOf(fields: Partial<EventRecord> & Pick<EventRecord, "subjectId" | "occurredAt">): EventRecord {
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    eventId: randomUUID(),
    eventType: "purchase",
    decisionId: null,
    receivedAt: Date.now() * 1_000,
    properties: {},
    value: null,
    ...fields,
  };
}

/** A question about all who were exposed in a world, whether their windows are over or not. */
export function questionOf(
  { experiment }: ExperimentWorld,
  metric: Metric,
  by: MomentsQuestion["by"] = "nothing",
): MomentsQuestion {
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    experimentId: experiment.id,
    metric,
    population: "exposed",
    from: null,
    to: null,
    completeOnly: false,
    by,
  };
}
