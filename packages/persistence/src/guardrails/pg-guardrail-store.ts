import type {
  FiringStep,
  Guardrail,
  GuardrailEvaluation,
  GuardrailStore,
  RampPlan,
  ReachedSubjects,
  RecordedFiring,
  TimeSpan,
} from "@lotty/domain";
import type { Knex } from "knex";
import type { OverviewPools } from "../control/overview-pools.ts";
import { guarded } from "../database-error.ts";
import { smallestId } from "../partitions/partition-day.ts";
import { readWithin } from "../reports/read-within.ts";
import { instantOf } from "../sql/instant-sql.ts";
import {
  micros,
  toFiring,
  toGuardrail,
  toRamp,
  toStep,
  type FiringRow,
  type GuardrailRow,
  type RampRow,
  type StepRow,
} from "./guardrail-rows.ts";

/** One pass over the partitions of the time asked about: no index leads to experiments, see ADR 0014. */
const REACHED = `
SELECT variant_id, count(*)::integer AS decisions, count(DISTINCT subject_id)::integer AS subjects FROM decisions
WHERE decision_id >= $1 AND decision_id < $2 AND environment_id = $3 AND experiment_id = $4
  AND reason = 'experiment_assigned' AND decided_at < ${instantOf("$5::bigint")}
GROUP BY variant_id ORDER BY variant_id`;

/** How much later than its decision an id may be made: clocks of processes differ. */
const SKEW_MICROS = 60_000_000;

/** Reads guardrails in Postgres or PGlite, what they saw and did, and ramp plans. */
export class PgGuardrailStore implements GuardrailStore {
  readonly #knex: Knex;
  readonly #pools: OverviewPools;

  constructor(knex: Knex, pools: OverviewPools) {
    this.#knex = knex;
    this.#pools = pools;
  }

  list(environmentId: string, experimentId?: string): Promise<readonly Guardrail[]> {
    return guarded(async () => {
      const rows: GuardrailRow[] = await this.#knex("guardrails")
        .where(placeOf(environmentId, experimentId))
        .select("id", "experiment_id", "metric_id", "metric_version", "rule", "version")
        .select(micros(this.#knex, "armed_at"), micros(this.#knex, "updated_at"))
        .orderBy("id");
      return rows.map(toGuardrail);
    });
  }

  evaluations(environmentId: string, experimentId: string): Promise<readonly GuardrailEvaluation[]> {
    return guarded(async () => {
      const rows: { evaluation: GuardrailEvaluation }[] = await this.#knex("guardrail_evaluations AS seen")
        .join("guardrails AS of", (on) =>
          on.on("of.environment_id", "seen.environment_id").andOn("of.id", "seen.guardrail_id"),
        )
        .where({ "of.environment_id": environmentId, "of.experiment_id": experimentId })
        .orderBy("of.id")
        .select("seen.evaluation");
      return rows.map(({ evaluation }) => evaluation);
    });
  }

  keepEvaluations(environmentId: string, evaluations: readonly GuardrailEvaluation[]): Promise<void> {
    return guarded(async () => {
      for (const evaluation of evaluations) {
        await this.#knex.raw(
          `INSERT INTO guardrail_evaluations (environment_id, guardrail_id, at, evaluation)
          SELECT environment_id, id, ${instantOf("CAST(:at AS bigint)")}, CAST(:evaluation AS json) FROM guardrails
          WHERE environment_id = CAST(:environment AS uuid) AND id = CAST(:guardrail AS uuid)
          ON CONFLICT (environment_id, guardrail_id) DO UPDATE SET at = excluded.at, evaluation = excluded.evaluation`,
          {
            at: evaluation.at,
            evaluation: JSON.stringify(evaluation),
            environment: environmentId,
            guardrail: evaluation.guardrailId,
          },
        );
      }
    });
  }

  firings(environmentId: string, experimentId: string, limit: number): Promise<readonly RecordedFiring[]> {
    return guarded(() => this.#firings(placeOf(environmentId, experimentId), limit));
  }

  firing(environmentId: string, firingId: string): Promise<RecordedFiring | undefined> {
    return guarded(async () => (await this.#firings({ environment_id: environmentId, id: firingId }, 1))[0]);
  }

  lastFiring(environmentId: string, guardrailId: string): Promise<RecordedFiring | undefined> {
    const where = { environment_id: environmentId, guardrail_id: guardrailId };
    return guarded(async () => (await this.#firings(where, 1))[0]);
  }

  reached(environmentId: string, experimentId: string, { from, to }: TimeSpan): Promise<readonly ReachedSubjects[]> {
    const values = [smallestId(from), smallestId(to + SKEW_MICROS), environmentId, experimentId, to];
    return this.#pools.withPatientPool((pool) =>
      readWithin(pool, this.#pools.timeoutMillis, async (connection) => {
        const { rows } = await connection.query({ text: REACHED, values });
        return rows.map((row) => ({
          variantId: String(row["variant_id"]),
          subjects: Number(row["subjects"]),
          decisions: Number(row["decisions"]),
        }));
      }),
    );
  }

  ramps(environmentId: string, experimentId?: string): Promise<readonly RampPlan[]> {
    return guarded(async () => {
      const rows: RampRow[] = await this.#knex("ramp_plans")
        .where(placeOf(environmentId, experimentId))
        .select("experiment_id", "steps", "held", "version")
        .select(micros(this.#knex, "since"), micros(this.#knex, "updated_at"))
        .orderBy("experiment_id");
      return rows.map(toRamp);
    });
  }

  async #firings(where: Readonly<Record<string, string>>, limit: number): Promise<readonly RecordedFiring[]> {
    const rows: FiringRow[] = await this.#knex("guardrail_firings")
      .where(where)
      .select("id", "experiment_id", "guardrail", "evaluation", micros(this.#knex, "at"))
      .orderBy([
        { column: "guardrail_firings.at", order: "desc" },
        { column: "id", order: "desc" },
      ])
      .limit(limit);
    const steps = await this.#steps(rows.map(({ id }) => id));
    return rows.map((row) => ({ firing: toFiring(row), steps: steps.filter(({ firingId }) => firingId === row.id) }));
  }

  async #steps(firingIds: readonly string[]): Promise<readonly FiringStep[]> {
    if (firingIds.length === 0) return [];
    const rows: StepRow[] = await this.#knex("guardrail_firing_steps")
      .whereIn("firing_id", firingIds)
      .select("id", "firing_id", "kind", "actor_name", "said", micros(this.#knex, "at"))
      .orderBy(["guardrail_firing_steps.at", "id"]);
    return rows.map(toStep);
  }
}

function placeOf(environmentId: string, experimentId: string | undefined): Readonly<Record<string, string>> {
  return { environment_id: environmentId, ...(experimentId !== undefined && { experiment_id: experimentId }) };
}
