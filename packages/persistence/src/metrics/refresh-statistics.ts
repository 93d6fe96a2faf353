import type { SqlConnection } from "../sql/sql-pool.ts";

/** Tables that grow by folding, and those that folding and reports join them with. */
const TABLES = ["events", "first_exposures", "assignments", "subject_metrics", "segment_rollups", "rollups"];

/** Blocks up to which any plan will do. */
const SMALL = 50;

/** Tables that have doubled since somebody last looked at what they hold; all that are not small when nobody ever did. */
const GROWN = `SELECT c.oid::regclass::text AS name FROM unnest($1::text[]) AS grown (name)
JOIN pg_class AS c ON c.oid = to_regclass(grown.name)
WHERE pg_relation_size(c.oid) > 2 * greatest(c.relpages, ${SMALL}) * current_setting('block_size')::bigint`;

/**
 * Has the planner look at tables that have grown much: without statistics it joins subjects by comparing each with every other one. Postgres itself gets to that
 * after a minute or several, PGlite never. Inside of a transaction. Where Lotty's role does not own the tables, nothing happens.
 */
export async function refreshStatistics(connection: SqlConnection): Promise<void> {
  const { rows } = await connection.query({ text: GROWN, values: [`{${TABLES.join(",")}}`] });
  for (const { name } of rows) await connection.query({ text: `ANALYZE ${String(name)}` });
}
