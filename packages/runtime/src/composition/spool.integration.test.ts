import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID, type Experiment, type Flag } from "@lotty/domain";
import type { AnsweredDecision } from "@lotty/decisions";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { TcpProxy } from "../testing/tcp-proxy.ts";
import { openRuntime } from "./open-runtime.ts";
import type { Runtime } from "./runtime.ts";

const EXPERIMENTS = 6;
const FLAGS = Array.from({ length: EXPERIMENTS }, (_, index) => `flag-${index}`);
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
  const indexes = FLAGS.map((_, index) => index);
  const change = { putFlags: indexes.map(flag), putExperiments: indexes.map(experiment) };
  await setUp.storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, change, 0);
  await setUp.close();
}, 60_000);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-outage-"));
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

async function open(env: Record<string, string> = {}): Promise<Runtime> {
  const config = configForTest({
    DATABASE_URL: proxy.url,
    LOTTY_DATA_DIR: directory,
    DECISION_SPOOL: "on",
    DECISION_SPOOL_AFTER_MS: String(PATIENCE_MS),
    ...env,
  });
  const runtime = await openRuntime(config, { role: "api", logger });
  opened.push(runtime);
  return runtime;
}

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((runtime) => runtime.close()));
}

function decide(runtime: Runtime, index: number, subjectId: string): Promise<AnsweredDecision> {
  return runtime.decider.decideForFlag(FLAGS[index] ?? "", { subject: { id: subjectId, attributes: {} } });
}

async function decideAll(runtime: Runtime, subjectId: string): Promise<readonly AnsweredDecision[]> {
  const answers = [];
  for (let index = 0; index < EXPERIMENTS; index += 1) answers.push(await decide(runtime, index, subjectId));
  return answers;
}

function idsOf(answers: readonly AnsweredDecision[]): readonly string[] {
  return answers.map(({ decisionId }) => decisionId);
}

async function stored(ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ found: string }>(
    "SELECT decision_id AS found FROM decisions WHERE decision_id = ANY ($1) ORDER BY decision_id",
    [ids],
  );
  return rows.map(({ found }) => found);
}

async function assignedTo(subjectId: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ found: string }>(
    "SELECT experiment_id AS found FROM assignments WHERE subject_id = $1 ORDER BY experiment_id",
    [subjectId],
  );
  return rows.map(({ found }) => found);
}

function assigned(answers: readonly AnsweredDecision[]): readonly string[] {
  const held = answers.flatMap(({ reason, experimentId }) => (reason === "experiment_assigned" ? experimentId : []));
  return [...new Set(held)].flatMap((each) => each ?? []).toSorted();
}

async function drained(runtime: Runtime): Promise<void> {
  await expect.poll(() => runtime.outage?.spooling.state, { timeout: 15_000, interval: 10 }).toBe("closed");
  expect(runtime.outage?.spool.size().rows).toBe(0);
}

