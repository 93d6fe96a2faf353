import type { DecisionResponse, FlagResponse } from "@lotty/contracts";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY } from "@lotty/domain";
import { systemClock } from "@lotty/runtime";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let admin: PersonForTest;
let eve: PersonForTest;

beforeAll(async () => {
  server = await serveControl();
  admin = await server.person("root", ["admin"]);
  eve = await server.person("eve", ["experimenter"]);
});

afterAll(() => server.close(0));

async function made(key: string, fields: object = {}): Promise<FlagResponse> {
  const asked = await eve.ask("POST", "/v1/flags", { body: { key, type: "string", default: "grey", ...fields } });
  expect(asked.status).toBe(201);
  return asked.body as FlagResponse;
}

async function decided(flag: string): Promise<DecisionResponse> {
  const { revision } = await server.controlStore.load(DEFAULT_ENVIRONMENT_ID);
  await vi.waitFor(() => expect(server.snapshots.production.revision).toBe(revision));
  const response = await fetch(`${server.url}/v1/decide`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flag, subject_id: "ada", peek: true }),
  });
  return (await response.json()) as DecisionResponse;
}

describe("a flag", () => {
  it("can be switched off and on at once, without knowing its version", async () => {
    const { id } = await made("kill", { rules: [{ rule: null, value: "green" }] });
    expect(await decided("kill")).toMatchObject({ value: "green" });
    const off = await eve.ask("POST", `/v1/flags/${id}/disable`);
    expect(off).toMatchObject({ status: 200, body: { enabled: false, version: 2 } });
    expect(await decided("kill")).toMatchObject({ value: "grey", reason: "flag_disabled" });
    expect((await eve.ask("POST", `/v1/flags/${id}/enable`)).status).toBe(428);
    expect((await eve.ask("POST", `/v1/flags/${id}/enable`, { ifMatch: 1 })).status).toBe(412);
    expect((await eve.ask("POST", `/v1/flags/${id}/enable`, { ifMatch: "*" })).status).toBe(200);
    expect(await decided("kill")).toMatchObject({ value: "green" });
    const missing = "00000000-0000-7000-8000-00000000ffff";
    expect((await eve.ask("POST", `/v1/flags/${missing}/disable`)).status).toBe(404);
  });

  it("is switched off also while others change it", async () => {
    const { id } = await made("raced");
    server.controlStore.beforeNextCommit(async () => {
      await eve.ask("PATCH", `/v1/flags/${id}`, { body: { owner: "somebody else" }, ifMatch: 1 });
    });
    const off = await admin.ask("POST", `/v1/flags/${id}/disable`);
    expect(off).toMatchObject({ status: 200, body: { enabled: false, owner: "somebody else", version: 3 } });
  });

  it("keeps its versions, tells what differs, and can be taken back", async () => {
    const { id } = await made("versioned");
    for (const [version, body] of [
      { default: "red" },
      { default: "blue" },
      { rules: [{ rule: null, value: "x", rollout: "0.5" }] },
    ].entries()) {
      expect((await eve.ask("PATCH", `/v1/flags/${id}`, { body, ifMatch: version + 1 })).status).toBe(200);
    }
    const first = await eve.ask("GET", `/v1/flags/${id}/versions?limit=3`);
    expect(first).toMatchObject({
      body: { versions: [{ version: 4, rules: [{ rollout: "0.50" }] }, { default: "blue" }, { default: "red" }] },
    });
    const { next_cursor: cursor } = first.body as { readonly next_cursor: string };
    const rest = await eve.ask("GET", `/v1/flags/${id}/versions?cursor=${cursor}`);
    expect(rest).toMatchObject({ body: { versions: [{ version: 1, default: "grey" }], next_cursor: null } });
    const diff = await eve.ask("GET", `/v1/flags/${id}/diff?from=1&to=3`);
    expect(diff.body).toEqual({ differences: [{ field: "default", before: "grey", after: "blue" }] });
    expect((await eve.ask("GET", `/v1/flags/${id}/diff?from=1&to=9`)).status).toBe(404);
    expect((await eve.ask("GET", `/v1/flags/${id}/diff?from=1`)).status).toBe(400);
    const restored = await eve.ask("POST", `/v1/flags/${id}/restore`, { body: { version: 1 }, ifMatch: 4 });
    expect(restored).toMatchObject({ status: 200, body: { default: "grey", rules: [], version: 5 } });
    expect(await decided("versioned")).toMatchObject({ value: "grey" });
  });

  it("takes values of its type and schema only, and says which field is wrong", async () => {
    const body = { key: "typed", type: "number", default: "7" };
    expect(await eve.ask("POST", "/v1/flags", { body })).toMatchObject({
      status: 422,
      body: { code: "invalid_field", refusals: [{ field: "default" }] },
    });
    const schema = { type: "object", properties: { size: { type: "integer" } }, required: ["size"] };
    const json = { key: "shaped", type: "json", schema };
    const wrong = await eve.ask("POST", "/v1/flags", { body: { ...json, default: { size: "big" } } });
    expect(wrong).toMatchObject({ status: 422, body: { code: "invalid_field" } });
    expect((await eve.ask("POST", "/v1/flags", { body: { ...json, default: { size: 3 } } })).status).toBe(201);
  });

  it.each([{ version: 7 }, { id: "x" }, { archived_at: null }, { key: "another" }, { valueType: "string" }])(
    "cannot be given %j by an edit",
    async (fields) => {
      const { id } = await made(`mass ${JSON.stringify(fields)}`);
      const body = { default: "red", ...fields };
      const refused = await eve.ask("PATCH", `/v1/flags/${id}`, { body, ifMatch: 1 });
      expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
      expect(await eve.ask("GET", `/v1/flags/${id}`)).toMatchObject({ body: { default: "grey", version: 1 } });
    },
  );

  it("is put away before an admin removes it", async () => {
    const { id } = await made("old");
    const path = `/v1/flags/${id}`;
    expect((await eve.ask("DELETE", path, { ifMatch: "*" })).status).toBe(403);
    expect(await admin.ask("DELETE", path, { ifMatch: "*" })).toMatchObject({
      status: 422,
      body: { code: "flag_not_archived" },
    });
    expect((await eve.ask("POST", `${path}/archive`, { ifMatch: 1 })).status).toBe(200);
    const edit = { body: { default: "red" }, ifMatch: 2 };
    expect(await eve.ask("PATCH", path, edit)).toMatchObject({ status: 422, body: { code: "flag_archived" } });
    expect((await eve.ask("POST", `${path}/unarchive`, { ifMatch: 2 })).status).toBe(200);
    expect((await eve.ask("POST", `${path}/archive`, { ifMatch: 3 })).status).toBe(200);
    expect((await admin.ask("DELETE", path, { ifMatch: 4 })).status).toBe(204);
    expect((await eve.ask("GET", path)).status).toBe(404);
  });

  it("is not archived while an experiment is active on it", async () => {
    const flag = await made("busy");
    const { revision } = await server.store.load(DEFAULT_ENVIRONMENT_ID);
    const experiment = {
      id: "00000000-0000-7000-8000-00000000abcd",
      key: "active",
      flagId: flag.id,
      status: "running",
      version: 1,
      updatedAt: systemClock.now(),
      targetingRules: null,
      trafficAllocation: 0,
      variants: [],
      hashVersion: 1,
      stickyAssignment: true,
    } as const;
    await server.store.apply(DEFAULT_ENVIRONMENT_ID, { putExperiments: [experiment] }, revision);
    expect(await eve.ask("POST", `/v1/flags/${flag.id}/archive`, { ifMatch: 1 })).toMatchObject({
      status: 409,
      body: { code: "in_use", refusals: [{ by: ["active"] }] },
    });
  });
});

