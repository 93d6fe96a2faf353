import { DEFAULT_ENVIRONMENT_ID, type ChangeNotice } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

describe("the listening session", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  const logger = new RecordingLogger();
  let database: TestDatabase;
  let storage: Storage;
  let other: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger });
    other = await openPostgres({ url: database.url, logger });
    await storage.migrate();
    pool = new Pool({ connectionString: database.url });
  });

  afterAll(async () => {
    await Promise.all([storage.close(), other.close(), pool.end()]);
    await database.drop();
  });

  const sessions = `
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'lotty notices'`;

  it("is made again when it is cut, and tells what may have been missed", async () => {
    const heard: ChangeNotice[] = [];
    const stop = await storage.notices.subscribe((notice) => heard.push(notice));
    const { rowCount } = await pool.query(`SELECT pg_terminate_backend(pid) FROM (${sessions}) AS s`);
    expect(rowCount).toBe(1);
    const revision = await other.configuration.apply(environmentId, {}, 0);
    await vi.waitFor(() => expect(heard).toContainEqual({ environmentId, revision }), { timeout: 5_000, interval: 10 });
    await vi.waitFor(() => expect(logger.events).toContain("change_notices_restored"));
    heard.length = 0;
    await other.notices.publish({ environmentId, revision: 77 });
    await vi.waitFor(() => expect(heard).toStrictEqual([{ environmentId, revision: 77 }]), {
      timeout: 1_000,
      interval: 5,
    });
    expect(logger.events).toContain("change_notices_lost");
    await stop();
  });

  it("is shared by all subscribers and ends with the last of them", async () => {
    const heard: ChangeNotice[] = [];
    const stops = await Promise.all([1, 2, 3].map(() => storage.notices.subscribe((notice) => heard.push(notice))));
    expect((await pool.query(sessions)).rowCount).toBe(1);
    await Promise.all(stops.map((stop) => stop()));
    await vi.waitFor(async () => expect((await pool.query(sessions)).rowCount).toBe(0));
    await other.notices.publish({ environmentId, revision: 78 });
    expect(heard).toStrictEqual([]);
  });

  it("overhears what others say on the channel", async () => {
    const heard: ChangeNotice[] = [];
    const stop = await storage.notices.subscribe((notice) => heard.push(notice));
    for (const payload of ["", "x", "{}", "[1,2]", '["a",1.5]', '["a"]']) {
      await pool.query("SELECT pg_notify('lotty_configuration', $1)", [payload]);
    }
    await other.notices.publish({ environmentId, revision: 79 });
    await vi.waitFor(() => expect(heard).toStrictEqual([{ environmentId, revision: 79 }]));
    await stop();
  });
});