describe("while Postgres is away", () => {
  it("decides, spools and says so, and drains everything exactly once when Postgres is back", async () => {
    const runtime = await open();
    const before = [await decide(runtime, 0, "through-1"), await decide(runtime, 1, "through-1")];
    expect(before.map(({ durability }) => durability)).toEqual(["committed", "committed"]);
    expect(before[0]).not.toHaveProperty("degraded");

    await proxy.cut();
    const during = await decideAll(runtime, "through-1");
    for (const answer of during) expect(answer).toMatchObject({ durability: "spooled", degraded: true });
    expect(during.map(({ reason }) => reason)).toEqual([
      ...Array.from({ length: 3 }, () => "experiment_assigned"),
      ...Array.from({ length: 3 }, () => "participation_limit"),
    ]);
    const strangers = await Promise.all(FLAGS.map((_, index) => decide(runtime, 0, `stranger-${index}`)));
    expect(await stored(idsOf([...during, ...strangers]))).toEqual([]);
    const report = await runtime.health.report();
    expect(report).toMatchObject({
      ready: true,
      checks: { spool: { status: "degraded", database: "away", rows: 12 } },
    });
    const metrics = await runtime.metrics.registry.metrics();
    expect(metrics).toContain("lotty_spool_rows 12\n");
    expect(metrics).toContain('lotty_decisions_recorded_total{way="spool"} 12\n');
    expect(metrics).toMatch(/lotty_spool_bytes [1-9]/);

    await proxy.mend();
    await drained(runtime);
    const answers = [...before, ...during, ...strangers];
    expect(await stored(idsOf(answers))).toEqual(idsOf(answers).toSorted());
    expect(await assignedTo("through-1")).toEqual(assigned([...before, ...during]));
    expect(await decide(runtime, 0, "through-1")).toMatchObject({ durability: "committed" });
    expect(logger.events).toEqual(
      expect.arrayContaining(["spool_opened", "decision_store_away", "spool_draining", "spool_drained"]),
    );
    expect(await runtime.metrics.registry.metrics()).toContain("lotty_spool_drained_total 12\n");
  }, 60_000);

  it("keeps the limit of three for subjects that are asked for in parallel before, during and after", async () => {
    const runtime = await open();
    const subjects = ["parallel-1", "parallel-2", "parallel-3"];
    const asked: Promise<AnsweredDecision | undefined>[] = [];
    const ask = () => {
      for (const subject of subjects) {
        for (let index = 0; index < EXPERIMENTS; index += 1) asked.push(decide(runtime, index, subject));
      }
    };
    for (let round = 0; round < 30; round += 1) {
      ask();
      if (round === 5) void proxy.cut();
      if (round === 18) void proxy.mend();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const answers = (await Promise.all(asked)).flatMap((answer) => answer ?? []);
    await drained(runtime);
    expect(answers).toHaveLength(30 * 3 * EXPERIMENTS);
    const ids = idsOf(answers);
    expect(await stored(ids)).toEqual(ids.toSorted());
    expect(new Set(answers.map(({ durability }) => durability))).toEqual(new Set(["committed", "spooled"]));
    for (const subject of subjects) expect(await assignedTo(subject)).toHaveLength(3);
  }, 60_000);

  it("waits for a Postgres that hangs no longer than its patience, and then not at all", async () => {
    const runtime = await open();
    await decide(runtime, 0, "hang-1");
    proxy.freeze();
    const startedAt = performance.now();
    expect(await decide(runtime, 1, "hang-1")).toMatchObject({ durability: "spooled", degraded: true });
    const first = performance.now() - startedAt;
    const second = performance.now();
    expect(await decide(runtime, 2, "hang-2")).toMatchObject({ durability: "spooled" });
    process.stdout.write(
      `hanging Postgres, patience ${PATIENCE_MS} ms: first answer ${first.toFixed(0)} ms, ` +
        `second ${(performance.now() - second).toFixed(1)} ms\n`,
    );
    expect(first).toBeGreaterThan(PATIENCE_MS * 0.9);
    expect(first).toBeLessThan(PATIENCE_MS * 1.25 + 1_000);
    expect(performance.now() - second).toBeLessThan(PATIENCE_MS);
    await proxy.cut();
    await proxy.mend();
    await drained(runtime);
    expect(await assignedTo("hang-1")).toHaveLength(2);
  }, 60_000);

  it("leaves to the next process what it could not drain, which knows of it before it drains it", async () => {
    const first = await open();
    await decide(first, 0, "restart-1");
    await proxy.cut();
    const spooled = [await decide(first, 1, "restart-1"), await decide(first, 2, "restart-1")];
    await first.close();
    expect((await files()).length).toBe(1);

    await proxy.mend();
    const second = await open();
    const again = await decideAll(second, "restart-1");
    expect(assigned(again)).toEqual(assigned([await decide(second, 0, "restart-1"), ...spooled]));
    await drained(second);
    expect(await stored(idsOf(spooled))).toEqual(idsOf(spooled).toSorted());
    expect(await assignedTo("restart-1")).toHaveLength(3);
    await closeAll();
    expect(await files()).toEqual([]);
  }, 60_000);

  it("is told apart by the database: decisions for one are never drained into another, and are told of", async () => {
    const first = await open();
    await decide(first, 0, "moved-1");
    await proxy.cut();
    const spooled = await decide(first, 0, "moved-2");
    await closeAll();

    const elsewhere = await createTestDatabase();
    const second = await open({ DATABASE_URL: elsewhere.url });
    expect(second.outage?.spool.size().rows).toBe(0);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        event: "spool_of_another_database",
        fields: expect.objectContaining({ rows: 1 }) as unknown,
      }),
    );
    await closeAll();
    await elsewhere.drop();

    await proxy.mend();
    await drained(await open());
    expect(await stored([spooled.decisionId])).toHaveLength(1);
  }, 60_000);

  it("sets aside what Postgres refuses for good, and drains its neighbours", async () => {
    const runtime = await open();
    await decide(runtime, 0, "refused-0");
    await proxy.cut();
    await decide(runtime, 0, "refused-1");
    const doomed = await decide(runtime, EXPERIMENTS - 1, "refused-1");
    await decide(runtime, 1, "refused-1");
    // Nobody takes part in it as far as the database knows, so it may go.
    await client.query("DELETE FROM assignments WHERE experiment_id = $1", [doomed.experimentId]);
    await client.query("DELETE FROM variants WHERE experiment_id = $1", [doomed.experimentId]);
    await client.query("DELETE FROM experiments WHERE id = $1", [doomed.experimentId]);
    await proxy.mend();
    await drained(runtime);
    expect(await assignedTo("refused-1")).toHaveLength(2);
    expect(runtime.outage?.spool.size()).toMatchObject({ rows: 0, setAside: 1 });
    expect(logger.events).toContain("spool_decision_set_aside");
    expect((await runtime.health.report()).checks["spool"]).toMatchObject({ status: "degraded", set_aside: 1 });
  }, 60_000);

  it("refuses when the spool is full, says so once, and answers peeks all the same", async () => {
    const runtime = await open({ DECISION_SPOOL_MAX_ROWS: "2" });
    await proxy.cut();
    await decide(runtime, 0, "full-1");
    await decide(runtime, 0, "full-2");
    for (const subject of ["full-3", "full-4"]) {
      await expect(decide(runtime, 0, subject)).rejects.toMatchObject({ code: "decision_store_unavailable" });
    }
    const peek = { subject: { id: "full-1", attributes: {} }, peek: true };
    expect(await runtime.decider.decideForFlag("flag-1", peek)).toMatchObject({ durability: "none", degraded: true });
    expect(logger.events.filter((event) => event === "spool_full")).toHaveLength(1);
    await proxy.mend();
    await drained(runtime);
    expect(await decide(runtime, 0, "full-3")).toMatchObject({ durability: "committed" });
  }, 60_000);
});

it("refuses to start where it cannot keep a spool, and says which settings help", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  await expect(open({ LOTTY_DATA_DIR: file })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("DECISION_SPOOL=off") as string,
  });
});

async function files(): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true });
  return names.filter((name) => name.endsWith(".sqlite"));
}

function id(kind: string, index: number): string {
  return `${kind.repeat(8)}-0000-7000-8000-${String(index).padStart(12, "0")}`;
}

function flag(index: number): Flag {
  const key = `flag-${index}`;
  return {
    id: id("f", index),
    key,
    valueType: "boolean",
    defaultValue: false,
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: 0,
  };
}

function experiment(index: number): Experiment {
  return {
    id: id("e", index),
    key: `experiment-${index}`,
    flagId: id("f", index),
    status: "running",
    version: 1,
    updatedAt: 0,
    targetingRules: null,
    trafficAllocation: 10_000,
    variants: ["off", "on"].map((name, place) => ({
      id: id("a", index * 2 + place),
      name,
      value: place === 1,
      weight: 5_000,
      isControl: place === 0,
    })),
    hashVersion: 1,
    stickyAssignment: false,
  };
}
