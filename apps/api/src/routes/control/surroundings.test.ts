import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

async function made(path: string, body: unknown): Promise<string> {
  const asked = await eve.ask("POST", path, { body });
  expect(asked.status).toBe(201);
  const { id } = asked.body as { readonly id: string };
  expect(asked.headers.get("location")).toBe(`${path}/${id}`);
  return id;
}

describe("/v1/segments", () => {
  it("are made, changed by those who have seen them, and removed when nothing asks for them", async () => {
    const id = await made("/v1/segments", { key: "germans", rule: 'country == "DE"' });
    const path = `/v1/segments/${id}`;
    expect(await eve.ask("GET", "/v1/segments")).toMatchObject({ body: { segments: [{ id, version: 1 }] } });
    const rule = 'country IN ["DE", "AT"]';
    expect((await eve.ask("PATCH", path, { body: { rule } })).status).toBe(428);
    expect(await eve.ask("PATCH", path, { body: { rule }, ifMatch: 1 })).toMatchObject({
      status: 200,
      body: { rule, version: 2 },
    });
    expect((await eve.ask("PATCH", path, { body: { rule, key: "x" }, ifMatch: 2 })).status).toBe(400);
    expect((await eve.ask("PATCH", path, { body: { rule: "country ==" }, ifMatch: 2 })).status).toBe(422);
    expect((await eve.ask("PATCH", path, { body: { rule: "x == 1" }, ifMatch: 1 })).status).toBe(412);
    const rules = [{ rule: 'IN SEGMENT "germans"', value: true }];
    await made("/v1/flags", { key: "asks", type: "boolean", default: false, rules });
    expect(await eve.ask("DELETE", path, { ifMatch: 2 })).toMatchObject({
      status: 409,
      body: { code: "in_use", refusals: [{ by: ["asks"] }] },
    });
    const other = await made("/v1/segments", { key: "unused", rule: "" });
    expect((await eve.ask("DELETE", `/v1/segments/${other}`, { ifMatch: 1 })).status).toBe(204);
    expect((await eve.ask("GET", `/v1/segments/${other}`)).status).toBe(404);
  });
});

describe("/v1/domains", () => {
  it("have members with priorities, and tell what they cost them", async () => {
    const flagId = await made("/v1/flags", { key: "contested", type: "boolean", default: false });
    const [one, two, three] = await Promise.all(
      ["one", "two", "three"].map((key) => made("/v1/experiments", { key, flag_id: flagId })),
    );
    if (one === undefined || two === undefined || three === undefined) throw new Error("three were made");
    const members = [
      { experiment_id: one, priority: 1 },
      { experiment_id: two, priority: -2 },
    ];
    const id = await made("/v1/domains", { key: "checkout", members });
    const path = `/v1/domains/${id}`;
    expect(await eve.ask("GET", path)).toMatchObject({ status: 200, body: { key: "checkout", members } });
    expect((await eve.ask("PATCH", path, { body: { members: [...members, members[0]] } })).status).toBe(422);
    const renamed = await eve.ask("PATCH", path, { body: { key: "cart" } });
    expect(renamed).toMatchObject({ status: 200, body: { key: "cart", members } });

    const { experiments, revision } = await server.store.load(DEFAULT_ENVIRONMENT_ID);
    const running = experiments.map((each) => ({ ...each, status: "running" as const, version: 2 }));
    await server.store.apply(DEFAULT_ENVIRONMENT_ID, { putExperiments: running }, revision);
    server.sharedSubjects.experiments = [
      { experimentId: one, assigned: 100 },
      { experimentId: two, assigned: 50 },
      { experimentId: three, assigned: 10 },
    ];
    server.sharedSubjects.pairs = [
      { experimentIds: [one, two], subjects: 5 },
      { experimentIds: [one, three], subjects: 10 },
    ];
    server.sharedSubjects.losses = [
      { domainId: id, loserId: two, winnerId: one, subjects: 50 },
      { domainId: "00000000-0000-7000-8000-00000000ffff", loserId: three, winnerId: one, subjects: 1 },
    ];
    expect(await eve.ask("GET", `${path}/overlap?days=7`)).toMatchObject({
      status: 200,
      body: {
        pairs: [{ experiment_ids: [one, two], subjects: 5, shares: [0.05, 0.1] }],
        costs: [{ experiment_id: two, lost: 50, share: 0.5, to: [{ experiment_id: one, subjects: 50 }] }],
      },
    });
    expect((await eve.ask("DELETE", path)).status).toBe(204);
    expect((await eve.ask("GET", `${path}/overlap`)).status).toBe(404);
  });
});

describe("/v1/approver-groups", () => {
  const uuid = "00000000-0000-7000-8000-00000000000a";
  const group = { name: "web", experimenters: [uuid], approvers: [uuid], minimum: 1 };

  it("are kept by admins, and cannot lock anybody out", async () => {
    const asked = await admin.ask("POST", "/v1/approver-groups", { body: group });
    const { id } = asked.body as { readonly id: string };
    const path = `/v1/approver-groups/${id}`;
    expect(await eve.ask("GET", path)).toMatchObject({ status: 200, body: group });
    expect(await admin.ask("PUT", path, { body: { ...group, minimum: 2 } })).toMatchObject({
      status: 422,
      body: { refusals: [{ code: "invalid_field", field: "minimum" }] },
    });
    expect(await admin.ask("PUT", path, { body: { ...group, name: "apps" } })).toMatchObject({
      status: 200,
      body: { id, name: "apps" },
    });
    expect((await admin.ask("PUT", path, { body: { ...group, id: uuid } })).status).toBe(400);
    expect((await admin.ask("POST", "/v1/approver-groups", { body: { ...group, approvers: ["ann"] } })).status).toBe(
      400,
    );
    expect((await eve.ask("DELETE", path)).status).toBe(403);
    expect((await admin.ask("DELETE", path)).status).toBe(204);
    expect((await admin.ask("DELETE", path)).status).toBe(404);
  });
});

describe("an experiment or flag", () => {
  it("that is not there is not found under any name", async () => {
    for (const id of ["__proto__", "constructor", "..%2f", "00000000-0000-7000-8000-00000000FFFF"]) {
      for (const kind of ["flags", "experiments", "segments", "domains", "approver-groups"]) {
        expect([kind, id, (await eve.ask("GET", `/v1/${kind}/${id}`)).status]).toEqual([kind, id, 404]);
      }
    }
  });
});
