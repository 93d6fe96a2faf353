import type { DecisionUsage, FlagUsage, Instant } from "@lotty/domain";
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
}
