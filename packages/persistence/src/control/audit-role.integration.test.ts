import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { DEFAULT_ENVIRONMENT_ID, EMPTY_AUDIT_HEAD, type AuditLink } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleDecisionId, STORE_NOW } from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

const link: AuditLink = ({ hash, sequence }) => [
  {
    sequence: sequence + 1,
    id: sampleDecisionId(STORE_NOW),
    at: STORE_NOW,
    actor: { id: randomUUID(), name: "Ada", kind: "user" },
    from: null,
    action: "flag.edit",
    entity: { kind: "flag", id: randomUUID(), key: "checkout" },
    environmentId: DEFAULT_ENVIRONMENT_ID,
    before: null,
    after: null,
    previousHash: hash,
    hash: randomUUID().replaceAll("-", "").repeat(2),
  },
];

/** The statements of the README, for roles of our own: roles belong to the whole server. */
async function readmeStatements(roles: Readonly<Record<string, string>>): Promise<string> {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const [, sql = ""] = /```sql\n([^`]+)```/.exec(readme) ?? [];
  return sql.replaceAll(/\b(?:lotty_keeper|lotty)\b/g, (name) => roles[name] ?? name);
}

describe("the chain of changes that the application does not own", () => {
  const suffix = randomUUID().slice(0, 8);
  const [application, keeper] = [`lotty_application_${suffix}`, `lotty_keeper_${suffix}`];
  let database: TestDatabase;
  let storage: Storage;
  let owning: Pool;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    owning = new Pool({ connectionString: database.url });
    await owning.query(`CREATE ROLE ${application} LOGIN PASSWORD 'application'`);
    await owning.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${application}`);
    const url = new URL(database.url);
    url.username = application;
    url.password = "application";
    storage = await openPostgres({ url: url.href, logger: new RecordingLogger() });
    pool = new Pool({ connectionString: url.href });
    await storage.migrate();
    await owning.query(await readmeStatements({ lotty: application, lotty_keeper: keeper }));
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await owning.query(`DROP OWNED BY ${application}, ${keeper} CASCADE; DROP ROLE ${application}, ${keeper}`);
    await owning.end();
    await database.drop();
  });

  it("takes what the application appends, which goes on to migrate and to make partitions", async () => {
    const { store } = storage.control;
    const { revision } = await store.load(DEFAULT_ENVIRONMENT_ID);
    expect(await store.auditHead()).toStrictEqual(EMPTY_AUDIT_HEAD);
    await store.commit(DEFAULT_ENVIRONMENT_ID, { audit: link }, revision);
    expect(await store.auditEntries(0, 10)).toHaveLength(1);
    expect(await storage.migrate()).toStrictEqual({ applied: [] });
    expect(await storage.partitions.ensureAhead(STORE_NOW, 0)).toHaveLength(1);
  });

  it.each([
    "UPDATE audit_log SET action = 'x'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "ALTER TABLE audit_log DISABLE TRIGGER audit_log_only_grows",
    "DROP TRIGGER audit_log_only_grows ON audit_log",
    "CREATE OR REPLACE FUNCTION lotty_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP TABLE audit_log",
    "SET session_replication_role = replica",
  ])("refuses the application %s", async (statement) => {
    await expect(pool.query(statement)).rejects.toMatchObject({ code: "42501" });
  });
});
