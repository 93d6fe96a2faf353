import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID, EXPOSURE_EVENT_TYPE } from "@lotty/domain";
import type { EventDraft, IntakeAnswer } from "@lotty/events";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleDecision } from "@lotty/testkit/suites/decision-store-fixture";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { TcpProxy } from "../testing/tcp-proxy.ts";
import { openRuntime } from "./open-runtime.ts";
import type { Runtime } from "./runtime.ts";

const PATIENCE_MS = 300;

let database: TestDatabase;
let client: Client;
let proxy: TcpProxy;
let directory: string;
let logger: RecordingLogger;
const opened: Runtime[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  const config = configForTest({ DATABASE_URL: database.url });
  const setUp = await openRuntime(config, { role: "api", logger: new RecordingLogger() });
  await setUp.close();
  await client.query(`INSERT INTO event_types (environment_id, key, requires_exposure, version, updated_at)
    SELECT id, 'click', false, 1, now() FROM environments`);
}, 60_000);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-event-outage-"));
  logger = new RecordingLogger();
  proxy = await TcpProxy.to(database.url);
  await proxy.mend();
});

afterEach(async () => {
  await closeAll();
  await proxy.cut();
  await rm(directory, { recursive: true, force: true });
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** An API that has taken an event before, so that it knows which there are. */
async function open(env: Record<string, string> = {}): Promise<Runtime> {
  const config = configForTest({
    DATABASE_URL: proxy.url,
    LOTTY_DATA_DIR: directory,
    EVENT_SPOOL_AFTER_MS: String(PATIENCE_MS),
    ...env,
  });
  const runtime = await openRuntime(config, { role: "api", logger });
  opened.push(runtime);
  expect(await take(runtime, draft())).toMatchObject({ outcomes: [{ status: "accepted" }] });
  return runtime;
}

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((runtime) => runtime.close()));
}

function take(runtime: Runtime, ...drafts: readonly EventDraft[]): Promise<IntakeAnswer> {
  return runtime.intake.take(DEFAULT_ENVIRONMENT_ID, drafts);
}

function draft(fields: Partial<EventDraft> = {}): EventDraft {
  return {
    eventId: randomUUID(),
    eventType: "click",
    subjectId: "ada",
    decisionId: null,
    properties: {},
    value: null,
    timestamp: Date.now() * 1_000,
    ...fields,
  };
}

async function stored(drafts: readonly EventDraft[]): Promise<number> {
  const ids = drafts.map(({ eventId }) => eventId);
  const { rows } = await client.query("SELECT 1 FROM events WHERE event_id = ANY ($1)", [ids]);
  return rows.length;
}

async function drained(runtime: Runtime): Promise<void> {
  await expect.poll(() => runtime.eventOutage?.spooling.state, { timeout: 15_000, interval: 10 }).toBe("closed");
  expect(runtime.eventOutage?.spool.size().rows).toBe(0);
}

