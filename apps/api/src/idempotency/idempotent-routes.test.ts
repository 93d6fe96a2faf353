import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryIdempotencyStore } from "@lotty/testkit/fakes/memory-idempotency-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, describe, expect, it } from "vitest";
import { openPeople } from "../testing/people-for-test.ts";
import { ScriptedDecider } from "../testing/scripted-decider.ts";
import { serveForTest } from "../testing/serve-for-test.ts";

const people = await openPeople(
  { clock: new ManualClock(1_790_000_000_000_000), logger: new RecordingLogger() },
  { AUTHENTICATION: "required" },
);
const idempotency = new MemoryIdempotencyStore();
const server = await serveForTest({
  decider: new ScriptedDecider(),
  logger: new RecordingLogger(),
  authenticator: people.authenticator,
  identity: () => people.identity,
  idempotency,
});
const key = await people.key(["manage", "read"], { roles: ["admin"] });

afterAll(async () => {
  await server.close(0);
  await people.identity.close();
});

function post(path: string, body: unknown, idempotencyKey: string): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      "idempotency-key": idempotencyKey,
    },
    body: JSON.stringify(body),
  });
}

describe("POST /v1/users", () => {
  it("adds a person once, who is answered to a repetition as well", async () => {
    const eve = { name: "eve", password: "correct horse battery", roles: ["viewer"] };
    const first = await post("/v1/users", eve, "0123456789abcdef");
    const again = await post("/v1/users", eve, "0123456789abcdef");
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect(await again.json()).toEqual(await first.json());
    expect(idempotency.contents).not.toContain("horse");
    const other = await post("/v1/users", { ...eve, name: "mallory" }, "0123456789abcdef");
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "idempotency_key_reused" });
  });
});

describe("POST /v1/keys", () => {
  it("makes a key once; its secret is in the first answer, and kept nowhere", async () => {
    const asked = { name: "Once", type: "server", scopes: ["read"] };
    const before = (await people.identity.keys.list()).length;
    const first = (await (await post("/v1/keys", asked, "fedcba9876543210")).json()) as { readonly key: string };
    const again = await post("/v1/keys", asked, "fedcba9876543210");
    expect(first.key).toMatch(/^lotty_server_/);
    expect(await again.json()).toEqual({ ...first, key: null });
    expect(await people.identity.keys.list()).toHaveLength(before + 1);
    expect(idempotency.contents).toContain("Once");
    expect(idempotency.contents).not.toContain(first.key.slice(-40));
  });
});

describe("the description of the API", () => {
  it("tells which requests take a key, and none of them decides", async () => {
    const document: unknown = await (await fetch(`${server.url}/openapi.json`)).json();
    const idempotent = server.routes.filter((route) => route.idempotent === true);
    expect(idempotent.map(({ path }) => path)).toEqual(expect.arrayContaining(["/v1/users", "/v1/keys"]));
    expect(idempotent.map(({ method }) => method)).toEqual(idempotent.map(() => "POST"));
    expect(idempotent.map(({ path }) => path)).not.toContain("/v1/decide");
    for (const { path: mounted } of idempotent) {
      const path = mounted.replaceAll(/:(\w+)/g, "{$1}");
      expect(document).toHaveProperty(["paths", path, "post", "parameters"]);
      expect(document).toMatchObject({
        paths: {
          [path]: {
            post: {
              parameters: expect.arrayContaining([expect.objectContaining({ name: "Idempotency-Key" })]) as unknown[],
            },
          },
        },
      });
    }
  });
});
