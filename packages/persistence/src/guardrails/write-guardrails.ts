import type { FiringStep, Guardrail, GuardrailChange, GuardrailFiring, RampPlan } from "@lotty/domain";
import type { WriteScope } from "../configuration/write-scope.ts";
import { instantOrNull } from "../control/written-values.ts";

/** Writes what a change says of guardrails and ramp plans. */
export async function writeGuardrails(scope: WriteScope, change: GuardrailChange): Promise<void> {
  const { environmentId, knex } = scope;
  const { removeIds = [], removeRampsOf = [] } = change;
  if (removeIds.length > 0) {
    await knex("guardrails").where({ environment_id: environmentId }).whereIn("id", removeIds).del();
  }
  if (removeRampsOf.length > 0) {
    await knex("ramp_plans").where({ environment_id: environmentId }).whereIn("experiment_id", removeRampsOf).del();
  }
  await putGuardrails(scope, change.put ?? []);
  await putRamps(scope, change.putRamps ?? []);
  await addFirings(scope, change.addFirings ?? []);
  await addSteps(scope, change.addSteps ?? []);
}

async function putGuardrails({ environmentId, knex }: WriteScope, guardrails: readonly Guardrail[]): Promise<void> {
  if (guardrails.length === 0) return;
  const rows = guardrails.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    experiment_id: each.experimentId,
    metric_id: each.metricId,
    metric_version: each.metricVersion,
    rule: JSON.stringify(each.rule),
    armed_at: instantOrNull(knex, each.armedAt),
    version: each.version,
    updated_at: instantOrNull(knex, each.updatedAt),
  }));
  await knex("guardrails").insert(rows).onConflict(["environment_id", "id"]).merge();
}

async function putRamps({ environmentId, knex }: WriteScope, plans: readonly RampPlan[]): Promise<void> {
  if (plans.length === 0) return;
  const rows = plans.map((each) => ({
    environment_id: environmentId,
    experiment_id: each.experimentId,
    steps: JSON.stringify(each.steps),
    held: each.held,
    since: instantOrNull(knex, each.since),
    version: each.version,
    updated_at: instantOrNull(knex, each.updatedAt),
  }));
  await knex("ramp_plans").insert(rows).onConflict(["environment_id", "experiment_id"]).merge();
}

async function addFirings({ environmentId, knex }: WriteScope, firings: readonly GuardrailFiring[]): Promise<void> {
  if (firings.length === 0) return;
  await knex("guardrail_firings").insert(
    firings.map((each) => ({
      environment_id: environmentId,
      id: each.id,
      guardrail_id: each.guardrail.id,
      experiment_id: each.experimentId,
      at: instantOrNull(knex, each.at),
      guardrail: JSON.stringify(each.guardrail),
      evaluation: JSON.stringify(each.evaluation),
    })),
  );
}

async function addSteps({ environmentId, knex }: WriteScope, steps: readonly FiringStep[]): Promise<void> {
  if (steps.length === 0) return;
  await knex("guardrail_firing_steps").insert(
    steps.map((each) => ({
      environment_id: environmentId,
      firing_id: each.firingId,
      id: each.id,
      at: instantOrNull(knex, each.at),
      kind: each.kind,
      actor_name: JSON.stringify(each.actorName),
      said: JSON.stringify(each.said),
    })),
  );
}
