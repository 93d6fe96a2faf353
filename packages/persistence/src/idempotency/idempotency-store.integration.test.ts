import { PGlite } from "@electric-sql/pglite";
import type { IdempotencyHorizon, IdempotencyStore, IdempotentRequest, KeptAnswer } from "@lotty/domain";
import { MemoryIdempotencyStore } from "@lotty/testkit/fakes/memory-idempotency-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { composeEmbedded } from "../compose-embedded.ts";
import { poolOf } from "../compose-storage.ts";
import { openPostgres } from "../open-postgres.ts";
import { runStatement } from "../sql/sql-pool.ts";
import { EMBEDDED_PARSERS } from "../sql/value-parsers.ts";
import type { Storage } from "../storage.ts";

const NOW = 1_790_000_000_000_123;
const HORIZON: IdempotencyHorizon = { forgotten: NOW - 1_000, abandoned: NOW - 10 };
const REQUEST: IdempotentRequest = {
  caller: "user:ada",
  keyDigest: "0a".repeat(32),
  fingerprint: "f0".repeat(32),
  at: NOW,
};
const ANSWER: KeptAnswer = {
  status: 201,
  mediaType: "application/json",
  body: '{"name":"\\u0000 “ä” \\ud800"}',
  headers: { location: "/v1/users/1" },
};

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let postgres: Storage;
let embedded: Storage;

beforeAll(async () => {
  const logger = new RecordingLogger();
  database = await createTestDatabase();
  postgres = await openPostgres({ url: database.url, logger });
  await postgres.migrate();
  const pglite = await PGlite.create({ parsers: EMBEDDED_PARSERS });
  embedded = composeEmbedded(pglite, { location: "memory", logger, onClosed: () => Promise.resolve() });
  await embedded.migrate();
}, 120_000);

afterAll(async () => {
  await Promise.all([postgres.close(), embedded.close()]);
  await database.drop();
});

async function emptied(storage: Storage): Promise<IdempotencyStore> {
  await runStatement(poolOf(storage), { text: "TRUNCATE idempotent_requests" });
  return storage.idempotency;
}

describe.each([
  ["in memory", () => Promise.resolve<IdempotencyStore>(new MemoryIdempotencyStore())],
  ["on Postgres", () => emptied(postgres)],
  ["on PGlite", () => emptied(embedded)],
])("a store of idempotent requests %s", (_where, open) => {
  let store: IdempotencyStore;
  beforeEach(async () => {
    store = await open();
  });

  it("lets one of many be the first, and the others wait", async () => {
    const attempts = Array.from({ length: 8 }, (_, index) => ({ ...REQUEST, at: NOW + index }));
    const claims = await Promise.all(attempts.map((attempt) => store.claim(attempt, HORIZON)));
    expect(claims.map(({ kind }) => kind).toSorted()).toEqual(["first", ...Array<string>(7).fill("in_flight")]);
  });

  it("answers again what it was answered, to the letter", async () => {
    await store.claim(REQUEST, HORIZON);
    await store.complete(REQUEST, ANSWER);
    expect(await store.claim({ ...REQUEST, at: NOW + 1 }, HORIZON)).toEqual({ kind: "answered", answer: ANSWER });
  });

  it("tells of another request with the same key, carried out or not", async () => {
    const other = { ...REQUEST, fingerprint: "0f".repeat(32), at: NOW + 1 };
    await store.claim(REQUEST, HORIZON);
    expect(await store.claim(other, HORIZON)).toEqual({ kind: "other_request" });
    await store.complete(REQUEST, ANSWER);
    expect(await store.claim(other, HORIZON)).toEqual({ kind: "other_request" });
  });

  it("keeps callers and keys apart", async () => {
    await store.claim(REQUEST, HORIZON);
    expect(await store.claim({ ...REQUEST, caller: "user:bob" }, HORIZON)).toEqual({ kind: "first" });
    expect(await store.claim({ ...REQUEST, keyDigest: "0b".repeat(32) }, HORIZON)).toEqual({ kind: "first" });
  });

  it("forgets what was released", async () => {
    await store.claim(REQUEST, HORIZON);
    await store.release(REQUEST);
    expect(await store.claim({ ...REQUEST, fingerprint: "0f".repeat(32) }, HORIZON)).toEqual({ kind: "first" });
  });

  it("gives what was abandoned to the next attempt, and does not listen to the earlier one any more", async () => {
    await store.claim(REQUEST, HORIZON);
    const next = { ...REQUEST, at: NOW + 11 };
    expect(await store.claim(next, { ...HORIZON, abandoned: NOW - 1 })).toEqual({ kind: "in_flight" });
    expect(await store.claim(next, { ...HORIZON, abandoned: NOW })).toEqual({ kind: "first" });
    await store.release(REQUEST);
    await store.complete(REQUEST, { ...ANSWER, body: "late" });
    expect(await store.claim({ ...next, at: NOW + 12 }, HORIZON)).toEqual({ kind: "in_flight" });
    await store.complete(next, ANSWER);
    expect(await store.claim(next, { forgotten: NOW, abandoned: NOW + 99 })).toEqual({
      kind: "answered",
      answer: ANSWER,
    });
  });

  it("forgets everything in time", async () => {
    await store.claim(REQUEST, HORIZON);
    await store.complete(REQUEST, ANSWER);
    const later = { ...REQUEST, at: NOW + 5_000 };
    expect(await store.claim(later, { forgotten: NOW - 1, abandoned: NOW - 1 })).toMatchObject({ kind: "answered" });
    expect(await store.claim(later, { forgotten: NOW, abandoned: NOW })).toEqual({ kind: "first" });
  });
});
