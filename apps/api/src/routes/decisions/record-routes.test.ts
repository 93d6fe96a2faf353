import type { IncomingMessage } from "node:http";
import type { DecisionResponse, RecordsResponse } from "@lotty/contracts";
import { type Caller, LOCAL_CALLER, personCaller } from "@lotty/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_FILE } from "../../testing/demo-file.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

let server: ServedConfiguration;

beforeAll(async () => {
  const admin = personCaller({ id: "00000000-0000-7000-8000-000000000009", name: "grace", roles: ["admin"] });
  // Whoever says so is the admin here.
  const identify = ({ headers }: IncomingMessage): Caller => (headers["x-admin"] === undefined ? LOCAL_CALLER : admin);
  server = await serveConfiguration(DEMO_FILE, { authenticator: { identify } });
});

afterAll(() => server.close(0));

async function ask(path: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${server.url}${path}`, init);
  return { status: response.status, body: await response.json() };
}

function post(path: string, body: unknown): ReturnType<typeof ask> {
  return ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function decided(subjectId: string, flag: string): Promise<DecisionResponse> {
  const { body } = await post("/v1/decide", { flag, subject_id: subjectId, attributes: { country: "DE" } });
  return body as DecisionResponse;
}

/** The parameters as they go into an address. */
function query(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}

const FLAG = "checkout";
const STRANGE = "a/b?c=d&e%2F é\u{1f600}";

describe("GET /v1/decisions/{decision_id}", () => {
  it("shows a decision as it was recorded", async () => {
    const { decision_id: id, ...answer } = await decided("ada", FLAG);
    expect(await ask(`/v1/decisions/${id}`)).toMatchObject({
      status: 200,
      body: {
        decision_id: id,
        flag: FLAG,
        subject_id: "ada",
        reason: answer.reason,
        value: answer.value,
        rule_id: null,
      },
    });
  });

  it.each(["00000000-0000-7000-8000-000000000000", "nothing", "__proto__"])("has nothing at %s", async (id) => {
    expect(await ask(`/v1/decisions/${id}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
  });
});

describe("GET /v1/decisions", () => {
  it("lists the decisions of any subject, flag and experiment page by page, newest first", async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.unshift((await decided(STRANGE, FLAG)).decision_id);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const parameters = { subject_id: STRANGE, flag: FLAG, limit: "2", ...(cursor !== "" && { cursor }) };
      const { body, status } = await ask(`/v1/decisions?${query(parameters)}`);
      expect(status).toBe(200);
      const page = body as RecordsResponse;
      expect(page.decisions.length).toBeLessThanOrEqual(2);
      found.push(...page.decisions.map((each) => each.decision_id));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(made);
    const { body } = await ask(
      `/v1/decisions?${query({ experiment_id: (await decided("ada", FLAG)).experiment_id ?? "" })}`,
    );
    expect((body as RecordsResponse).decisions.length).toBeGreaterThanOrEqual(6);
  });

  it("keeps to the span", async () => {
    await decided("early", FLAG);
    const past = { from: "2020-01-01T00:00:00Z", to: "2021-01-01T00:00:00Z", subject_id: "early" };
    expect(await ask(`/v1/decisions?${query(past)}`)).toEqual({
      status: 200,
      body: { decisions: [], next_cursor: null },
    });
  });

  it.each([
    [{ limit: "0" }, "/limit"],
    [{ limit: "501" }, "/limit"],
    [{ limit: "1e2" }, "/limit"],
    [{ from: "yesterday" }, "/from"],
    [{ from: "2021-01-01T00:00:00Z", to: "2020-01-01T00:00:00Z" }, "/from"],
    [{ cursor: "00000000-0000-7000-8000-000000000000" }, "/cursor"],
    [{ experiment_id: "x" }, "/experiment_id"],
    [{ subject_id: "" }, "/subject_id"],
    [{ before: "x" }, "/before"],
    [{ __proto__x: "x" }, "/__proto__x"],
  ])("refuses %j", async (parameters, path) => {
    const { body, status } = await ask(`/v1/decisions?${query(parameters)}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { code: "invalid_request", errors: [{ path }] } });
  });

  it.each(["subject_id=a&subject_id=b", "subject_id=%ff", "subject_id=%", "__proto__=x"])(
    "refuses ?%s",
    async (text) => {
      expect(await ask(`/v1/decisions?${text}`)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    },
  );
});

describe("POST /v1/decisions/{decision_id}/replay", () => {
  it("comes out identical with the attributes of the decision, and says what is missing without", async () => {
    const { decision_id: id } = await decided("grace", FLAG);
    const path = `/v1/decisions/${id}/replay`;
    expect(await post(path, { attributes: { country: "DE" } })).toEqual({
      status: 200,
      body: { decision_id: id, status: "identical", revision: 1, basis: "computed" },
    });
    expect(await post(path, {})).toMatchObject({ body: { status: "not_checkable", missing: "attributes" } });
    expect(await post(path, { attributes: { country: "FR" } })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
    expect(await post(path, { attributes: [] })).toMatchObject({ status: 400 });
    expect(await post("/v1/decisions/00000000-0000-7000-8000-000000000000/replay", {})).toMatchObject({ status: 404 });
  });
});

describe("/v1/subjects", () => {
  it("shows how a subject stands, also one that nobody has seen", async () => {
    const { experiment_id: experimentId } = await decided(STRANGE, FLAG);
    const { body } = await ask(`/v1/subjects?${query({ subject_id: STRANGE })}`);
    expect(body).toMatchObject({
      subject_id: STRANGE,
      assignments: [{ experiment_id: experimentId, flag: FLAG, status: "running" }],
      participation: { limit: 3, taken: [{ experiment_id: experimentId }] },
      cooldown: { days: 7, free_at: null, cooling: [] },
      erasures: [],
    });
    expect(await ask("/v1/subjects?subject_id=nobody")).toMatchObject({
      status: 200,
      body: { assignments: [], last_decisions: [] },
    });
    expect(await ask("/v1/subjects")).toMatchObject({ status: 400, body: { errors: [{ path: "/subject_id" }] } });
  });

  it("erases a subject, again if need be, and nobody else", async () => {
    const { decision_id: id } = await decided("x/y", FLAG);
    const { decision_id: other } = await decided("x", FLAG);
    const path = `/v1/subjects?${query({ subject_id: "x/y" })}`;
    expect(await ask(path, { method: "DELETE" })).toMatchObject({ status: 401 });
    const erase = { method: "DELETE", headers: { "x-admin": "yes" } };
    expect(await ask(path, erase)).toMatchObject({
      status: 200,
      body: { decisions: 1, assignments: 1, erased_by: "grace" },
    });
    expect(await ask(path, erase)).toMatchObject({
      status: 200,
      body: { decisions: 0, assignments: 0 },
    });
    expect(await ask(path)).toMatchObject({ body: { assignments: [], last_decisions: [], erasures: { length: 2 } } });
    const anonymous: unknown = expect.stringMatching(/^erased:/);
    expect(await ask(`/v1/decisions/${id}`)).toMatchObject({
      body: { subject_id: anonymous, attributes_digest: null },
    });
    expect(await ask(`/v1/decisions/${other}`)).toMatchObject({ body: { subject_id: "x" } });
    expect(await post(`/v1/decisions/${id}/replay`, {})).toMatchObject({
      body: { status: "not_checkable", missing: "subject" },
    });
  });
});
