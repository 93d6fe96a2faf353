import { DEFAULT_ENVIRONMENT_ID, type Configuration } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decisionsOnRecord } from "../migrations/0006-decisions-on-record.ts";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

describe("earlier configurations in a database that older versions have written to", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;
  /** As the configuration was after the last change. */
  let newest: Configuration;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    await storage.migrate();
    pool = new Pool({ connectionString: database.url });
    const flag = sampleFlag();
    const experiments = [sampleExperiment(flag.id), sampleExperiment(flag.id)];
    const members = experiments.map(({ id: experimentId }, priority) => ({ experimentId, priority }));
    const domain = { id: flag.id, key: 'domain "é"', members };
    const { configuration } = storage;
    await configuration.apply(environmentId, { putFlags: [flag], putExperiments: experiments }, 0);
    await configuration.apply(environmentId, { putDomains: [{ ...domain, members: [] }] }, 1);
    await configuration.apply(environmentId, { putDomains: [domain] }, 2);
    await configuration.apply(environmentId, { putFlags: [{ ...flag, version: 2 }] }, 3);
    newest = await configuration.load(environmentId);
    // As a version that keeps no domains would have left it.
    await pool.query("TRUNCATE domain_versions");
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  it("are not made up where the domains were not kept", async () => {
    expect(await storage.configurationHistory.at(environmentId, 4)).toBeNull();
    expect(await storage.configurationHistory.at(environmentId, 1)).toMatchObject({ revision: 1, domains: [] });
  });

  it("are there from the revision on at which the domains were last written, once the migration has run", async () => {
    const step = decisionsOnRecord.sql
      .split(/;\n/)
      .find((text) => text.trim().startsWith("INSERT INTO domain_versions"));
    await pool.query(step ?? "");
    const byMember = (configuration: Configuration | null): unknown =>
      configuration?.domains.map(({ members, ...domain }) => ({
        ...domain,
        members: members.toSorted((a, b) => a.priority - b.priority),
      }));
    const kept = await storage.configurationHistory.at(environmentId, 4);
    expect(byMember(kept)).toStrictEqual(byMember(newest));
    expect((await storage.configurationHistory.at(environmentId, 3))?.domains).toStrictEqual(kept?.domains);
    expect(await storage.configurationHistory.at(environmentId, 2)).toBeNull();
  });
});
