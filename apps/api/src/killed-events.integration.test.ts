import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Program } from "./testing/program.ts";

const ROUNDS = 3;
const SENDERS = 6;
const BATCH = 25;

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client(database.url);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

interface Running {
  readonly program: Program;
  readonly url: string;
}

async function start(): Promise<Running> {
  const program = new Program({ DATABASE_URL: database.url, DECISION_SPOOL: "off", EVENT_SPOOL: "off" });
  const said = await program.says(/"port":\d+/);
  const url = `http://127.0.0.1:${/"port":(\d+)/.exec(said)?.[1] ?? ""}`;
  while ((await fetch(`${url}/readyz`)).status !== 200) await pause(50);
  return { program, url };
}

interface Taken {
  readonly results: readonly { readonly event_id: string; readonly status: string }[];
}

async function send(url: string, ids: readonly string[]): Promise<Taken> {
  const timestamp = new Date().toISOString();
  const events = ids.map((event_id) => ({
    event_id,
    event_type: "click",
    subject_id: `s-${event_id.slice(0, 1)}`,
    timestamp,
  }));
  const response = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ events }),
  });
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  return (await response.json()) as Taken;
}

it("keeps every event that it acknowledged, once, though it is killed again and again", async () => {
  const sent: string[] = [];
  const acknowledged = new Set<string>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { program, url } = await start();
    if (round === 1) {
      await client.query(`INSERT INTO event_types (environment_id, key, requires_exposure, version, updated_at)
        SELECT id, 'click', false, 1, now() FROM environments`);
    }
    const target = acknowledged.size + 400 * round;
    const sender = async (): Promise<void> => {
      for (;;) {
        const ids = Array.from({ length: BATCH }, () => randomUUID());
        sent.push(...ids);
        const { results } = await send(url, ids);
        for (const { event_id, status } of results) if (status === "accepted") acknowledged.add(event_id);
        if (acknowledged.size >= target) program.signal("SIGKILL");
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: SENDERS }, sender));
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    await program.ended();
  }
  const { rows } = await client.query<{ event_id: string }>("SELECT event_id FROM events");
  const stored = new Set(rows.map(({ event_id }) => event_id));
  expect(stored.size).toBe(rows.length);
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);

  // Whoever did not get an answer sends again: everything is there once.
  const { program, url } = await start();
  for (let from = 0; from < sent.length; from += 1_000) await send(url, sent.slice(from, from + 1_000));
  program.signal("SIGTERM");
  expect(await program.ended()).toBe(0);
  const counted = await client.query("SELECT count(*)::int AS events FROM events");
  expect(counted.rows).toEqual([{ events: sent.length }]);
}, 120_000);
