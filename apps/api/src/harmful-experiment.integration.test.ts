import { fileURLToPath } from "node:url";
import { loadConfig } from "@lotty/config";
import {
  evaluationRoundSchema,
  experimentSchema,
  type ExperimentResponse,
  firingsSchema,
  incidentSchema,
  rehearsalSchema,
} from "@lotty/contracts";
import { auditLinker } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID, systemActor, type Metric } from "@lotty/domain";
import { openStorage, Uuid7Source } from "@lotty/runtime";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { createTestRedis, type TestRedis } from "@lotty/testkit/servers/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Program } from "./testing/program.ts";

const PASSWORD = "correct horse battery";
const WORKER = fileURLToPath(new URL("../../worker/src/main.ts", import.meta.url));

/** Subjects that come between two looks, and how many looks there are at most. */
const WAVE = 60;
const WAVES = 20;

/** How many of a hundred buy, by variant: the treatment halves it and more. */
const BUYERS: Readonly<Record<string, number>> = { control: 40, harmful: 10 };
const HARM = 0.75;

/** Long enough ago that the metric's window of an hour is over. */
const EXPOSED_MILLIS_AGO = 3 * 3_600_000;
const BOUGHT_MILLIS_AGO = EXPOSED_MILLIS_AGO - 60_000;

const METRIC: Metric = {
  id: "00000000-0000-7000-8000-00000000aaaa",
  environmentId: DEFAULT_ENVIRONMENT_ID,
  key: "purchase",
  name: "Purchase",
  description: null,
  owner: null,
  tags: [],
  definition: {
    kind: "conversion",
    numerator: { eventType: "purchase", filter: null, valueProperty: null },
    denominator: null,
    countsEvents: false,
    windowHours: 1,
    retentionFromDays: 0,
    quantile: null,
    winsorizing: null,
    dropsZeros: false,
    higherIsBetter: true,
    covariateDays: 0,
    practicalThreshold: null,
  },
  version: 1,
  updatedAt: 0,
  archivedAt: null,
};

let database: TestDatabase;
let redis: TestRedis;
let programs: readonly Program[] = [];
let url = "";
let headers: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    REDIS_KEY_PREFIX: redis.keyPrefix,
    ADMIN_PASSWORD: PASSWORD,
    ALLOW_SELF_APPROVAL: "true",
    WORKER_PORT: "0",
  };
  const api = new Program(env);
  url = await api.url();
  const worker = new Program(env, WORKER);
  programs = [api, worker];
  await worker.says(/worker_started/);
  headers = await logIn();
  await putMetric(env);
}, 120_000);

afterAll(async () => {
  for (const program of programs) program.signal("SIGTERM");
  await Promise.all(programs.map((program) => program.ended()));
  await redis.clean();
  await database.drop();
}, 60_000);

async function logIn(): Promise<Readonly<Record<string, string>>> {
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ name: "admin", password: PASSWORD });
  const login = await fetch(`${url}/v1/session`, { method: "POST", headers: json, body });
  const { csrf_token: token } = (await login.json()) as { readonly csrf_token: string };
  const cookie = (login.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  return { ...json, cookie, "x-csrf-token": token };
}

