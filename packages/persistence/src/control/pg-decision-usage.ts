import type { DecisionUsage, Exclusions, ExclusionsQuestion, FlagUsage, Instant } from "@lotty/domain";
import { smallestId } from "../partitions/partition-day.ts";
import { readWithin } from "../reports/read-within.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import type { OverviewPools } from "./overview-pools.ts";

/**
 * One pass over the partitions since then, and no other: no index leads to flags, see ADR 0014. Two values are told from one by the
 * smallest and the largest, which takes no memory for those in between.
 */
export const USAGE: string = `
SELECT to_json(used.flag_key) AS flag_key, ${microsOf("max(used.decided_at)")} AS last_decided_at,
  CASE WHEN min(used.value COLLATE "C") = max(used.value COLLATE "C") THEN 1 ELSE 2 END AS values
FROM decisions AS used
WHERE used.decision_id >= $1 AND used.environment_id = $2 AND used.decided_at >= ${instantOf("$3::bigint")}
GROUP BY used.flag_key`;

/** One pass over the partitions of the span, as for the usage of flags. */
export const EXCLUSIONS: string = `
SELECT count(*) AS decisions,
  count(*) FILTER (WHERE taken.reason = 'participation_limit') AS participation_limit,
  count(*) FILTER (WHERE taken.reason = 'domain_conflict') AS domain_conflict
FROM decisions AS taken
WHERE taken.decision_id >= $1 AND taken.decision_id < $2 AND taken.environment_id = $3 AND taken.experiment_id = $4`;

/** Tells how flags were used, from the log in Postgres or PGlite. */
export class PgDecisionUsage implements DecisionUsage {
  readonly #pools: OverviewPools;

  constructor(pools: OverviewPools) {
    this.#pools = pools;
  }

  flags(environmentId: string, since: Instant): Promise<readonly FlagUsage[]> {
    return this.#pools.withPatientPool((pool) =>
      readWithin(pool, this.#pools.timeoutMillis, async (connection) => {
        const { rows } = await connection.query({ text: USAGE, values: [smallestId(since), environmentId, since] });
        return rows.map((row) => ({
          flagKey: String(row["flag_key"]),
          lastDecidedAt: Number(row["last_decided_at"]),
          values: Number(row["values"]),
        }));
      }),
    );
  }

  exclusions({ environmentId, experimentId, from, to }: ExclusionsQuestion): Promise<Exclusions> {
    return this.#pools.withPatientPool((pool) =>
      readWithin(pool, this.#pools.timeoutMillis, async (connection) => {
        const values = [smallestId(from), smallestId(to), environmentId, experimentId];
        const [row] = (await connection.query({ text: EXCLUSIONS, values })).rows;
        return {
          decisions: Number(row?.["decisions"] ?? 0),
          participationLimit: Number(row?.["participation_limit"] ?? 0),
          domainConflict: Number(row?.["domain_conflict"] ?? 0),
        };
      }),
    );
  }
}
