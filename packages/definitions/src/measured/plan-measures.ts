import { isActive, type AnalysisPlan, type Configuration, type Experiment, type Guardrail } from "@lotty/domain";
import type { RecordStamp } from "../build-records.ts";
import type { Definitions, ExperimentDefinition } from "../definitions.ts";
import type { Difference } from "../difference.ts";
import type { SaidChange } from "../said.ts";
import { metricKeys } from "./describe-measures.ts";
import type { ExperimentToMeasure, MeasuresInForce } from "./experiment-to-measure.ts";
import { planAnalysis } from "./plan-analysis.ts";
import { planEventTypes, planMetrics } from "./plan-catalogue.ts";
import { planGuardrails } from "./plan-guardrails.ts";
import { buildRamp } from "./plan-ramps.ts";
import type { StoredMeasures } from "./stored-measures.ts";

/** What measures are planned from. */
export interface MeasuresToPlan {
  readonly definitions: Pick<Definitions, "eventTypes" | "metrics">;
  /** The experiments of the file, with everything filled in that it leaves to be found. */
  readonly experiments: readonly ExperimentDefinition[];
  readonly configuration: Configuration;
  readonly stored: StoredMeasures;
  /** The id of an experiment of the file, a new one included. */
  readonly experimentId: (key: string) => string;
  readonly prune: boolean;
  readonly stamp: RecordStamp;
}

/** What is to be done with the catalogue, and with how experiments are judged and watched. */
export interface MeasuresPlan {
  readonly change: Pick<SaidChange, "putEventTypes" | "putMetrics" | "putAnalysisPlans" | "guardrails">;
  readonly summary: readonly Difference[];
}

/**
 * Compares what a file says of measuring with what is stored.
 *
 * @throws LottyError `invalid_definition` when it has another analysis plan than an experiment that has started
 */
export function planMeasures(given: MeasuresToPlan): MeasuresPlan {
  const { configuration, definitions, experiments, prune, stamp, stored } = given;
  const { environmentId } = configuration;
  const catalogue = { prune, stamp, environmentId };
  const eventTypes = planEventTypes({ ...catalogue, wanted: definitions.eventTypes, stored: stored.eventTypes });
  const metrics = planMetrics({ ...catalogue, wanted: definitions.metrics, stored: stored.metrics });
  const inForce = new Map([...stored.metrics, ...metrics.put].map((metric) => [metric.id, metric]));
  const measures: MeasuresInForce = {
    metrics: [...inForce.values()],
    keys: metricKeys([...inForce.values()]),
    now: stamp.now,
    newId: stamp.newId,
    prune,
  };
  const find = finderIn(configuration, stored);
  const analyses: AnalysisPlan[] = [];
  const put: Guardrail[] = [];
  const removeIds: string[] = [];
  const summaries: Difference[] = [];
  for (const wanted of experiments) {
    const experiment = find(wanted, given.experimentId(wanted.key));
    const analysis = planAnalysis(experiment, measures);
    const guardrails = planGuardrails(experiment, analysis.plan, measures);
    if (analysis.put !== undefined) analyses.push(analysis.put);
    put.push(...guardrails.put);
    removeIds.push(...guardrails.removeIds);
    summaries.push(...analysis.summary, ...guardrails.summary);
  }
  const ramps = rampsToPut(given);
  const guardrails = {
    ...(put.length > 0 && { put }),
    ...(removeIds.length > 0 && { removeIds }),
    ...(ramps.put.length > 0 && { putRamps: ramps.put }),
    ...(ramps.removeOf.length > 0 && { removeRampsOf: ramps.removeOf }),
  };
  const change = {
    ...(eventTypes.put.length > 0 && { putEventTypes: eventTypes.put }),
    ...(metrics.put.length > 0 && { putMetrics: metrics.put }),
    ...(analyses.length > 0 && { putAnalysisPlans: analyses }),
    ...(Object.keys(guardrails).length > 0 && { guardrails }),
  };
  return { change, summary: [...eventTypes.summary, ...metrics.summary, ...summaries] };
}

/** Finds all that is stored of an experiment of the file. */
function finderIn(
  { experiments }: Configuration,
  { guardrails, plans }: StoredMeasures,
): (wanted: ExperimentDefinition, experimentId: string) => ExperimentToMeasure {
  const byId = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const planOf = new Map(plans.map((plan) => [plan.experimentId, plan]));
  const guardrailsOf = Map.groupBy(guardrails, (guardrail) => guardrail.experimentId);
  return (wanted, experimentId) => {
    const before = byId.get(experimentId);
    return {
      key: wanted.key,
      experimentId,
      wanted,
      before,
      begins: before !== undefined && begins(before, wanted),
      stored: { plan: planOf.get(experimentId), guardrails: guardrailsOf.get(experimentId) ?? [] },
    };
  };
}

function begins(before: Experiment, { status }: ExperimentDefinition): boolean {
  return isActive(status) && !isActive(before.status);
}

function rampsToPut({ experimentId, experiments, stamp, stored }: MeasuresToPlan) {
  const storedOf = new Map(stored.ramps.map((ramp) => [ramp.experimentId, ramp]));
  const put = experiments.flatMap(({ key, ramp }) => {
    const id = experimentId(key);
    return buildRamp(ramp, { experimentId: id, now: stamp.now, stored: storedOf.get(id) }) ?? [];
  });
  const removeOf = experiments.flatMap(({ key, ramp }) => {
    const id = experimentId(key);
    return ramp === null && storedOf.has(id) ? [id] : [];
  });
  return { put, removeOf };
}
