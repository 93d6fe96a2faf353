import type {
  FiringStep,
  Guardrail,
  GuardrailEvaluation,
  GuardrailFiring,
  GuardrailRule,
  Instant,
  RampPlan,
  RampStep,
} from "@lotty/domain";
import type { Knex } from "knex";
import { microsOf } from "../sql/instant-sql.ts";

/** A row of `guardrails` as it is read. */
export interface GuardrailRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly metric_id: string;
  readonly metric_version: number;
  readonly rule: GuardrailRule;
  readonly armed_at: Instant | null;
  readonly version: number;
  readonly updated_at: Instant;
}

/** A row of `guardrail_firings` as it is read. */
export interface FiringRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly at: Instant;
  readonly guardrail: Guardrail;
  readonly evaluation: GuardrailEvaluation;
}

/** A row of `guardrail_firing_steps` as it is read. */
export interface StepRow {
  readonly id: string;
  readonly firing_id: string;
  readonly at: Instant;
  readonly kind: FiringStep["kind"];
  readonly actor_name: string;
  readonly said: string;
}

/** A row of `ramp_plans` as it is read. */
export interface RampRow {
  readonly experiment_id: string;
  readonly steps: readonly RampStep[];
  readonly held: boolean;
  readonly since: Instant | null;
  readonly version: number;
  readonly updated_at: Instant;
}

/** A column of times as microseconds. */
export function micros(knex: Knex, column: string): Knex.Raw {
  return knex.raw(`${microsOf(column)} AS ${column}`);
}

/** Builds a guardrail from its row. */
export function toGuardrail(row: GuardrailRow): Guardrail {
  return {
    id: row.id,
    experimentId: row.experiment_id,
    metricId: row.metric_id,
    metricVersion: row.metric_version,
    rule: row.rule,
    armedAt: row.armed_at,
    version: row.version,
    updatedAt: row.updated_at,
  };
}

/** Builds a firing from its row. */
export function toFiring({ at, evaluation, experiment_id, guardrail, id }: FiringRow): GuardrailFiring {
  return { id, experimentId: experiment_id, at, guardrail, evaluation };
}

/** Builds a step from its row. */
export function toStep({ actor_name, at, firing_id, id, kind, said }: StepRow): FiringStep {
  return { id, firingId: firing_id, at, kind, actorName: actor_name, said };
}

/** Builds a ramp plan from its row. */
export function toRamp({ experiment_id, held, since, steps, updated_at, version }: RampRow): RampPlan {
  return { experimentId: experiment_id, steps, held, since, version, updatedAt: updated_at };
}
