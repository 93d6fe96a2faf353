import type { DecisionResponse, EnvironmentResponse, FlagResponse } from "@lotty/contracts";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Asked, PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let admin: PersonForTest;
let eve: PersonForTest;
let staging: EnvironmentResponse;

beforeAll(async () => {
  server = await serveControl();
  admin = await server.person("root", ["admin"]);
  eve = await server.person("eve", ["experimenter"]);
  staging = await made("staging");
});

afterAll(() => server.close(0));

async function made(key: string): Promise<EnvironmentResponse> {
  const asked = await admin.ask("POST", "/v1/environments", { body: { key } });
  expect(asked.status).toBe(201);
  return asked.body as EnvironmentResponse;
}

async function madeFlag(key: string, fields: object = {}, query = ""): Promise<FlagResponse> {
  const body = { key, type: "string", default: "grey", ...fields };
  const asked = await eve.ask("POST", `/v1/flags${query}`, { body });
  expect(asked.status).toBe(201);
  return asked.body as FlagResponse;
}

async function withKey(key: string, path: string, body?: unknown): Promise<Asked> {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text), headers: response.headers };
}

async function decided(flag: string, query = "", subject_id = "ada"): Promise<DecisionResponse> {
  const asked = await eve.ask("POST", `/v1/decide${query}`, { body: { flag, subject_id } });
  expect(asked.status).toBe(200);
  return asked.body as DecisionResponse;
}

describe("/v1/environments", () => {
  it("has production from the start, and what admins add", async () => {
    const listed = await eve.ask("GET", "/v1/environments");
    expect(listed).toMatchObject({
      status: 200,
      body: { environments: [{ id: DEFAULT_ENVIRONMENT_ID, key: "production", archived_at: null }, staging] },
    });
    expect(await eve.ask("GET", `/v1/environments/${staging.id}`)).toMatchObject({ status: 200, body: staging });
    expect((await eve.ask("POST", "/v1/environments", { body: { key: "eves" } })).status).toBe(403);
  });

  it("refuses keys that are taken or could not be typed", async () => {
    for (const [key, status] of [
      ["staging", 409],
      ["production", 409],
      ["Staging", 422],
      ["a b", 422],
      ["", 422],
    ] as const) {
      expect([key, (await admin.ask("POST", "/v1/environments", { body: { key } })).status]).toEqual([key, status]);
    }
  });

  it("keeps production, and what something was decided in; lets what is archived and empty go", async () => {
    const production = `/v1/environments/${DEFAULT_ENVIRONMENT_ID}`;
    expect((await admin.ask("POST", `${production}/archive`)).status).toBe(409);
    expect((await admin.ask("DELETE", production)).status).toBe(409);
    const [used, unused] = [await made("used"), await made("unused")];
    await madeFlag("in-used");
    await decided("in-used", "?environment=used");
    for (const { id } of [used, unused]) {
      expect((await admin.ask("DELETE", `/v1/environments/${id}`)).status).toBe(409);
      expect(await admin.ask("POST", `/v1/environments/${id}/archive`)).toMatchObject({ status: 200 });
      expect((await admin.ask("POST", `/v1/environments/${id}/archive`)).status).toBe(422);
    }
    expect((await admin.ask("DELETE", `/v1/environments/${unused.id}`)).status).toBe(204);
    expect((await admin.ask("DELETE", `/v1/environments/${used.id}`)).status).toBe(409);
    const body = { flag: "in-used", subject_id: "ada" };
    expect((await eve.ask("POST", "/v1/decide?environment=used", { body })).status).toBe(404);
    expect(await admin.ask("POST", `/v1/environments/${used.id}/unarchive`)).toMatchObject({
      body: { archived_at: null },
    });
    expect(await decided("in-used", "?environment=used")).toMatchObject({ value: "grey" });
  });

  it("are all on record", async () => {
    const { environmentId, ...entry } = server.controlStore.entries.find(
      ({ action }) => action === "environment.create",
    )!;
    expect(environmentId).toBeNull();
    expect(entry).toMatchObject({
      entity: { kind: "environment", key: "staging" },
      before: null,
      after: { key: "staging" },
    });
  });
});