describe("while Postgres is away", () => {
  it("takes events, says that they are spooled, shows how many, and keeps each once when Postgres is back", async () => {
    const runtime = await open();
    const before = draft();
    await take(runtime, before);
    await proxy.cut();
    const during = Array.from({ length: 20 }, () => draft());
    expect(await take(runtime, ...during.slice(0, 10))).toMatchObject({ durability: "spooled" });
    expect(await take(runtime, ...during, before)).toMatchObject({ durability: "spooled" });
    const report = await runtime.health.report();
    expect(report).toMatchObject({
      ready: true,
      checks: { event_spool: { status: "degraded", database: "away", rows: 31 } },
    });
    const metrics = await runtime.metrics.registry.metrics();
    expect(metrics).toContain("lotty_event_spool_rows 31\n");
    expect(metrics).toContain('lotty_events_total{outcome="spooled"} 31\n');

    await proxy.mend();
    await drained(runtime);
    expect(await stored([before, ...during])).toBe(21);
    const after = await runtime.metrics.registry.metrics();
    expect(after).toContain('lotty_events_total{outcome="duplicate"} 11\n');
    expect(after).toContain("lotty_event_spool_drained_total 31\n");
    expect(await take(runtime, draft())).toMatchObject({ durability: "committed" });
  }, 60_000);

  it("judges exposures when they are drained, and keeps those that do not fit where they can be seen", async () => {
    const runtime = await open();
    const decision = sampleDecision({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "eve" });
    await runtime.storage.sink.write([decision]);
    await proxy.cut();
    const exposure = draft({ eventType: EXPOSURE_EVENT_TYPE, subjectId: "mallory", decisionId: decision.decisionId });
    const nothing = { ...exposure, eventId: randomUUID(), subjectId: "eve" };
    const early = { ...exposure, eventId: randomUUID(), decisionId: "01a203d3-6d24-759b-8ca4-550d45d0a6cd" };
    expect(await take(runtime, exposure, nothing, early)).toMatchObject({ durability: "spooled" });
    await proxy.mend();
    await drained(runtime);
    const states = async (subjectId: string): Promise<readonly unknown[]> => {
      const page = await runtime.storage.events.log.list({
        environmentId: DEFAULT_ENVIRONMENT_ID,
        subjectId,
        eventType: EXPOSURE_EVENT_TYPE,
        limit: 9,
      });
      return page.events.map((event) => event.exposure);
    };
    expect(new Set(await states("mallory"))).toEqual(new Set(["pending", "wrong_subject"]));
    expect(await states("eve")).toEqual(["not_assigned"]);
    expect(runtime.eventOutage?.spool.size().setAside).toBe(0);
    expect(await runtime.metrics.registry.metrics()).toContain('lotty_events_rejected_total{code="wrong_subject"} 1\n');
  }, 60_000);

  it("leaves to the next process what it could not drain", async () => {
    const first = await open();
    await proxy.cut();
    const spooled = [draft(), draft()];
    await take(first, ...spooled);
    await closeAll();
    await proxy.mend();
    await drained(await open());
    expect(await stored(spooled)).toBe(2);
  }, 60_000);

  it("takes events by the types that an earlier process knew when it is started while Postgres is away", async () => {
    await open();
    await closeAll();
    await proxy.cut();
    const config = configForTest({ DATABASE_URL: proxy.url, LOTTY_DATA_DIR: directory });
    const runtime = await openRuntime(config, { role: "api", logger });
    opened.push(runtime);
    const [click, other] = [draft(), draft({ eventType: "other" })];
    expect(await take(runtime, click, other)).toMatchObject({
      durability: "spooled",
      outcomes: [{ status: "accepted" }, { status: "rejected", code: "unknown_event_type" }],
    });
    await proxy.mend();
    await drained(runtime);
    expect(await stored([click, other])).toBe(1);
  }, 60_000);

  it("waits for a Postgres that hangs no longer than its patience", async () => {
    const runtime = await open();
    proxy.freeze();
    const events = [draft(), draft()];
    const startedAt = performance.now();
    expect(await take(runtime, ...events.slice(0, 1))).toMatchObject({ durability: "spooled" });
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS * 1.25 + 1_000);
    expect(await take(runtime, ...events.slice(1))).toMatchObject({ durability: "spooled" });
    await proxy.cut();
    await proxy.mend();
    await drained(runtime);
    expect(await stored(events)).toBe(2);
  }, 60_000);

  it.each([{ EVENT_SPOOL: "off" }, { EVENT_SPOOL_MAX_ROWS: "1" }])(
    "promises nothing where the spool is off or full (%o)",
    async (env) => {
      const runtime = await open(env);
      await proxy.cut();
      const unavailable = { code: "database_unavailable", retryable: true };
      await expect(take(runtime, draft(), draft())).rejects.toMatchObject(unavailable);
      await proxy.mend();
      if (runtime.eventOutage !== null) await drained(runtime);
    },
    60_000,
  );

  it("tells of events that were spooled for another database, and does not drain them", async () => {
    const first = await open();
    await proxy.cut();
    const spooled = draft();
    await take(first, spooled);
    await closeAll();
    const elsewhere = await createTestDatabase();
    const config = configForTest({ DATABASE_URL: elsewhere.url, LOTTY_DATA_DIR: directory });
    const second = await openRuntime(config, { role: "api", logger });
    expect(second.eventOutage?.spool.size().rows).toBe(0);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        event: "spool_of_another_database",
        fields: expect.objectContaining({ of: "events", rows: 1 }) as unknown,
      }),
    );
    await second.close();
    await elsewhere.drop();
    expect(await stored([spooled])).toBe(0);
  }, 60_000);
});
