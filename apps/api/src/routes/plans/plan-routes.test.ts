import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { sampleMetric } from "@lotty/testkit/suites/metric-catalogue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveControl, type ServedControl } from "../../testing/serve-control.ts";
import type { Asked, PersonForTest } from "../../testing/person-for-test.ts";

describe("analysis plans over HTTP", () => {
  let server: ServedControl;
  let eve: PersonForTest;
  let path: string;
  beforeAll(async () => {
    server = await serveControl();
    eve = await server.person("eve", ["experimenter"]);
    const metric = sampleMetric({ key: "orders" });
    const actor = { id: "eve", name: "eve", roles: [], kind: "user", from: null } as const;
    const entity = { kind: "metric", id: metric.id, key: metric.key } as const;
    const draft = { action: "metric.create", entity, before: null, after: null };
    const audit = plainAuditLinker([draft], { actor, at: 1, environmentId: DEFAULT_ENVIRONMENT_ID });
    const { revision } = await server.controlStore.load(DEFAULT_ENVIRONMENT_ID);
    await server.controlStore.commit(DEFAULT_ENVIRONMENT_ID, { putMetrics: [metric], audit }, revision);
    const made = await eve.ask("POST", "/v1/flags", { body: { key: "button", type: "string", default: "grey" } });
    const experiment = { key: "green", flag_id: idOf(made) };
    path = `/v1/experiments/${idOf(await eve.ask("POST", "/v1/experiments", { body: experiment }))}/plan`;
  });
  afterAll(() => server.close(0));

  it("are made, read back with their version, and replaced for a version", async () => {
    expect((await eve.ask("GET", path)).status).toBe(404);
    const plan = { primary: ["orders"], minimum_effect: 0.02, looking: "fixed" };
    const made = await eve.ask("PUT", path, { body: plan, ifMatch: "*" });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({ minimum_effect: 0.02, looking: "fixed", version: 1, deviations: [] });
    const found = await eve.ask("GET", path);
    expect(found.body).toStrictEqual(made.body);
    expect(found.headers.get("etag")).toBe('"1"');
    expect((await eve.ask("PUT", path, { body: { ...plan, alpha: 0.1 }, ifMatch: 9 })).status).toBe(412);
    const changed = await eve.ask("PUT", path, { body: { ...plan, alpha: 0.1 }, ifMatch: 1 });
    expect(changed.body).toMatchObject({ alpha: 0.1, version: 2 });
  });

  it("are refused by the field that is wrong, in the words of the wire", async () => {
    const refused = await eve.ask("PUT", path, { body: { primary: ["orders"], minimum_effect: -1 }, ifMatch: "*" });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ refusals: [{ code: "invalid_field", field: "minimum_effect" }] });
    expect((await eve.ask("PUT", path, { body: { primary: "orders" }, ifMatch: "*" })).status).toBe(400);
  });
});

function idOf({ body }: Asked): string {
  if (typeof body === "object" && body !== null && "id" in body) return String(body.id);
  throw new Error(JSON.stringify(body));
}
