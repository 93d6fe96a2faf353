import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { assigningDecision, STORE_NOW, storeExperiments } from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import { smallestId } from "../partitions/partition-day.ts";
import type { Storage } from "../storage.ts";
import { USAGE } from "./pg-decision-usage.ts";
import { windowStatement } from "./pg-recorded-subjects.ts";
import { LOSSES, PAIRS } from "./pg-shared-subjects.ts";

describe("the plans of overviews", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  const smallEnvironmentId = randomUUID();
  let experimentId: string;
  const since = STORE_NOW + 8 * MICROS_PER_DAY;
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    await storage.migrate();
    await storage.partitions.ensureAhead(STORE_NOW, 9);
    pool = new Pool({ connectionString: database.url });
    await pool.query("INSERT INTO environments (id, key) VALUES ($1, 'small')", [smallEnvironmentId]);
    experimentId = await fill(environmentId, 3_000);
    await fill(smallEnvironmentId, 100);
    await pool.query("VACUUM ANALYZE decisions, assignments");
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  /** Assigns an experiment to so many subjects, over ten days. */
  async function fill(within: string, subjects: number): Promise<string> {
    const [id = ""] = await storeExperiments(storage.configuration, within, 1);
    await storage.sink.write(
      Array.from({ length: subjects }, (_, index) =>
        assigningDecision({ environmentId: within, subjectId: `s${index}` }, id, {
          decidedAt: STORE_NOW + (index % 10) * MICROS_PER_DAY,
        }),
      ),
    );
    return id;
  }

  async function planOf(text: string, values: readonly unknown[]): Promise<string> {
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, [...values]);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  }

  function partitionsIn(plan: string): readonly string[] {
    return [...new Set([...plan.matchAll(/ on (decisions_\w+)/g)].map(([, name = ""]) => name))].toSorted();
  }

  // The last partition of the span, and the one for strays, which may be of any day.
  const spanned = ["decisions_d20260309", "decisions_d20260310", "decisions_strays"];

  it("read the partitions of their span and no other", async () => {
    const asked = [environmentId, `{${experimentId}}`, smallestId(since), since];
    expect(partitionsIn(await planOf(USAGE, [smallestId(since), environmentId, since]))).toStrictEqual(spanned);
    expect(partitionsIn(await planOf(LOSSES, asked))).toStrictEqual(spanned);
    const window = [environmentId, smallestId(since), "flag", since, "00", 100];
    expect(partitionsIn(await planOf(windowStatement(false), window))).toStrictEqual(spanned);
  });

  it("read windows of subjects from the index, without sorting the log", async () => {
    const window = [environmentId, smallestId(since), "flag", since, "00", 20, "s2", smallestId(since)];
    const plan = await planOf(windowStatement(true), window);
    expect(plan).toMatch(/Merge Append[^]*Index Scan Backward using decisions_d20260309/);
    expect(plan).toMatch(/Index Cond: .*ROW\(.*subject_id, .*decision_id\) </);
    expect(plan).not.toContain("Seq Scan on decisions_d");
  });

  it("count the pairs of an environment in one pass over its part of the primary key of assignments", async () => {
    const plan = await planOf(PAIRS, [smallEnvironmentId, `{${experimentId}}`]);
    expect(plan.match(/ on assignments/g)).toHaveLength(1);
    expect(plan).toContain("Index Only Scan using assignments_pkey on assignments");
  });
});
