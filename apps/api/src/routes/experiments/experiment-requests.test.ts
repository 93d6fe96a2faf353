import type { ExperimentResponse, FlagResponse } from "@lotty/contracts";
import { systemClock } from "@lotty/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let admin: PersonForTest;
let flag: FlagResponse;

beforeAll(async () => {
  server = await serveControl({ allowSelfApproval: true });
  admin = await server.person("root", ["admin"]);
  const body = { key: "button", type: "string", default: "grey" };
  flag = (await admin.ask("POST", "/v1/flags", { body })).body as FlagResponse;
});

afterAll(() => server.close(0));

async function drafted(key: string, fields: object = {}): Promise<ExperimentResponse> {
  const body = { key, flag_id: flag.id, ...fields };
  const made = await admin.ask("POST", "/v1/experiments", { body });
  expect(made.status).toBe(201);
  return made.body as ExperimentResponse;
}

describe("POST /v1/experiments", () => {
  it.each([
    ["a status", { status: "running" }],
    ["a version", { version: 9 }],
    ["an id", { id: "00000000-0000-7000-8000-000000000001" }],
    ["authors", { authors: [] }],
    ["an approval", { reviews: [{ verdict: "approve" }] }],
    ["a prototype", JSON.parse('{"__proto__": {"status": "running"}}') as object],
    ["fields of the domain", { trafficAllocation: 10_000 }],
  ])("takes no %s", async (_what, fields) => {
    const sent = { key: "x", flag_id: flag.id };
    for (const name of Object.keys(fields)) {
      Object.defineProperty(sent, name, { value: Reflect.get(fields, name), enumerable: true });
    }
    const before = server.controlStore.entries.length;
    const refused = await admin.ask("POST", "/v1/experiments", { body: sent });
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(server.controlStore.entries.length).toBe(before);
  });

  it("tells all that is wrong at once, and repeats nothing", async () => {
    const body = { key: 7, variants: [{ name: "a", value: 1, weight: "0.001" }], traffic_allocation: "secret" };
    const refused = await admin.ask("POST", "/v1/experiments", { body });
    const { errors } = refused.body as { readonly errors: readonly { readonly path: string }[] };
    expect(errors.map(({ path }) => path).toSorted()).toEqual([
      "/flag_id",
      "/key",
      "/traffic_allocation",
      "/variants/0/weight",
    ]);
    expect(JSON.stringify(refused.body)).not.toContain("secret");
  });

  it.each([
    ["deeper than the limit", `${"[".repeat(30)}${"]".repeat(30)}`],
    ["with a character that cannot be stored", JSON.stringify({ a: ["\0"] })],
    ["with half of a surrogate pair", '"\\ud800"'],
  ])("refuses a value %s", async (_what, text) => {
    const value: unknown = JSON.parse(text);
    const body = { key: "x", flag_id: flag.id, variants: [{ name: "a", value, weight: 1 }] };
    const refused = await admin.ask("POST", "/v1/experiments", { body });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: "/variants/0/value" }] } });
  });

  it("refuses a key that is taken, and a flag that is not there", async () => {
    await drafted("taken");
    const again = await admin.ask("POST", "/v1/experiments", { body: { key: "taken", flag_id: flag.id } });
    expect(again).toMatchObject({ status: 409, body: { code: "key_taken" } });
    const flag_id = "00000000-0000-7000-8000-00000000ffff";
    const lost = await admin.ask("POST", "/v1/experiments", { body: { key: "lost", flag_id } });
    expect(lost).toMatchObject({ status: 404, body: { code: "not_found" } });
  });
});

describe("PATCH /v1/experiments/{experiment_id}", () => {
  it("needs the version that was seen, and refuses another", async () => {
    const { id } = await drafted("patched");
    const path = `/v1/experiments/${id}`;
    const body = { owner: "me" };
    for (const ifMatch of [undefined, "*"]) {
      const asked = await admin.ask("PATCH", path, { body, ...(ifMatch !== undefined && { ifMatch }) });
      expect(asked).toMatchObject({ status: 428, body: { code: "precondition_required" } });
    }
    expect((await admin.ask("PATCH", path, { body, ifMatch: "7" })).status).toBe(400);
    expect((await admin.ask("PATCH", path, { body, ifMatch: 'W/"1"' })).status).toBe(400);
    const edited = await admin.ask("PATCH", path, { body, ifMatch: 1 });
    expect(edited).toMatchObject({ status: 200, body: { owner: "me", version: 2 } });
    expect(edited.headers.get("etag")).toBe('"2"');
    const late = await admin.ask("PATCH", path, { body: { owner: "you" }, ifMatch: 1 });
    expect(late).toMatchObject({ status: 412, body: { refusals: [{ expected: 1, current: 2 }] } });
    const same = await admin.ask("PATCH", path, { body, ifMatch: 2 });
    expect(same).toMatchObject({ status: 422, body: { code: "nothing_changed" } });
  });

  it("names fields as requests do", async () => {
    const { id } = await drafted("named");
    const refused = await admin.ask("PATCH", `/v1/experiments/${id}`, { body: { planned_days: 0 }, ifMatch: 1 });
    expect(refused).toMatchObject({ status: 422, body: { refusals: [{ field: "planned_days" }] } });
  });
});

