import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Asked, PersonForTest } from "../../testing/person-for-test.ts";
import { type ServedControl, serveControl } from "../../testing/serve-control.ts";

let server: ServedControl;
let root: PersonForTest;
let eve: PersonForTest;
let vic: PersonForTest;

beforeAll(async () => {
  server = await serveControl();
  root = await server.person("root", ["admin"]);
  eve = await server.person("eve", ["experimenter"]);
  vic = await server.person("vic", ["viewer"]);
});
afterAll(() => server.close(0));

const body = { name: "chat", url: "https://hooks.example.com/T0/secret-part", format: "slack" };

function made(asked: Asked): { readonly id: string } {
  expect(asked.status).toBe(201);
  return asked.body as { readonly id: string };
}

describe("/v1/webhooks", () => {
  it("shows a secret once, and addresses without what lets others post there", async () => {
    const created = await root.ask("POST", "/v1/webhooks", { body });
    const { id } = made(created);
    expect(created.headers.get("location")).toBe(`/v1/webhooks/${id}`);
    expect(created.headers.get("etag")).toBe('"1"');
    expect(created.body).toMatchObject({
      name: "chat",
      url: "https://hooks.example.com/…",
      secret: expect.stringMatching(/^whsec_/),
    });
    const found = await vic.ask("GET", `/v1/webhooks/${id}`);
    expect(found).toMatchObject({ status: 200, body: { id, disabled: false, version: 1 } });
    const everything = JSON.stringify([found.body, (await vic.ask("GET", "/v1/webhooks")).body]);
    expect(everything).not.toMatch(/secret-part|whsec|plain\./);
  });

  it("are for admins to change", async () => {
    const { id } = made(await root.ask("POST", "/v1/webhooks", { body: { ...body, name: "changed" } }));
    const path = `/v1/webhooks/${id}`;
    expect((await eve.ask("PATCH", path, { body: { disabled: true }, ifMatch: 1 })).status).toBe(403);
    expect((await root.ask("PATCH", path, { body: { disabled: true } })).status).toBe(428);
    expect(await root.ask("PATCH", path, { body: { disabled: true }, ifMatch: 1 })).toMatchObject({
      status: 200,
      body: { disabled: true, version: 2 },
    });
    const inside = { body: { url: "https://169.254.169.254/" }, ifMatch: 2 };
    expect(await root.ask("PATCH", path, inside)).toMatchObject({
      status: 422,
      body: { code: "invalid_field", refusals: [{ field: "url" }] },
    });
    const rotated = await root.ask("POST", `${path}/rotate-secret`, { ifMatch: 2 });
    expect(rotated).toMatchObject({ status: 200, body: { secret: expect.any(String), version: 3 } });
    expect((await root.ask("DELETE", path, { ifMatch: 3 })).status).toBe(204);
    expect((await root.ask("GET", path)).status).toBe(404);
  });
});

describe("/v1/notification-rules", () => {
  it("are made and changed by experimenters", async () => {
    const webhook = made(await root.ask("POST", "/v1/webhooks", { body: { ...body, name: "ruled" } }));
    const rule = { name: "guardrails", kinds: ["guardrail.fired"], webhook_ids: [webhook.id], digest_minutes: 5 };
    const { id } = made(await eve.ask("POST", "/v1/notification-rules", { body: rule }));
    const path = `/v1/notification-rules/${id}`;
    expect(await vic.ask("GET", path)).toMatchObject({
      status: 200,
      body: { ...rule, enabled: true, experiment_ids: [], tags: [], max_per_hour: null, version: 1 },
    });
    expect(await eve.ask("PATCH", path, { body: { max_per_hour: 3 }, ifMatch: 1 })).toMatchObject({
      status: 200,
      body: { max_per_hour: 3, version: 2 },
    });
    expect(await eve.ask("PATCH", path, { body: { webhook_ids: [] }, ifMatch: 2 })).toMatchObject({
      status: 422,
      body: { refusals: [{ field: "webhook_ids" }] },
    });
    expect((await eve.ask("POST", "/v1/notification-rules", { body: { ...rule, kinds: ["x"] } })).status).toBe(400);
    expect((await root.ask("DELETE", `/v1/webhooks/${webhook.id}`, { ifMatch: 1 })).body).toMatchObject({
      code: "in_use",
      refusals: [{ by: ["guardrails"] }],
    });
    expect((await vic.ask("DELETE", path, { ifMatch: 2 })).status).toBe(403);
    expect((await eve.ask("DELETE", path, { ifMatch: 2 })).status).toBe(204);
    expect(await eve.ask("GET", "/v1/notification-rules")).toMatchObject({ body: { rules: [] } });
  });
});

describe("/v1/deliveries", () => {
  it("tell what became of a message, page by page, and are made again", async () => {
    const { id } = made(await root.ask("POST", "/v1/webhooks", { body: { ...body, name: "tested" } }));
    const test = await root.ask("POST", `/v1/webhooks/${id}/test`);
    expect(test).toMatchObject({ status: 202, body: { status: "pending", webhook_id: id, attempts: [] } });
    const path = test.headers.get("location") ?? "";
    await root.ask("POST", `/v1/webhooks/${id}/test`);
    expect((await vic.ask("GET", path)).status).toBe(403);
    expect(await eve.ask("GET", path)).toMatchObject({ status: 200, body: test.body });
    const first = await eve.ask("GET", `/v1/deliveries?webhook_id=${id}&limit=1`);
    const { next_cursor: cursor } = first.body as { readonly next_cursor: string };
    const rest = await eve.ask("GET", `/v1/deliveries?webhook_id=${id}&limit=1&cursor=${cursor}`);
    expect(rest.body).toStrictEqual({ deliveries: [test.body], next_cursor: null });

    const { notifications } = server.controlStore;
    const stored = await notifications.delivery(DEFAULT_ENVIRONMENT_ID, path.split("/").at(-1) ?? "");
    await notifications.settle(DEFAULT_ENVIRONMENT_ID, { ...stored!, status: "failed" }, null);
    expect(await eve.ask("GET", "/v1/deliveries?status=failed")).toMatchObject({ body: { deliveries: [{}] } });
    const replay = await root.ask("POST", `${path}/replay`);
    expect(replay).toMatchObject({ status: 202, body: { replay_of: stored?.id, status: "pending" } });
    expect((replay.body as { message_id: string }).message_id).toBe((test.body as { message_id: string }).message_id);
    expect((await eve.ask("POST", `${path}/replay`)).status).toBe(403);
  });
});
