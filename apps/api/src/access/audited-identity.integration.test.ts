import { loadConfig } from "@lotty/config";
import type { Role } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningApi, startApi } from "../start-api.ts";
import { PASSWORD } from "../testing/people-for-test.ts";
import { logInForTest, type PersonForTest } from "../testing/person-for-test.ts";
import { urlOf } from "../welcome.ts";

const OTHER_PASSWORD = "battery horse correct";
const SUBJECT = "ada@example.com";

let database: TestDatabase;
let client: Client;
let api: RunningApi;
let admin: PersonForTest;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  const loaded = loadConfig({ PORT: "0", DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  api = await startApi(loaded.config, new RecordingLogger());
  await api.ready;
  admin = await logInForTest(urlOf(api.address), { id: "", name: "admin" });
}, 120_000);

afterAll(async () => {
  await api.close();
  await client.end();
  await database.drop();
});

interface Entry {
  readonly actor_name: string;
  readonly actor_kind: string;
  readonly from: string | null;
  readonly action: string;
  readonly entity_kind: string;
  readonly entity_id: string;
  readonly entity_key: string;
  readonly environment_id: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

async function entries(): Promise<readonly Entry[]> {
  const { body } = await admin.ask("GET", "/v1/audit/export");
  const lines = String(body).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Entry);
}

async function made<Body>(path: string, body: unknown): Promise<Body> {
  const answer = await admin.ask("POST", path, { body });
  expect(answer.status).toBe(201);
  return answer.body as Body;
}

function person(name: string, roles: readonly Role[]): Promise<{ readonly id: string }> {
  return made("/v1/users", { name, password: PASSWORD, roles });
}

interface MadeKey {
  readonly id: string;
  readonly prefix: string;
  readonly key: string;
}

describe("people, keys and erasures", () => {
  it("are on record with who did what from where, in a chain that verifies, without any secret", async () => {
    const bob = await person("bob", ["viewer"]);
    await admin.ask("PATCH", `/v1/users/${bob.id}`, { body: { roles: ["approver"] } });
    await admin.ask("PATCH", `/v1/users/${bob.id}`, { body: { password: OTHER_PASSWORD } });
    await admin.ask("PATCH", `/v1/users/${bob.id}`, { body: { password: PASSWORD } });
    const himself = await logInForTest(urlOf(api.address), { id: bob.id, name: "bob" });
    const own = { current: PASSWORD, next: OTHER_PASSWORD };
    expect((await himself.ask("PUT", "/v1/session/password", { body: own })).status).toBe(200);
    await admin.ask("PATCH", `/v1/users/${bob.id}`, { body: { disabled: true } });
    await admin.ask("DELETE", `/v1/users/${bob.id}`);
    const key = await made<MadeKey>("/v1/keys", { name: "shop", type: "server", scopes: ["decide"] });
    await admin.ask("DELETE", `/v1/keys/${key.id}`);
    const erased = await admin.ask("DELETE", `/v1/subjects?subject_id=${encodeURIComponent(SUBJECT)}`);
    expect(erased.status).toBe(200);

    const onRecord = await entries();
    expect(onRecord.map(({ action, actor_name: actor }) => `${actor} ${action}`)).toEqual([
      "lotty user.create",
      "admin user.create",
      "admin user.change",
      "admin user.reset_password",
      "admin user.reset_password",
      "bob user.change_password",
      "admin user.change",
      "admin user.remove",
      "admin key.create",
      "admin key.revoke",
      "admin subject.erase",
    ]);
    expect(onRecord[0]).toMatchObject({ actor_kind: "system", from: "the first start", entity_key: "admin" });
    expect(onRecord[2]).toMatchObject({
      entity_id: bob.id,
      before: { roles: ["viewer"] },
      after: { roles: ["approver"] },
    });
    expect(onRecord[8]).toMatchObject({ entity_id: key.id, entity_key: key.prefix, before: null });
    expect(onRecord[10]).toMatchObject({ entity_kind: "subject", after: { decisions: 0, assignments: 0 } });
    for (const { from } of onRecord.slice(1)) expect(from).toMatch(/^(127\.0\.0\.1|::1)$/);
    const text = JSON.stringify(onRecord);
    for (const secret of [PASSWORD, OTHER_PASSWORD, key.key, SUBJECT, "scrypt", "digest"])
      expect(text).not.toContain(secret);
    expect((await admin.ask("GET", "/v1/audit/verify")).body).toMatchObject({ ok: true, entries: onRecord.length });
  });

  it("stay as they are while nothing can be put on record", async () => {
    const eve = await person("eve", ["admin"]);
    const key = await made<MadeKey>("/v1/keys", { name: "site", type: "server", scopes: ["decide"] });
    const kept = async (): Promise<readonly unknown[]> => [
      (await admin.ask("GET", "/v1/users")).body,
      (await admin.ask("GET", "/v1/keys")).body,
      await entries(),
      (await client.query("SELECT count(*) FROM erasures")).rows,
    ];
    const before = await kept();
    await client.query(`
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION full_disk()`);
    const tries: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ["POST", "/v1/users", { name: "zoe", password: PASSWORD, roles: ["viewer"] }],
      ["PATCH", `/v1/users/${eve.id}`, { roles: ["viewer"] }],
      ["PATCH", `/v1/users/${eve.id}`, { disabled: true }],
      ["PATCH", `/v1/users/${eve.id}`, { password: OTHER_PASSWORD }],
      ["DELETE", `/v1/users/${eve.id}`],
      ["POST", "/v1/keys", { name: "other", type: "server", scopes: ["decide"] }],
      ["DELETE", `/v1/keys/${key.id}`],
      ["DELETE", "/v1/subjects?subject_id=ada"],
    ];
    for (const [method, path, body] of tries) {
      const answer = await admin.ask(method, path, body === undefined ? {} : { body });
      expect([method, path, answer.status]).toEqual([method, path, 503]);
    }
    await client.query("DROP TRIGGER full_disk ON audit_log");
    expect(await kept()).toEqual(before);
    await logInForTest(urlOf(api.address), { id: eve.id, name: "eve" });
  });
});
