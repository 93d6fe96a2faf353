import type { DecisionRecord } from "@lotty/domain";
import { instantOf } from "../sql/instant-sql.ts";
import type { SqlStatement } from "../sql/sql-pool.ts";
import { decisionColumns } from "./decision-columns.ts";

/*
 * Each array is unnested by itself in the select list, which hands rows on one by one: `FROM unnest($1, $2, ...)` first stores
 * every column, and that takes a fifth of all that the statement costs. Rows are written in the order of their keys, as the
 * recording function does it, so that batches never wait for each other in a circle.
 */
const TEXT = `
INSERT INTO decisions (
  decision_id, environment_id, flag_key, subject_id, experiment_id, variant_id, value, reason, rule_id, flag_version,
  experiment_version, attributes_digest, hash_version, decided_at
)
SELECT d.id, d.environment, d.flag, d.subject, d.experiment, d.variant, d.value, d.reason, d.rule, d.flag_version,
  d.experiment_version, decode(d.digest, 'hex'), d.hash_version, ${instantOf("d.decided_at")}
FROM (
  SELECT unnest($1::uuid[]) AS id, unnest($2::uuid[]) AS environment, unnest($3::text[]) AS flag,
    unnest($4::text[]) AS subject, unnest($5::uuid[]) AS experiment, unnest($6::uuid[]) AS variant,
    unnest($7::text[]) AS value, unnest($8::text[]) AS reason, unnest($9::uuid[]) AS rule,
    unnest($10::integer[]) AS flag_version, unnest($11::integer[]) AS experiment_version,
    unnest($12::text[]) AS digest, unnest($13::smallint[]) AS hash_version, unnest($14::bigint[]) AS decided_at
) AS d
ORDER BY d.id
ON CONFLICT DO NOTHING`;

/** The statement that writes decisions from which nothing follows: no assignment, and no attributes to be kept. */
export function insertStatement(decisions: readonly DecisionRecord[]): SqlStatement {
  return { name: "lotty_insert_decisions", text: TEXT, values: decisionColumns(decisions) };
}
