import type { BenchRun } from "../bench.ts";
import type { ScalingStage } from "./stage.ts";

/** Tables with the statement that counts and measures each. */
const TABLES = [
  {
    name: "decisions",
    partitions: "SELECT inhrelid AS relation FROM pg_inherits WHERE inhparent = 'decisions'::regclass",
  },
  { name: "assignments", partitions: "SELECT 'assignments'::regclass::oid AS relation" },
] as const;

/** Prints what a row takes on disk. */
export async function printStorage(run: BenchRun, { query }: ScalingStage): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const { name, partitions } of TABLES) {
    const size = await query(`
      SELECT (SELECT count(*) FROM ${name})::float8 AS rows, sum(pg_table_size(relation))::float8 AS heap,
        sum(pg_indexes_size(relation))::float8 AS indexes FROM (${partitions}) AS of_table`);
    const [count, heap, indexes] = [Number(size["rows"]), Number(size["heap"]), Number(size["indexes"])];
    rows.push([
      name,
      count.toLocaleString("en"),
      (heap / count).toFixed(0),
      (indexes / count).toFixed(0),
      ((heap + indexes) / count).toFixed(0),
    ]);
  }
  run.print("**On disk**, bytes for each row:");
  run.table(["table", "rows", "table", "indexes", "together"], rows);
}