describe("a flag in several environments", () => {
  it("is one flag, with a state of its own in each", async () => {
    const { id } = await madeFlag("button", { rules: [{ rule: null, value: "green" }] });
    const there = `/v1/flags/${id}?environment=staging`;
    expect(await eve.ask("GET", there)).toMatchObject({
      body: { id, key: "button", enabled: false, rules: [], default: "grey", version: 1 },
    });
    expect(await decided("button")).toMatchObject({ value: "green" });
    expect(await decided("button", "?environment=staging")).toMatchObject({ value: "grey", reason: "flag_disabled" });
    const edit = { enabled: true, default: "blue" };
    expect((await eve.ask("PATCH", there, { body: edit, ifMatch: 1 })).status).toBe(200);
    expect(await decided("button", "?environment=staging")).toMatchObject({ value: "blue" });
    expect(await decided("button", "?environment=production")).toMatchObject({ value: "green" });
    expect(await eve.ask("GET", `/v1/flags/${id}`)).toMatchObject({ body: { version: 1, default: "grey" } });
  });

  it("has type, schema and description in common, changed by one commit", async () => {
    const { id } = await madeFlag("shared");
    const here = `/v1/flags/${id}`;
    const there = `${here}?environment=staging`;
    const said = { description: "what it is for", tags: ["a"], schema: { type: "string", maxLength: 9 } };
    expect((await eve.ask("PATCH", here, { body: said, ifMatch: 1 })).status).toBe(200);
    expect(await eve.ask("GET", there)).toMatchObject({ body: { ...said, version: 2 } });
    expect((await eve.ask("PATCH", there, { body: { default: "far too long" }, ifMatch: 2 })).status).toBe(422);
    expect((await eve.ask("PATCH", there, { body: { default: "short", enabled: true }, ifMatch: 2 })).status).toBe(200);
    const refused = await eve.ask("PATCH", here, { body: { type: "number", default: 1, schema: null }, ifMatch: 2 });
    expect(refused).toMatchObject({
      status: 422,
      body: { refusals: [{ code: "invalid_field", field: "environments.staging.default" }] },
    });
    const narrow = await eve.ask("PATCH", here, { body: { schema: { enum: ["grey"] } }, ifMatch: 2 });
    expect(narrow).toMatchObject({ status: 422, body: { refusals: [{ field: "environments.staging.default" }] } });
  });

  it("is held to the values of all of them by files, too", async () => {
    const { id } = await madeFlag("filed");
    const there = `/v1/flags/${id}?environment=staging`;
    const on = { enabled: true, default: "blue" };
    expect((await eve.ask("PATCH", there, { body: on, ifMatch: 1 })).status).toBe(200);
    const text = "flags: [{ key: filed, type: string, default: grey, schema: { enum: [grey] } }]";
    expect(await admin.ask("POST", "/v1/definitions", { body: { text, apply: true } })).toMatchObject({
      status: 422,
      body: { refusals: [{ code: "invalid_field", field: "flags.filed.environments.staging.default" }] },
    });
  });

  it("is archived and removed in all of them, unless an experiment needs it in one", async () => {
    const { id } = await madeFlag("old");
    const here = `/v1/flags/${id}`;
    const there = `${here}?environment=staging`;
    const body = { key: "try", flag_id: id };
    expect((await eve.ask("POST", "/v1/experiments?environment=staging", { body })).status).toBe(201);
    expect((await eve.ask("POST", `${here}/archive`, { ifMatch: "*" })).status).toBe(200);
    expect(await eve.ask("GET", there)).toMatchObject({ body: { archived_at: expect.any(String) as unknown } });
    expect((await eve.ask("PATCH", there, { body: { enabled: true }, ifMatch: 2 })).status).toBe(422);
    expect(await admin.ask("DELETE", here, { ifMatch: "*" })).toMatchObject({
      status: 409,
      body: { refusals: [{ by: ["try (staging)"] }] },
    });
  });

  it("takes part in experiments, and subjects have limits, in each apart", async () => {
    const { id } = await madeFlag("tried");
    const experiments = await Promise.all(
      ["", "?environment=staging"].map(async (query) => {
        const asked = await eve.ask("POST", `/v1/experiments${query}`, { body: { key: "same-key", flag_id: id } });
        expect(asked.status).toBe(201);
        return (asked.body as { readonly id: string }).id;
      }),
    );
    const environments = [DEFAULT_ENVIRONMENT_ID, staging.id];
    for (const [index, environmentId] of environments.entries()) {
      const { experiments: all, flags, revision } = await server.store.load(environmentId);
      const running = all
        .filter((each) => each.id === experiments[index])
        .map((each) => ({
          ...each,
          status: "running" as const,
          trafficAllocation: 10_000,
          variants: [
            { id: `${each.id.slice(0, -4)}aaaa`, name: "a", value: `${index}`, weight: 10_000, isControl: true },
          ],
        }));
      const enabled = flags.filter((flag) => flag.id === id).map((flag) => ({ ...flag, enabled: true }));
      const next = await server.store.apply(environmentId, { putExperiments: running, putFlags: enabled }, revision);
      server.notice(next, environmentId);
      await server.snapshots.refresh(environmentId);
    }
    const here = await decided("tried", "", "bea");
    const there = await decided("tried", "?environment=staging", "bea");
    expect([here.value, here.experiment_id]).toEqual(["0", experiments[0]]);
    expect([there.value, there.experiment_id]).toEqual(["1", experiments[1]]);
    for (const [index, query] of ["?", "?environment=staging&"].entries()) {
      const page = await eve.ask("GET", `/v1/subjects${query}subject_id=bea`);
      const { assignments } = page.body as { readonly assignments: readonly { readonly experiment_id: string }[] };
      expect(assignments.map((each) => each.experiment_id)).toEqual([experiments[index]]);
      const found = await eve.ask("GET", `/v1/decisions/${here.decision_id}${query.slice(0, -1)}`);
      expect(found.status).toBe(index === 0 ? 200 : 404);
    }
    // A history of its own: what staging knows does not count towards the limit here.
    expect(await server.store.history.load(staging.id, "bea")).toHaveLength(1);
  });
});

