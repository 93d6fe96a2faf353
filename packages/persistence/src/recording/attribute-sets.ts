import type { DecisionRecord } from "@lotty/domain";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";

/** A decision with its place in a batch. */
export interface PlacedDecision {
  /** Place of its request in the batch. */
  readonly request: number;
  readonly decision: DecisionRecord;
}

/** The attributes that the decisions of one request name, with the newest of these decisions. */
interface AttributeSet {
  readonly request: number;
  readonly environmentId: string;
  readonly subjectId: string;
  readonly digest: string;
  readonly attributes: string;
  decidedAt: number;
}

/**
 * The statement around the one that writes decisions: it also keeps the attributes of the decisions that were not refused, in the
 * same transaction. A set that is there and was named on the day already is left alone, without a lock or a write; the look-up
 * is a scalar one so that it goes by the primary key whatever the planner believes of the table. Rows are written in the order
 * of their keys, and after those of decisions and assignments, so that batches never wait for each other in a circle.
 *
 * @param record the statement that gives the refused requests
 * @param first number of the first of {@link attributeSetValues}
 */
export function keepingAttributes(record: string, first: number): string {
  const types = ["integer", "uuid", "text", "text", "text", "bigint"];
  const given = types.map((type, index) => `$${first + index}::${type}[]`).join(", ");
  return `
WITH refused AS MATERIALIZED (${record}), named AS (
  SELECT s.environment, s.subject, decode(s.digest, 'hex') AS digest, min(s.attributes) AS attributes,
    max((${instantOf("s.decided_at")} AT TIME ZONE 'UTC')::date) AS day
  FROM unnest(${given}) AS s (request, environment, subject, digest, attributes, decided_at)
  WHERE s.request NOT IN (SELECT request FROM refused)
  GROUP BY s.environment, s.subject, s.digest
), kept AS (
  INSERT INTO attribute_sets AS held (environment_id, subject_id, digest, last_named_on, attributes)
  SELECT n.environment, n.subject, n.digest, n.day, n.attributes FROM named AS n
  WHERE coalesce((
    SELECT s.last_named_on FROM attribute_sets AS s
    WHERE s.environment_id = n.environment AND s.subject_id = n.subject AND s.digest = n.digest
  ), '-infinity') < n.day
  ORDER BY n.environment, n.subject COLLATE "C", n.digest
  ON CONFLICT (environment_id, subject_id, digest) DO UPDATE SET
    last_named_on = greatest(held.last_named_on, excluded.last_named_on)
)
SELECT * FROM refused`;
}

/** The values of {@link keepingAttributes}; `null` when no decision brings attributes with it. */
export function attributeSetValues(rows: readonly PlacedDecision[]): readonly string[] | null {
  const sets = distinctSets(rows);
  if (sets.length === 0) return null;
  return [
    plainArray(sets.map(({ request }) => request)),
    textArray(sets.map(({ environmentId }) => environmentId)),
    textArray(sets.map(({ subjectId }) => subjectId)),
    textArray(sets.map(({ digest }) => digest)),
    textArray(sets.map(({ attributes }) => attributes)),
    plainArray(sets.map(({ decidedAt }) => decidedAt)),
  ];
}

/** Each set of a request once, however many decisions of it bring it along. */
function distinctSets(rows: readonly PlacedDecision[]): readonly AttributeSet[] {
  const byKey = new Map<string, AttributeSet>();
  for (const { decision, request } of rows) {
    const { attributes, attributesDigest: digest, decidedAt, environmentId, subjectId } = decision;
    if (attributes === undefined || digest === null) continue;
    const key = `${request} ${environmentId} ${digest} ${subjectId}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { request, environmentId, subjectId, digest, attributes, decidedAt });
    else known.decidedAt = Math.max(known.decidedAt, decidedAt);
  }
  return [...byKey.values()];
}
