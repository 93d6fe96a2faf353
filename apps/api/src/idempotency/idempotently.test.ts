import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { DEFAULT_ENVIRONMENT_ID, LottyError, MICROS_PER_DAY } from "@lotty/domain";
import { NOBODY, personCaller } from "@lotty/identity";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryIdempotencyStore } from "@lotty/testkit/fakes/memory-idempotency-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../http/answer.ts";
import { problemAnswer } from "../http/problem-answer.ts";
import { readJson } from "../http/read-json.ts";
import type { RouteHandler } from "../routing/route.ts";
import { idempotently } from "./idempotently.ts";

const KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324";
const ADA = personCaller({ id: "ada", name: "ada", roles: ["admin"] });
const BOB = personCaller({ id: "bob", name: "bob", roles: ["admin"] });

let store: MemoryIdempotencyStore;
let clock: ManualClock;
let logger: RecordingLogger;
let made: unknown[];

/** Makes something of every body, and numbers what it has made. */
const make: RouteHandler = async ({ request, requestId }): Promise<Answer> => {
  const body = await readJson(request);
  if (!body.ok) return problemAnswer(body.problem, requestId);
  made.push(body.value);
  return {
    status: 201,
    mediaType: "application/json",
    body: JSON.stringify({ number: made.length }),
    headers: { location: `/made/${made.length}` },
  };
};

beforeEach(() => {
  store = new MemoryIdempotencyStore();
  clock = new ManualClock(1_790_000_000_000_000);
  logger = new RecordingLogger();
  made = [];
});

interface Sending {
  readonly handler?: RouteHandler;
  readonly key?: string | null;
  readonly body?: string;
  readonly caller?: typeof ADA;
  readonly url?: string;
}

async function send({ body = '{"name":"x"}', caller = ADA, handler = make, key = KEY, url = "/made" }: Sending = {}) {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method: "POST", url });
  request.headers = { "content-type": "application/json", ...(key !== null && { "idempotency-key": key }) };
  request.push(body);
  request.push(null);
  const once = idempotently(handler, { idempotency: () => store, clock, logger });
  return once({ request, requestId: "r", params: {}, caller, environmentId: DEFAULT_ENVIRONMENT_ID });
}

describe("a request with an Idempotency-Key", () => {
  it("is carried out once, and answered again as it was", async () => {
    const first = await send();
    expect(first).toMatchObject({ status: 201, body: '{"number":1}', headers: { location: "/made/1" } });
    clock.advance(MICROS_PER_DAY - 1);
    const again = await send();
    expect(again).toEqual({ ...first, headers: { location: "/made/1", "idempotent-replayed": "true" } });
    expect(made).toEqual([{ name: "x" }]);
  });

  it("is carried out anew after 24 hours", async () => {
    await send();
    clock.advance(MICROS_PER_DAY);
    expect((await send()).body).toBe('{"number":2}');
  });

  it("is refused with another body or at another path, and carried out by another caller", async () => {
    await send();
    const reused = { status: 422, body: expect.stringContaining('"idempotency_key_reused"') as string };
    expect(await send({ body: '{"name":"y"}' })).toMatchObject(reused);
    expect(await send({ url: "/others" })).toMatchObject(reused);
    expect((await send({ caller: BOB })).body).toBe('{"number":2}');
    expect(made).toHaveLength(2);
  });

  it("is refused while the first is being carried out, and says when to come back", async () => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const slow: RouteHandler = async (exchange) => {
      begun.resolve();
      await gate.promise;
      return make(exchange);
    };
    const first = send({ handler: slow });
    await begun.promise;
    const second = await send();
    expect(second).toMatchObject({ status: 409, headers: { "retry-after": "1" } });
    expect(second.body).toContain('"request_in_progress"');
    gate.resolve();
    expect(await first).toMatchObject({ status: 201 });
    expect(await send()).toMatchObject({ status: 201, body: '{"number":1}' });
    expect(made).toHaveLength(1);
  });

  it("may be corrected when it was refused, or sent again when it failed: nothing was made", async () => {
    expect((await send({ body: "{" })).status).toBe(400);
    const failing: RouteHandler = () => Promise.reject(new LottyError("database_unavailable", "Away."));
    await expect(send({ handler: failing })).rejects.toThrow("Away.");
    expect((await send()).status).toBe(201);
  });

  it("is taken over when the process that carried it out has died", async () => {
    void send({ handler: () => new Promise(() => undefined) });
    await vi.waitFor(() => expect(store.contents).toContain("ada"));
    clock.advance(59_999_999);
    expect((await send()).status).toBe(409);
    clock.advance(1);
    expect((await send()).status).toBe(201);
  });

  it("leaves neither its key nor its body in the store", async () => {
    await send({ body: '{"password":"correct horse battery"}' });
    expect(store.contents).not.toContain(KEY);
    expect(store.contents).not.toContain("horse");
  });

  it("is answered with what the handler keeps for repetitions", async () => {
    const secretive: RouteHandler = async (exchange) => ({ ...(await make(exchange)), repetition: '{"secret":null}' });
    expect((await send({ handler: secretive })).body).toBe('{"number":1}');
    expect((await send({ handler: secretive })).body).toBe('{"secret":null}');
  });

  it("is answered although the answer cannot be kept, and the log says so", async () => {
    vi.spyOn(store, "complete").mockRejectedValue(new LottyError("database_unavailable", "Away."));
    expect((await send()).status).toBe(201);
    expect(logger.events).toEqual(["idempotent_request_not_settled"]);
  });

  it("is not carried out when nobody can tell whether it was", async () => {
    vi.spyOn(store, "claim").mockRejectedValue(new LottyError("database_unavailable", "Away."));
    await expect(send()).rejects.toThrow("Away.");
    expect(made).toEqual([]);
  });

  it("is refused when the key is none", async () => {
    expect(await send({ key: "1" })).toMatchObject({ status: 400 });
    expect(made).toEqual([]);
  });

  it("is told when its body is too large, which is not kept", async () => {
    expect((await send({ body: `"${"x".repeat(70_000)}"` })).status).toBe(413);
    expect(store.contents).toBe("[]");
  });
});

describe("a request that is carried out every time", () => {
  it.each([
    ["has no key", { key: null }],
    ["comes from nobody", { caller: NOBODY }],
  ])("%s", async (_why, sending: Sending) => {
    await send(sending);
    await send(sending);
    expect(made).toHaveLength(2);
    expect(store.contents).toBe("[]");
  });
});