describe("GET /v1/flags", () => {
  it("finds flags by tag, owner and whether they are archived", async () => {
    const one = await made("tagged one", { tags: ["b", "a"], owner: "ops" });
    const two = await made("tagged two", { tags: ["b"], owner: "web" });
    await eve.ask("POST", `/v1/flags/${two.id}/archive`, { ifMatch: 1 });
    const keys = async (query: string): Promise<readonly string[]> => {
      const { body, status } = await eve.ask("GET", `/v1/flags?${query}`);
      expect(status).toBe(200);
      return (body as { readonly flags: readonly FlagResponse[] }).flags.map(({ key }) => key);
    };
    expect(one.tags).toEqual(["a", "b"]);
    expect(await keys("tag=b")).toEqual(["tagged one", "tagged two"]);
    expect(await keys("tag=b&archived=false")).toEqual(["tagged one"]);
    expect(await keys("tag=b&owner=web")).toEqual(["tagged two"]);
    expect(await keys("tag=b&archived=true&owner=ops")).toEqual([]);
  });

  it("goes through all flags page by page", async () => {
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const asked = await eve.ask("GET", `/v1/flags?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      const page = asked.body as { flags: FlagResponse[]; next_cursor: string | null };
      expect(page.flags.length).toBeLessThanOrEqual(2);
      found.push(...page.flags.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    const { flags } = await server.store.load(DEFAULT_ENVIRONMENT_ID);
    expect(found).toEqual(flags.map(({ id }) => id).toSorted());
  });

  it("finds those that nobody needs, which are listed with the reason elsewhere", async () => {
    const { flags, revision } = await server.store.load(DEFAULT_ENVIRONMENT_ID);
    const [some] = flags;
    if (some === undefined) throw new Error("there are flags by now");
    const old = { ...some, id: "00000000-0000-7000-8000-0000000000aa", key: "dusty", version: 1 };
    const updatedAt = systemClock.now() - 60 * MICROS_PER_DAY;
    await server.store.apply(DEFAULT_ENVIRONMENT_ID, { putFlags: [{ ...old, updatedAt }] }, revision);
    expect(await eve.ask("GET", "/v1/stale-flags")).toMatchObject({
      status: 200,
      body: { flags: [{ key: "dusty", reason: "not_decided", last_decided_at: null }] },
    });
    expect(await eve.ask("GET", "/v1/flags?stale_days=30")).toMatchObject({ body: { flags: [{ key: "dusty" }] } });
    expect(await eve.ask("GET", "/v1/stale-flags?days=90")).toMatchObject({ body: { flags: [] } });
    expect((await eve.ask("GET", "/v1/stale-flags?days=0")).status).toBe(400);
  });
});
