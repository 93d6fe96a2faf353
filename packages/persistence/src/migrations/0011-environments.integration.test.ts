import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleEnvironment } from "@lotty/testkit/suites/environments";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";
import { environments } from "./0011-environments.ts";
import { MIGRATIONS } from "./migration-list.ts";

describe("the step to environments", () => {
  const [told, untold] = [randomUUID(), randomUUID()];
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    pool = new Pool({ connectionString: database.url });
    for (const { sql } of MIGRATIONS.slice(0, MIGRATIONS.indexOf(environments))) await pool.query(sql);
    for (const id of [told, untold]) {
      await pool.query(
        `INSERT INTO flags (id, environment_id, key, value_type, default_value, version, updated_at)
         VALUES ($1::uuid, $2, $1::text, 'boolean', 'true', 3, now())`,
        [id, DEFAULT_ENVIRONMENT_ID],
      );
    }
    await pool.query(
      `INSERT INTO flag_details (environment_id, flag_id, description, owner, tags, value_schema, archived_at)
       VALUES ($1, $2, '"what it is for"', '"Ada"', '["a", "b"]', '{"type": "boolean"}', '2026-01-01T00:00:00Z')`,
      [DEFAULT_ENVIRONMENT_ID, told],
    );
    for (const { sql } of MIGRATIONS.slice(MIGRATIONS.indexOf(environments))) await pool.query(sql);
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  it("keeps flags as they are, with all that is said about them", async () => {
    const { flags } = await storage.configuration.load(DEFAULT_ENVIRONMENT_ID);
    const kept = [told, untold].map((id) => ({ id, key: id, valueType: "boolean", defaultValue: true, version: 3 }));
    expect(flags).toMatchObject(kept.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
    expect(await storage.control.store.flagDetails(told)).toStrictEqual({
      flagId: told,
      description: "what it is for",
      owner: "Ada",
      tags: ["a", "b"],
      valueSchema: { type: "boolean" },
      archivedAt: Date.UTC(2026, 0, 1) * 1_000,
    });
    expect(await storage.control.store.flagDetails(untold)).toBeUndefined();
  });

  it("leaves an installation to which environments can be added, and in which names stay unique", async () => {
    const environment = sampleEnvironment({ key: "staging" });
    await storage.control.environments.addEnvironment(environment, sampleLink("environment.create"));
    expect((await storage.configuration.load(environment.id)).flags).toMatchObject(
      [told, untold].toSorted().map((id) => ({ id, enabled: false, version: 1 })),
    );
    const again = storage.configuration.apply(environment.id, { putFlags: [sampleFlag({ key: told })] }, 1);
    await expect(again).rejects.toMatchObject({ code: "database_rejected" });
  });
});
