import type { Fault, Scene } from "../fault.ts";
import type { Database } from "../stage/database.ts";
import type { LottyProcess } from "../stage/lotty-process.ts";
import { atLeast, atMost, exactly } from "../verdict/figure.ts";

const NEXT_VERSION = new URL("../stage/next-version.ts", import.meta.url);

/** Enough for the new index to take a moment. */
const OLD_ASSIGNMENTS = 200_000;

/** A report reads the tables when the update begins, and holds it up for as long. */
const REPORT_MILLIS = 6_000;
const SIDE_BY_SIDE_MILLIS = 4_000;
const LOOK_MILLIS = 25;

const WAITS = `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0) AS seconds
  FROM pg_locks WHERE NOT granted AND locktype = 'relation'`;

/** The longest time, as far as a look every 25 ms finds it, that anybody waits for the lock of a table. */
async function watchLocks(database: Database, signal: AbortSignal): Promise<number> {
  let longest = 0;
  while (!signal.aborted) {
    const [row] = await database.query(WAITS);
    longest = Math.max(longest, Number(row?.["seconds"]));
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
  return longest;
}

/** Reads the table of decisions in a transaction that takes its time. */
async function report({ database, pause }: Scene): Promise<void> {
  const session = await database.session();
  try {
    await session.query("BEGIN");
    await session.query("SELECT count(*) FROM decisions");
    await pause(REPORT_MILLIS);
    await session.query("COMMIT");
  } finally {
    await session.end();
  }
}

async function update(member: LottyProcess): Promise<void> {
  await member.stop();
  member.preload(NEXT_VERSION);
  await member.start();
}

/** Updates one process after the other under load; the first of the new ones changes the schema. */
async function rollOut(scene: Scene): Promise<void> {
  const { api, counted, measure, pause, workers } = scene;
  const [first, ...rest] = [...api, ...workers];
  if (first === undefined) return;
  const reporting = report(scene);
  await update(first);
  await reporting;
  const old = rest.filter(({ name }) => name.startsWith("api"));
  const byOld = (): Promise<number> => counted(old, "lotty_decisions_recorded_total");
  const before = await byOld();
  await pause(SIDE_BY_SIDE_MILLIS);
  measure("recorded by the old version on the new schema", (await byOld()) - before);
  for (const member of rest) await update(member);
}

/** An update of the program and of the schema while it is used. */
export const mixedVersions: Fault = {
  row: 23,
  name: "mixed-versions",
  title:
    "one process after the other is updated to a version with one more step of the schema, while a report reads the tables",
  stage: { env: { SHUTDOWN_GRACE_SECONDS: "6" } },
  async inject(scene) {
    const { database, measure } = scene;
    await database.query(
      `INSERT INTO assignments SELECT (jsonb_populate_record(held, jsonb_build_object('subject_id', 'old' || n))).*
       FROM (SELECT a AS held FROM assignments AS a LIMIT 1) AS one, generate_series(1, ${String(OLD_ASSIGNMENTS)}) AS n`,
    );
    const over = new AbortController();
    const watching = watchLocks(database, over.signal);
    try {
      await rollOut(scene);
    } finally {
      over.abort();
    }
    measure("longest wait for a lock, s", await watching);
  },
  async afterwards({ database, measure }) {
    const [row] = await database.query("SELECT count(*) AS steps FROM lotty_migrations WHERE name LIKE '9999%'");
    measure("new steps of the schema", Number(row?.["steps"]));
  },
  figures: ({ events, measures }) => [
    exactly("new steps of the schema", measures.get("new steps of the schema") ?? null, 1),
    atLeast(
      "recorded by the old version on the new schema",
      measures.get("recorded by the old version on the new schema") ?? null,
      1,
    ),
    exactly("failed requests", events.filter(({ kind }) => kind !== "ok").length, 0),
    atMost("longest wait for a lock, s", measures.get("longest wait for a lock, s") ?? null, 2),
  ],
};