describe("an edit of a running experiment that moves subjects", () => {
  it("shows who would move, and takes a confirmation", async () => {
    const variants = [
      { name: "control", value: "grey", weight: "1.00", is_control: true },
      { name: "green", value: "green", weight: "1.00", is_control: false },
    ];
    const facts = { hypothesis: "h", owner: "o", planned_days: 1, sticky_assignment: false };
    let { id, version } = await drafted("moving", { variants, traffic_allocation: 100, ...facts });
    const path = `/v1/experiments/${id}`;
    const act = async (action: string, body?: unknown): Promise<number> => {
      const asked = await admin.ask("POST", `${path}/${action}`, { ifMatch: version, body: body ?? {} });
      if (asked.status === 200) ({ id, version } = asked.body as ExperimentResponse);
      return asked.status;
    };
    for (const action of ["submit", "approve", "start"]) expect(await act(action)).toBe(200);
    const lastDecidedAt = systemClock.now();
    server.subjects.record(
      "button",
      Array.from({ length: 40 }, (_, index) => ({
        subject: { id: `s${index}`, attributes: {} },
        history: [],
        lastDecidedAt,
      })),
    );
    const edit = { traffic_allocation: "0.00" };
    const preview = await admin.ask("POST", `${path}/preview`, { body: edit });
    expect(preview).toMatchObject({ status: 200, body: { subjects: 40, moved: 40 } });
    expect(preview.body).toMatchObject({
      cells: expect.arrayContaining([
        expect.objectContaining({
          moves: true,
          from: expect.objectContaining({ reason: "experiment_assigned", variant_name: "green" }),
          to: expect.objectContaining({ reason: "outside_traffic_allocation", value: "grey" }),
        }),
      ]),
    });
    expect((await admin.ask("PATCH", path, { body: { traffic_allocation: "10.00" }, ifMatch: version })).status).toBe(
      200,
    );
    version += 1;
    expect(await act("approve")).toBe(200);
    const unconfirmed = await admin.ask("POST", `${path}/apply-edit`, { ifMatch: version });
    expect(unconfirmed).toMatchObject({
      status: 409,
      body: { code: "confirmation_required", refusals: [{ preview: { subjects: 40 } }] },
    });
    expect(await act("apply-edit", { confirm: true })).toBe(200);
  });
});

describe("GET /v1/experiments", () => {
  it("lists by flag and status, page by page", async () => {
    for (const key of ["p1", "p2", "p3"]) await drafted(key);
    const found: string[] = [];
    let query: string | null = "";
    while (query !== null) {
      const asked = await admin.ask("GET", `/v1/experiments?status=draft&flag_id=${flag.id}&limit=2${query}`);
      const page = asked.body as { experiments: ExperimentResponse[]; next_cursor: string | null };
      found.push(...page.experiments.map(({ key }) => key));
      query = page.next_cursor === null ? null : `&cursor=${page.next_cursor}`;
    }
    const { experiments } = await server.controlStore.load("00000000-0000-7000-8000-000000000001");
    expect(found).toEqual(experiments.filter(({ status }) => status === "draft").map(({ key }) => key));
    expect((await admin.ask("GET", "/v1/experiments?status=unknown")).status).toBe(400);
    expect((await admin.ask("GET", "/v1/experiments?place=test")).status).toBe(400);
  });
});

describe("DELETE /v1/experiments/{experiment_id}", () => {
  it("removes what never ran", async () => {
    const { id } = await drafted("gone");
    expect((await admin.ask("DELETE", `/v1/experiments/${id}`)).status).toBe(428);
    expect((await admin.ask("DELETE", `/v1/experiments/${id}`, { ifMatch: "*" })).status).toBe(204);
    expect((await admin.ask("GET", `/v1/experiments/${id}`)).status).toBe(404);
  });
});
