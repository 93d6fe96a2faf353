import { pinPlan, type AuditDraft, type AnalysisPlan } from "@lotty/domain";
import type { ExperimentSituation } from "../services/experiment-command.ts";
import { planHash } from "./plan-hash.ts";

/** A plan that the start of its experiment freezes, with what goes on record. */
export interface FrozenPlan {
  readonly plan: AnalysisPlan;
  readonly audit: AuditDraft;
}

/**
 * Freezes the plan of an experiment that starts: every metric in the version that it has now. `undefined` when there is no plan, or it was
 * frozen by an earlier start.
 */
export function freezePlan({
  experiment,
  metrics,
  now,
  plan: before,
}: Pick<ExperimentSituation, "experiment" | "metrics" | "now" | "plan">): FrozenPlan | undefined {
  if (before === undefined || before.frozenAt !== null) return undefined;
  const plan = { ...pinPlan(before, metrics), version: before.version + 1, updatedAt: now, frozenAt: now };
  const entity = { kind: "analysis_plan", id: experiment.id, key: experiment.key } as const;
  const after = { ...plan, hash: planHash(plan) };
  return { plan, audit: { action: "analysis_plan.freeze", entity, before, after } };
}
