import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveControl, type ServedControl } from "../../testing/serve-control.ts";

let served: ServedControl;
let authorization: string;
beforeAll(async () => {
  served = await serveControl();
  authorization = `Bearer ${await served.key("experimenter")}`;
  await ask("POST", "/v1/event-types", { key: "purchase" });
});
afterAll(() => served.close(0));

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(`${served.url}${path}`, {
    method,
    headers: { authorization, "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

const REVENUE = {
  key: "revenue",
  name: "Revenue",
  definition: { kind: "sum", numerator: { event_type: "purchase", filter: 'country == "NO"' }, covariate_days: 14 },
};

describe("metrics", () => {
  it("are made, looked up, changed and archived, and keep their versions", async () => {
    const made = await ask("POST", "/v1/metrics", REVENUE);
    expect(made).toMatchObject({
      status: 201,
      body: {
        key: "revenue",
        name: "Revenue",
        version: 1,
        archived_at: null,
        definition: { kind: "sum", window_hours: 168, denominator: null, higher_is_better: true, covariate_days: 14 },
      },
    });
    const path = made.headers.get("location") ?? "";
    expect(made.headers.get("etag")).toBe('"1"');
    expect(await ask("GET", path)).toMatchObject({ status: 200, body: made.body });

    const definition = { ...REVENUE.definition, window_hours: 24 };
    const edited = await ask("PATCH", path, { definition, tags: ["money"] }, { "if-match": '"1"' });
    expect(edited).toMatchObject({
      status: 200,
      body: { version: 2, tags: ["money"], definition: { window_hours: 24 } },
    });
    const archived = await ask("PATCH", path, { archived: true }, { "if-match": '"2"' });
    expect(archived).toMatchObject({ status: 200, body: { version: 3, archived_at: expect.any(String) } });

    expect(await ask("GET", `${path}?version=1`)).toMatchObject({ status: 200, body: made.body });
    expect(await ask("GET", `${path}?version=9`)).toMatchObject({ status: 404 });
    expect(await ask("GET", "/v1/metrics")).toMatchObject({ status: 200, body: { metrics: [archived.body] } });
  });

  it("are refused where they cannot be measured, with the field that is wrong", async () => {
    const wrong = { key: "wrong", definition: { kind: "quantile", numerator: { event_type: "purchase" } } };
    expect(await ask("POST", "/v1/metrics", wrong)).toMatchObject({
      status: 422,
      body: { refusals: [{ code: "invalid_field", field: "definition.quantile" }] },
    });
    expect(await ask("POST", "/v1/metrics", { ...wrong, definition: { kind: "mode" } })).toMatchObject({ status: 400 });
  });

  it("are changed from the version that was seen only", async () => {
    const made = await ask("POST", "/v1/metrics", { ...REVENUE, key: "seen" });
    const path = made.headers.get("location") ?? "";
    expect(await ask("PATCH", path, { name: "Seen" })).toMatchObject({ status: 428 });
    expect(await ask("PATCH", path, { name: "Seen" }, { "if-match": '"7"' })).toMatchObject({ status: 412 });
  });
});