async function ask(method: string, path: string, body?: unknown, ifMatch?: number): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(ifMatch !== undefined && { "if-match": `"${ifMatch}"` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** The catalogue of metrics as people would fill it. */
async function putMetric(env: Readonly<Record<string, string>>): Promise<void> {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error("These settings start the API.");
  const storage = await openStorage(loaded.config.database, new RecordingLogger());
  const { store } = storage.control;
  const { revision } = await store.load(DEFAULT_ENVIRONMENT_ID);
  const entity = { kind: "metric", id: METRIC.id, key: METRIC.key } as const;
  const context = { actor: systemActor("test"), at: Date.now() * 1_000, environmentId: DEFAULT_ENVIRONMENT_ID };
  const audit = auditLinker(new Uuid7Source())([{ action: "metric.create", entity, before: null, after: {} }], context);
  await store.commit(DEFAULT_ENVIRONMENT_ID, { putMetrics: [METRIC], audit }, revision);
  await storage.close();
}

/** A running experiment that is rolled back when fewer buy. */
async function launch(): Promise<ExperimentResponse> {
  await ask("POST", "/v1/event-types", { key: "purchase" });
  const flag = (await ask("POST", "/v1/flags", { key: "button", type: "string", default: "none" })) as { id: string };
  const draft = experimentSchema.parse(
    await ask("POST", "/v1/experiments", {
      key: "harmful-button",
      flag_id: flag.id,
      traffic_allocation: "100.00",
      hypothesis: "It does no harm",
      owner: "team checkout",
      variants: [
        { name: "control", value: "grey", weight: 50, is_control: true },
        { name: "harmful", value: "blinking", weight: 50 },
      ],
    }),
  );
  const path = `/v1/experiments/${draft.id}`;
  await ask("POST", `${path}/guardrails`, {
    metric_id: METRIC.id,
    margin: 0.05,
    action: "rollback",
    minimum_subjects: 50,
  });
  let current = draft;
  for (const action of ["submit", "approve", "start"]) {
    current = experimentSchema.parse(await ask("POST", `${path}/${action}`, {}, current.version));
  }
  return current;
}

interface Decided {
  readonly decision_id: string;
  readonly value: unknown;
  readonly variant_id: string | null;
  readonly reason: string;
}

async function decide(subjectId: string): Promise<Decided> {
  return (await ask("POST", "/v1/decide", { flag: "button", subject_id: subjectId })) as Decided;
}

/** Subjects come, meet the button, and buy or do not. */
async function wave(number: number, experiment: ExperimentResponse): Promise<void> {
  const subjects = Array.from({ length: WAVE }, (_, index) => `subject-${number}-${index}`);
  const events: unknown[] = [];
  for (const [index, subjectId] of subjects.entries()) {
    const decision = await decide(subjectId);
    const name = experiment.variants.find(({ id }) => id === decision.variant_id)?.name ?? "";
    const at = (millisAgo: number): string => new Date(Date.now() - millisAgo).toISOString();
    events.push({
      event_id: `exposure-${subjectId}`,
      event_type: "exposure",
      subject_id: subjectId,
      decision_id: decision.decision_id,
      timestamp: at(EXPOSED_MILLIS_AGO),
    });
    // Spread over the subjects, so that every run has the same shares, give or take who got what.
    if ((index * 37 + number * 11) % 100 < (BUYERS[name] ?? 0)) {
      events.push({
        event_id: `purchase-${subjectId}`,
        event_type: "purchase",
        subject_id: subjectId,
        timestamp: at(BOUGHT_MILLIS_AGO),
      });
    }
  }
  await ask("POST", "/v1/events", { events });
}

/** Looks until everything that was sent by now is in what the guardrail sees, or it has stopped the experiment. */
async function look(path: string): Promise<void> {
  const sentAt = Date.now();
  for (;;) {
    const round = evaluationRoundSchema.parse(
      await ask("POST", `${path}/guardrails/evaluate`, {}).catch(() => NOTHING),
    );
    const watermark = round.guardrails[0]?.evaluation?.watermark ?? null;
    if (watermark !== null && Date.parse(watermark) > sentAt) return;
    const experiment = experimentSchema.parse(await ask("GET", path));
    if (experiment.status !== "running") return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const NOTHING = { evaluated: false, guardrails: [] };

describe("a harmful experiment", () => {
  it("is stopped on real processes, about as soon as the rehearsal promised, and its subjects get control's value", async () => {
    const rehearsal = rehearsalSchema.parse(
      await ask("POST", "/v1/guardrails/rehearse", {
        metric_id: METRIC.id,
        margin: 0.05,
        minimum_subjects: 50,
        harm: HARM,
        // A wave is an hour of the rehearsal.
        arrivals_per_day: 24 * WAVE,
        looks_per_day: 24,
        days: 5,
        runs: 200,
        assumed: { mean: (BUYERS["control"] ?? 0) / 100, variance: 0.24 },
      }),
    );
    const experiment = await launch();
    const path = `/v1/experiments/${experiment.id}`;
    await expect.poll(async () => (await decide("first")).reason, { timeout: 10_000 }).toBe("experiment_assigned");
    const begin = performance.now();
    let sent = 0;
    let current = experiment;
    for (let number = 1; number <= WAVES && current.status === "running"; number += 1) {
      await wave(number, experiment);
      sent += WAVE;
      await look(path);
      current = experimentSchema.parse(await ask("GET", path));
    }
    const seconds = (performance.now() - begin) / 1_000;
    expect(current).toMatchObject({ status: "paused", rolled_back: true });

    // The window of an hour, during which a wave more comes in the rehearsal, is over here before anybody is sent.
    const promised = { median: rehearsal.true_harm.median_subjects ?? 0, p90: rehearsal.true_harm.p90_subjects ?? 0 };
    process.stdout.write(
      `stopped after ${sent} subjects and ${seconds.toFixed(1)} s of real time; rehearsed: median ${promised.median}, ` +
        `90 % by ${promised.p90} subjects; false firings in 5 days ${(100 * rehearsal.no_effect.share).toFixed(1)} %, ` +
        `${(100 * rehearsal.naive.share).toFixed(1)} % by a test that is made for one look\n`,
    );
    expect(rehearsal.true_harm.share).toBeGreaterThan(0.95);
    expect(sent).toBeLessThanOrEqual(promised.p90 + 5 * WAVE);

    const { firings } = firingsSchema.parse(await ask("GET", `${path}/firings`));
    expect(firings).toMatchObject([
      { evaluation: { state: "firing" }, steps: [{ kind: "acted", actor_name: "lotty" }] },
    ]);
    const incident = incidentSchema.parse(await ask("GET", `${path}/firings/${firings[0]?.id ?? ""}`));
    const reached = (incident.reached ?? []).reduce((sum, { subjects }) => sum + subjects, 0);
    expect(reached).toBe(sent + 1);

    // The change is live within a second; whoever had the treatment gets control's value, and is in no experiment.
    await expect.poll(async () => (await decide("subject-1-0")).value, { timeout: 10_000 }).toBe("grey");
    expect(await decide("subject-1-1")).toMatchObject({
      reason: "no_active_experiment",
      value: "grey",
      variant_id: null,
    });
  }, 240_000);
});
