import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { describeDecisionReports, type OpenedDecisionReports } from "@lotty/testkit/suites/decision-reports";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poolOf } from "../compose-storage.ts";
import { openEmbedded } from "../open-embedded.ts";
import { openPostgres } from "../open-postgres.ts";
import { runStatement } from "../sql/sql-pool.ts";
import type { Storage } from "../storage.ts";
import { embeddedReportSource, postgresReportSource } from "./open-report-source.ts";
import type { ReportSource } from "./report-source.ts";

const logger = new RecordingLogger();
const question = {
  environmentId: DEFAULT_ENVIRONMENT_ID,
  flagKey: "flag",
  experimentId: randomUUID(),
  from: 0,
  to: MICROS_PER_DAY,
};

function sourceOn(url: string, timeoutMillis = 10_000): ReportSource {
  return postgresReportSource({ url, timeoutMillis, connectTimeoutMillis: 5_000, logger });
}

async function withOtherEnvironment(storage: Storage, source: ReportSource): Promise<OpenedDecisionReports> {
  const otherEnvironmentId = randomUUID();
  const values = [otherEnvironmentId, "other"];
  await runStatement(poolOf(storage), { text: "INSERT INTO environments (id, key) VALUES ($1, $2)", values });
  const { configuration, sink } = storage;
  return { configuration, sink, otherEnvironmentId, reports: source.reports, close: () => source.close() };
}

describeDecisionReports("on Postgres", async () => {
  const database = await createTestDatabase();
  const storage = await openPostgres({ url: database.url, logger });
  await storage.migrate();
  const opened = await withOtherEnvironment(storage, sourceOn(database.url));
  return {
    ...opened,
    close: async () => {
      await Promise.all([opened.close(), storage.close()]);
      await database.drop();
    },
  };
});

describeDecisionReports("on PGlite", async () => {
  const storage = await openEmbedded({ directory: "memory", logger });
  await storage.migrate();
  return withOtherEnvironment(storage, embeddedReportSource(storage, 10_000));
});

describe("a report on Postgres", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    const storage = await openPostgres({ url: database.url, logger });
    await storage.migrate();
    await storage.close();
  });
  afterAll(() => database.drop());

  it("says when it took too long", async () => {
    const source = sourceOn(database.url, 100);
    const locking = new Client({ connectionString: database.url });
    await locking.connect();
    try {
      await locking.query("BEGIN; LOCK TABLE decisions IN ACCESS EXCLUSIVE MODE");
      await expect(source.reports.spread(question)).rejects.toMatchObject({ code: "timeout" });
      await locking.query("ROLLBACK");
      await expect(source.reports.spread(question)).resolves.toMatchObject({ variants: [] });
    } finally {
      await locking.end();
      await source.close();
    }
  });

  it("reads the partitions of its span and no other", async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const storage = await openPostgres({ url: database.url, logger });
    const now = Date.UTC(2026, 4, 10, 12) * 1_000;
    await storage.partitions.ensureAhead(now, 3);
    await storage.close();
    const source = sourceOn(database.url, 200);
    try {
      // Whoever needed one of these would wait for it.
      await client.query("BEGIN; LOCK TABLE decisions_d20260512, decisions_d20260513 IN ACCESS EXCLUSIVE MODE");
      const span = { ...question, from: now - MICROS_PER_DAY, to: now + MICROS_PER_DAY };
      await expect(source.reports.spread(span)).resolves.toMatchObject({ variants: [] });
      const longer = { ...span, to: now + 2 * MICROS_PER_DAY };
      await expect(source.reports.spread(longer)).rejects.toMatchObject({ code: "timeout" });
    } finally {
      await client.end();
      await source.close();
    }
  });

  it("says that there are no tables, and that there is no server", async () => {
    const empty = await createTestDatabase();
    const tableless = sourceOn(empty.url);
    await expect(tableless.reports.spread(question)).rejects.toMatchObject({ code: "schema_mismatch" });
    await tableless.close();
    await empty.drop();
    const away = sourceOn("postgres://127.0.0.1:1/none");
    await expect(away.reports.spread(question)).rejects.toMatchObject({ code: "database_unavailable" });
    await away.close();
  });
});
