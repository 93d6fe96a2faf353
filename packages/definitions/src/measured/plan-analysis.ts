import { isActive, LottyError, pinPlan, type AnalysisPlan, type Instant, type PlannedMetric } from "@lotty/domain";
import { type Difference, fieldDifferences } from "../difference.ts";
import { describePlan } from "./describe-measures.ts";
import type { ExperimentToMeasure, MeasuresInForce } from "./experiment-to-measure.ts";
import type { PlanDefinition } from "./measured-definitions.ts";
import { printPlan } from "./print-measures.ts";

/** What is to be done with the analysis plan of an experiment. */
export interface AnalysisPlanning {
  /** The plan from now on, if it is to be written. */
  readonly put: AnalysisPlan | undefined;
  /** The plan that the experiment has then; `undefined` when it has none. */
  readonly plan: AnalysisPlan | undefined;
  readonly summary: readonly Difference[];
}

/**
 * Compares the plan that a file gives an experiment with the one that is stored. A plan is fixed once its experiment has started: what is changed of it later is a
 * deviation with a name and a reason to look at, which a file has not. An experiment that the file starts has its plan frozen.
 *
 * @throws LottyError `invalid_definition` when the file has another plan than an experiment that has started
 */
export function planAnalysis(given: ExperimentToMeasure, measures: MeasuresInForce): AnalysisPlanning {
  const { key, stored } = given;
  const { keys } = measures;
  const wanted = given.wanted.plan;
  if (wanted === null) {
    const kept = stored.plan === undefined ? [] : [{ kind: "analysis_plan", key, action: "kept" } as const];
    return { ...frozen(given, measures), summary: kept };
  }
  const fields = stored.plan && fieldDifferences(printPlan(describePlan(stored.plan, keys)), printPlan(wanted));
  if (stored.plan !== undefined && fields?.length === 0) return { ...frozen(given, measures), summary: [] };
  if (isFixed(given)) refuse(key, stored.plan === undefined ? undefined : (fields ?? []).map(({ field }) => field));
  const put = build(given, wanted, measures);
  const summary: Difference =
    fields === undefined
      ? { kind: "analysis_plan", key, action: "added" }
      : { kind: "analysis_plan", key, action: "changed", fields };
  return { put, plan: put, summary: [summary] };
}

/** Whether what the plan says was said before the subjects came. An experiment that is not stored comes with its past. */
function isFixed({ before, stored }: ExperimentToMeasure): boolean {
  if (stored.plan !== undefined && stored.plan.frozenAt !== null) return true;
  return before !== undefined && (isActive(before.status) || before.status === "completed");
}

/** The stored plan, frozen if the file starts its experiment. */
function frozen(
  { begins, stored: { plan } }: ExperimentToMeasure,
  { metrics, now }: MeasuresInForce,
): Pick<AnalysisPlanning, "put" | "plan"> {
  if (plan === undefined || plan.frozenAt !== null || !begins) return { put: undefined, plan };
  const put = { ...pinPlan(plan, metrics), version: plan.version + 1, updatedAt: now, frozenAt: now };
  return { put, plan: put };
}

function build(given: ExperimentToMeasure, wanted: PlanDefinition, measures: MeasuresInForce): AnalysisPlan {
  const { keys, metrics, now } = measures;
  const ids = new Map(Array.from(keys, ([id, key]) => [key, id]));
  const versions = new Map(metrics.map(({ id, version }) => [id, version]));
  const metric = (key: string): PlannedMetric => {
    const metricId = ids.get(key) ?? key;
    return { metricId, metricVersion: versions.get(metricId) ?? 1 };
  };
  return {
    ...wanted,
    experimentId: given.experimentId,
    primary: wanted.primary.map(metric),
    secondary: wanted.secondary.map(metric),
    guardrails: wanted.guardrails.map((guardrail) => ({ ...metric(guardrail.metric), margin: guardrail.margin })),
    version: (given.stored.plan?.version ?? 0) + 1,
    updatedAt: now,
    frozenAt: freezingTime(given, now),
  };
}

/** A plan that comes with an experiment that has started elsewhere was frozen there. */
function freezingTime({ wanted }: ExperimentToMeasure, now: Instant): Instant | null {
  const { started, status } = wanted;
  return started ?? (isActive(status) || status === "completed" ? now : null);
}

function refuse(experiment: string, fields: readonly string[] | undefined): never {
  const message =
    fields === undefined
      ? `\`${experiment}\` has started without an analysis plan, and the file states one`
      : `the analysis plan of \`${experiment}\` was frozen when it started, and the file has another one (${fields.join(", ")})`;
  throw new LottyError("invalid_definition", message, {
    details: {
      experiment,
      ...(fields !== undefined && { fields }),
      advice:
        `State it as it is stored (\`lotty export\`) or leave \`plan\` out. To deviate from it all the same: ` +
        `\`lotty plan set ${experiment}\`, which keeps what differs beside the results.`,
    },
  });
}
