import { DEFAULT_ENVIRONMENT_ID, type Experiment, type Metric } from "@lotty/domain";
import { openPostgres } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { samplePlan } from "@lotty/testkit/suites/analysis-plans";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleMetric, sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";

/** Days of exposure that the plan takes in. */
export const PLANNED_DAYS = 8;

/** How long after the exposure a purchase counts. */
export const WINDOW_HOURS = 24;

/** An experiment that runs, with a plan that looks once. */
export interface StoredExperiment {
  readonly experiment: Experiment;
  readonly flagKey: string;
  readonly revenue: Metric;
  readonly buyers: Metric;
}

/** Makes the tables, and an experiment that is measured by revenue and by who buys at all. */
export async function storeExperiment(databaseUrl: string): Promise<StoredExperiment> {
  const storage = await openPostgres({ url: databaseUrl, logger: new RecordingLogger() });
  try {
    await storage.migrate();
    const flag = sampleFlag();
    const experiment = sampleExperiment(flag.id, { status: "running", updatedAt: Date.now() * 1_000 });
    const plain = sampleMetricDefinition({
      numerator: { eventType: "purchase", filter: null, valueProperty: null },
      denominator: null,
      winsorizing: null,
      dropsZeros: false,
      covariateDays: 0,
      higherIsBetter: true,
      windowHours: WINDOW_HOURS,
    });
    const revenue = sampleMetric({ key: "revenue", definition: { ...plain, kind: "sum" } });
    const buyers = sampleMetric({ key: "buyers", definition: { ...plain, kind: "conversion" } });
    const plan = samplePlan(experiment.id, {
      primary: [{ metricId: revenue.id, metricVersion: revenue.version }],
      secondary: [{ metricId: buyers.id, metricVersion: buyers.version }],
      guardrails: [],
      segments: [],
      looking: "fixed",
      durationDays: PLANNED_DAYS,
      plannedSubjects: null,
    });
    const purchase = {
      environmentId: DEFAULT_ENVIRONMENT_ID,
      key: "purchase",
      description: null,
      schema: null,
      requiresExposure: false,
      archivedAt: null,
      version: 1,
      updatedAt: plan.updatedAt,
    };
    const { revision } = await storage.control.store.load(DEFAULT_ENVIRONMENT_ID);
    const change = {
      configuration: { putFlags: [flag], putExperiments: [experiment] },
      putMetrics: [revenue, buyers],
      putEventTypes: [purchase],
      putAnalysisPlans: [plan],
      audit: sampleLink("acceptance.store"),
    };
    await storage.control.store.commit(DEFAULT_ENVIRONMENT_ID, change, revision);
    return { experiment, flagKey: flag.key, revenue, buyers };
  } finally {
    await storage.close();
  }
}