describe("a key", () => {
  it("works in its environment without naming it, and in no other", async () => {
    await madeFlag("keyed", { rules: [{ rule: null, value: "here" }] });
    const [here, there] = [await server.key("experimenter"), await server.key("experimenter", "staging")];
    const body = { flag: "keyed", subject_id: "ada" };
    expect(await withKey(here, "/v1/decide", body)).toMatchObject({ body: { value: "here" } });
    expect(await withKey(there, "/v1/decide", body)).toMatchObject({ body: { value: "grey" } });
    expect(await withKey(there, "/v1/decide?environment=staging", body)).toMatchObject({ body: { value: "grey" } });
    for (const query of ["?environment=production", "?environment=nowhere"]) {
      expect(await withKey(there, `/v1/decide${query}`, body)).toMatchObject({
        status: 403,
        body: { code: "forbidden", detail: expect.stringContaining("environment") as unknown },
      });
    }
    const twice = "?environment=staging&environment=staging";
    expect((await withKey(there, `/v1/decide${twice}`, body)).status).toBe(400);
    expect((await eve.ask("POST", "/v1/decide?environment=nowhere", { body })).status).toBe(404);
  });

  it("of another environment than production leaves alone what flags are everywhere", async () => {
    const { id } = await madeFlag("guarded");
    const there = await server.key("experimenter", "staging");
    const patch = async (edit: unknown): Promise<number> => {
      const response = await fetch(`${server.url}/v1/flags/${id}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${there}`, "content-type": "application/json", "if-match": '"1"' },
        body: JSON.stringify(edit),
      });
      return response.status;
    };
    expect(await patch({ description: "mine now" })).toBe(403);
    expect(await patch({ type: "json" })).toBe(403);
    expect(await patch({ enabled: true, default: "blue" })).toBe(200);
    expect((await withKey(there, "/v1/environments")).status).toBe(403);
    const admins = await server.key("admin", "staging");
    const file = (said: string): object => ({
      text: `flags: [{ key: guarded, type: string, default: blue ${said} }]`,
      apply: true,
    });
    expect((await withKey(admins, "/v1/definitions", file(", owner: mine now"))).status).toBe(403);
    expect(await withKey(admins, "/v1/definitions", file(""))).toMatchObject({ status: 200 });
  });
});

describe("all other doors", () => {
  it("have an environment as well: explanations, OFREP, the snapshot and the streams", async () => {
    await madeFlag("doors", { rules: [{ rule: null, value: "here" }] });
    const there = "?environment=staging";
    const explained = await eve.ask("POST", `/v1/explain${there}`, { body: { flag: "doors", subject_id: "ada" } });
    expect(explained).toMatchObject({ status: 200, body: { reason: "flag_disabled", value: "grey" } });
    const context = { targetingKey: "ada" };
    const evaluated = await eve.ask("POST", `/ofrep/v1/evaluate/flags/doors${there}`, { body: { context } });
    expect(evaluated).toMatchObject({ status: 200, body: { value: "grey" } });
    const bulk = await eve.ask("POST", `/ofrep/v1/evaluate/flags${there}`, { body: { context } });
    expect(bulk).toMatchObject({
      body: { eventStreams: [{ endpoint: { requestUri: "/ofrep/v1/stream?environment=staging" } }] },
    });
    const snapshots = await Promise.all(["", there].map((query) => eve.ask("GET", `/v1/snapshot${query}`)));
    expect(snapshots.map(({ body }) => body)).toMatchObject([
      { environment_id: DEFAULT_ENVIRONMENT_ID },
      { environment_id: staging.id },
    ]);
    expect(new Set(snapshots.map(({ headers }) => headers.get("etag"))).size).toBe(2);
  });

  it("tell each stream of its own environment", async () => {
    const { id } = await madeFlag("streamed");
    const key = await server.key("experimenter", "staging");
    const heard: string[] = [];
    const source = new EventSource(`${server.url}/v1/stream`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } }),
    });
    source.addEventListener("configuration_changed", ({ data }) => heard.push(String(data)));
    const { revision } = await server.store.load(staging.id);
    await expect.poll(() => heard).toEqual([JSON.stringify({ environment: "staging", revision })]);
    await eve.ask("POST", `/v1/flags/${id}/disable`);
    await eve.ask("POST", `/v1/flags/${id}/enable?environment=staging`, { ifMatch: "*" });
    await expect.poll(() => heard.at(-1)).toBe(JSON.stringify({ environment: "staging", revision: revision + 1 }));
    expect(heard).toHaveLength(2);
    source.close();
  });
});
