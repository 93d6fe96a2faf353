import {
  EXPERIMENT_STATUSES,
  isActive,
  type DomainLoss,
  type ExperimentSubjects,
  type Instant,
  type SharedSubjects,
  type SharedSubjectsCount,
} from "@lotty/domain";
import { quotedList } from "../sql/quoted-list.ts";
import { smallestId } from "../partitions/partition-day.ts";
import { readWithin } from "../reports/read-within.ts";
import { textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlRow } from "../sql/sql-pool.ts";
import type { OverviewPools } from "./overview-pools.ts";

/**
 * One pass over the primary key of `assignments`, which has everything that is asked for, subject by subject. A pair of an experiment
 * with itself counts the experiment's own subjects. Memory grows with the pairs, not with the subjects.
 */
export const PAIRS: string = `
WITH held AS (
  SELECT array_agg(experiment_id ORDER BY experiment_id) AS experiments FROM assignments
  WHERE environment_id = $1 AND experiment_id = ANY ($2::uuid[])
  GROUP BY subject_id
)
SELECT one.id AS first_id, other.id AS second_id, count(*) AS subjects
FROM held
CROSS JOIN LATERAL unnest(held.experiments) AS one (id)
CROSS JOIN LATERAL unnest(held.experiments) AS other (id)
WHERE one.id <= other.id
GROUP BY one.id, other.id ORDER BY one.id, other.id`;

const ACTIVE = quotedList(EXPERIMENT_STATUSES.filter(isActive));

/**
 * One pass over the partitions since then for the subjects that were refused, and for each a look at what it has. Who has been
 * taken since is not lost. The winner is who holds the subject, as decisions see it. Of a subject that nobody in the domain
 * holds the log does not tell who would have it (rules and buckets do): it counts for the running member of the highest
 * priority, and only when no other domain of the loser's tells better.
 */
export const LOSSES: string = `
WITH refused AS (
  SELECT DISTINCT d.subject_id, d.experiment_id AS loser FROM decisions AS d
  WHERE d.decision_id >= $3 AND d.environment_id = $1 AND d.decided_at >= ${instantOf("$4::bigint")}
    AND d.reason = 'domain_conflict' AND d.experiment_id = ANY ($2::uuid[])
), judged AS (
  SELECT refused.subject_id, refused.loser, own.domain_id, holder.id AS holder, strongest.id AS strongest,
    bool_or(holder.id IS NOT NULL) OVER (PARTITION BY refused.subject_id, refused.loser) AS is_held
  FROM refused
  JOIN domain_members AS own ON own.environment_id = $1 AND own.experiment_id = refused.loser
  LEFT JOIN LATERAL (
    SELECT a.experiment_id AS id
    FROM domain_members AS m
    JOIN experiments AS e ON e.id = m.experiment_id AND e.status IN (${ACTIVE})
    JOIN assignments AS a ON a.environment_id = $1 AND a.subject_id = refused.subject_id AND a.experiment_id = m.experiment_id
    WHERE m.domain_id = own.domain_id
    ORDER BY a.first_decided_at, a.experiment_id LIMIT 1
  ) AS holder ON true
  LEFT JOIN LATERAL (
    SELECT m.experiment_id AS id
    FROM domain_members AS m JOIN experiments AS e ON e.id = m.experiment_id AND e.status = 'running'
    WHERE m.domain_id = own.domain_id AND m.experiment_id <> refused.loser
    ORDER BY m.priority DESC, m.experiment_id LIMIT 1
  ) AS strongest ON true
  WHERE NOT EXISTS (
    SELECT FROM assignments AS a
    WHERE a.environment_id = $1 AND a.subject_id = refused.subject_id AND a.experiment_id = refused.loser
  )
)
SELECT domain_id, loser, coalesce(holder, strongest) AS winner, count(*) AS subjects
FROM judged
WHERE holder IS NOT NULL OR (NOT is_held AND strongest IS NOT NULL)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/** Counts subjects over experiments in Postgres or PGlite. */
export class PgSharedSubjects implements SharedSubjects {
  readonly #pools: OverviewPools;

  constructor(pools: OverviewPools) {
    this.#pools = pools;
  }

  count(question: {
    readonly environmentId: string;
    readonly experimentIds: readonly string[];
    readonly since: Instant;
  }): ReturnType<SharedSubjects["count"]> {
    const { environmentId, experimentIds, since } = question;
    const asked = [environmentId, textArray(experimentIds)];
    return this.#pools.withPatientPool((pool) =>
      readWithin(pool, this.#pools.timeoutMillis, async (connection) => {
        const counted = await connection.query({ text: PAIRS, values: asked });
        const lost = await connection.query({ text: LOSSES, values: [...asked, smallestId(since), since] });
        const pairs = counted.rows.map(toPair);
        return {
          experiments: experimentIds.map((id) => subjectsOf(id, pairs)),
          pairs: pairs.filter(({ experimentIds: [first, second] }) => first !== second),
          losses: lost.rows.map(toLoss),
        };
      }),
    );
  }
}

function toPair(row: SqlRow): SharedSubjectsCount {
  return {
    experimentIds: [String(row["first_id"]), String(row["second_id"])],
    subjects: Number(row["subjects"]),
  };
}

function subjectsOf(experimentId: string, pairs: readonly SharedSubjectsCount[]): ExperimentSubjects {
  const own = pairs.find(({ experimentIds }) => experimentIds.every((id) => id === experimentId));
  return { experimentId, assigned: own?.subjects ?? 0 };
}

function toLoss(row: SqlRow): DomainLoss {
  return {
    domainId: String(row["domain_id"]),
    loserId: String(row["loser"]),
    winnerId: String(row["winner"]),
    subjects: Number(row["subjects"]),
  };
}
