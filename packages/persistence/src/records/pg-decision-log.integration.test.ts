import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type DecisionPage } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { byDecisionId, sampleDecision, STORE_NOW } from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poolOf } from "../compose-storage.ts";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";
import { FIND_DECISION, PgDecisionLog } from "./pg-decision-log.ts";

describe("the log of decisions on Postgres", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    await storage.migrate();
    await storage.partitions.ensureAhead(STORE_NOW, 20);
    pool = new Pool({ connectionString: database.url });
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  /** Names of the tables that a plan reads. */
  async function tablesRead(text: string, values: readonly unknown[]): Promise<readonly string[]> {
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, [...values]);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    return [...new Set([...plan.matchAll(/ on (decisions_\w+)/g)].map(([, name = ""]) => name))];
  }

  it("looks into a single partition for a decision by its id", async () => {
    const decision = sampleDecision(
      { environmentId, subjectId: randomUUID() },
      { decidedAt: STORE_NOW + 3 * MICROS_PER_DAY },
    );
    await storage.sink.write([decision]);
    expect(await tablesRead(FIND_DECISION, [decision.decisionId, environmentId])).toStrictEqual([
      "decisions_d20260304",
    ]);
    expect(await storage.log.find(environmentId, decision.decisionId)).toStrictEqual(decision);
  });

  it("looks at a bounded number of rows for a page, and goes on behind them", async () => {
    const log = new PgDecisionLog(poolOf(storage), 10);
    const rare = `rare-${randomUUID()}`;
    const noise = Array.from({ length: 95 }, (_, index) =>
      sampleDecision({ environmentId, subjectId: "crowd" }, { decidedAt: STORE_NOW + index * 1_000 }),
    );
    const wanted = [5, 50, 51].map((index) =>
      sampleDecision(
        { environmentId, subjectId: "crowd" },
        { flagKey: rare, decidedAt: STORE_NOW + index * 1_000 + 500 },
      ),
    );
    await storage.sink.write([...noise, ...wanted]);
    const span = {
      environmentId,
      flagKey: rare,
      from: STORE_NOW - MICROS_PER_DAY,
      to: STORE_NOW + MICROS_PER_DAY,
      limit: 2,
    };
    const pages: DecisionPage[] = [];
    let before: string | null | undefined;
    while (before !== null) {
      const page: DecisionPage = await log.list({ ...span, ...(before !== undefined && { before }) });
      pages.push(page);
      before = page.next;
    }
    expect(pages.flatMap(({ decisions }) => decisions)).toStrictEqual(byDecisionId(wanted).toReversed());
    expect(pages.length).toBeGreaterThanOrEqual(10);
    expect(pages.some(({ decisions, next }) => decisions.length === 0 && next !== null)).toBe(true);
  });
});
