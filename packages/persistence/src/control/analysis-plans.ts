import type { AnalysisPlan, PlanDeviation } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";

const PLANS = "analysis_plans";
const VERSIONS = "analysis_plan_versions";
const DEVIATIONS = "plan_deviations";

/** The plans of an environment, in the order of the experiments' ids; only that of one experiment if it is named. */
export async function readAnalysisPlans(
  knex: Knex,
  environmentId: string,
  experimentId?: string,
): Promise<readonly AnalysisPlan[]> {
  const where = { environment_id: environmentId, ...(experimentId !== undefined && { experiment_id: experimentId }) };
  const rows: { plan: AnalysisPlan }[] = await knex(PLANS).where(where).orderBy("experiment_id").select("plan");
  return rows.map(({ plan }) => plan);
}

/** A plan as it was at a version. */
export async function readAnalysisPlanVersion(
  knex: Knex,
  where: { readonly environmentId: string; readonly experimentId: string; readonly version: number },
): Promise<AnalysisPlan | undefined> {
  const rows: { plan: AnalysisPlan }[] = await knex(VERSIONS)
    .where({ environment_id: where.environmentId, experiment_id: where.experimentId, version: where.version })
    .select("plan");
  return rows[0]?.plan;
}

/** What was changed of a plan after the start, oldest first. */
export async function readPlanDeviations(
  knex: Knex,
  environmentId: string,
  experimentId: string,
): Promise<readonly PlanDeviation[]> {
  const rows: { deviation: PlanDeviation }[] = await knex(DEVIATIONS)
    .where({ environment_id: environmentId, experiment_id: experimentId })
    .orderBy("position")
    .select("deviation");
  return rows.map(({ deviation }) => deviation);
}

/** Inserts or replaces plans, and keeps their versions. */
export async function putAnalysisPlans(
  { environmentId, knex }: WriteScope,
  plans: readonly AnalysisPlan[],
): Promise<void> {
  if (plans.length === 0) return;
  const rows = plans.map((plan) => ({
    environment_id: environmentId,
    experiment_id: plan.experimentId,
    version: plan.version,
    plan: JSON.stringify(plan),
  }));
  await knex(PLANS).insert(rows).onConflict(["environment_id", "experiment_id"]).merge();
  await knex(VERSIONS).insert(rows).onConflict(["environment_id", "experiment_id", "version"]).merge();
}

/** Adds deviations in their order. */
export async function addPlanDeviations(
  { environmentId, knex }: WriteScope,
  deviations: readonly PlanDeviation[],
): Promise<void> {
  if (deviations.length === 0) return;
  await knex(DEVIATIONS).insert(
    deviations.map((deviation) => ({
      environment_id: environmentId,
      experiment_id: deviation.experimentId,
      deviation: JSON.stringify(deviation),
    })),
  );
}
