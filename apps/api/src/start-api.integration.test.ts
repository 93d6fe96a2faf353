import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, loadConfig } from "@lotty/config";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningApi, startApi } from "./start-api.ts";
import { DEMO_FILE } from "./testing/demo-file.ts";
import { urlOf } from "./welcome.ts";

function configOf(env: Record<string, string>): Config {
  const result = loadConfig({ HOST: "127.0.0.1", PORT: "0", SHUTDOWN_GRACE_SECONDS: "4", ...env });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

const logger = new RecordingLogger();
let directory: string;
let database: TestDatabase;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-api-"));
  await writeFile(join(directory, "demo.yaml"), DEMO_FILE);
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

describe.each([
  { name: "the embedded database", env: () => ({ LOTTY_DATA_DIR: "memory" }) },
  { name: "Postgres", env: () => ({ DATABASE_URL: database.url, LOTTY_DATA_DIR: "memory" }) },
])("the API on $name", ({ env }) => {
  let api: RunningApi;

  beforeAll(async () => {
    api = await startApi(configOf({ LOTTY_DEMO: join(directory, "demo.yaml"), ...env() }), logger);
    await api.ready;
  }, 120_000);

  afterAll(() => api.close());

  async function post(path: string, body: unknown): Promise<{ readonly status: number; readonly json: unknown }> {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", body: JSON.stringify(body), headers };
    const response = await fetch(`${urlOf(api.address)}${path}`, init);
    return { status: response.status, json: await response.json() };
  }

  const german = { country: "DE" };

  it("is ready", async () => {
    const response = await fetch(`${urlOf(api.address)}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "ready", checks: { configuration: { revision: 1 } } });
  });

  it("assigns a subject, records that, and keeps to it", async () => {
    const first = await post("/v1/decide", { flag: "checkout", subject_id: "anna", attributes: german });
    expect(first).toMatchObject({ status: 200, json: { reason: "experiment_assigned", durability: "committed" } });
    const again = await post("/v1/decide", { flag: "checkout", subject_id: "anna", attributes: german });
    const { decision_id: _, ...same } = first.json as { readonly decision_id: string };
    expect(again.json).toMatchObject(same);
  });

  it("decides several flags in one request, unknown ones included", async () => {
    const flags = ["banner", "nothing", "checkout"];
    expect(await post("/v1/decide", { flags, subject_id: "ben" })).toMatchObject({
      status: 200,
      json: {
        decisions: [
          { flag: "banner", value: false, reason: "no_active_experiment" },
          { flag: "nothing", value: null, reason: "flag_not_found" },
          { flag: "checkout", value: "narrow", reason: "targeting_mismatch" },
        ],
      },
    });
  });

  it("decides without recording when asked to peek", async () => {
    const body = { flag: "checkout", subject_id: "carla", attributes: german, peek: true };
    expect(await post("/v1/decide", body)).toMatchObject({
      json: { reason: "experiment_assigned", durability: "none" },
    });
  });

  it("explains with clauses in rule language", async () => {
    const body = { flag: "checkout", subject_id: "dora", attributes: { country: "FR" } };
    expect(await post("/v1/explain", body)).toMatchObject({
      status: 200,
      json: {
        reason: "targeting_mismatch",
        value: "narrow",
        gates: [
          { gate: "flag", verdict: "passed" },
          { gate: "experiment", verdict: "passed", experiment_key: "wider" },
          {
            gate: "targeting",
            verdict: "failed",
            clauses: [{ text: 'country == "DE"', actual: "FR", result: "false" }],
          },
          { gate: "participation", verdict: "not_reached" },
          { gate: "conflict_domains", verdict: "not_reached" },
          { gate: "allocation", verdict: "not_reached" },
          { gate: "variants", verdict: "not_reached" },
          { gate: "variant", verdict: "not_reached" },
        ],
      },
    });
  });

  it("takes subject ids and attributes of any script", async () => {
    const body = { flag: "checkout", subject_id: "\u{1F600}ä'\"\\;--", attributes: { "ключ\0": "\ud800", ...german } };
    expect(await post("/v1/decide", body)).toMatchObject({ status: 200, json: { reason: "experiment_assigned" } });
  });

  it("counts the decisions that were recorded", async () => {
    const metrics = await (await fetch(`${urlOf(api.address)}/metrics`)).text();
    expect(metrics).toMatch(/lotty_decide_requests_total\{reason="experiment_assigned"\} [1-9]/);
    expect(metrics).toContain('lotty_decide_requests_total{reason="flag_not_found"} 1\n');
  });

  it("suggests a flag with an experiment to whoever started it", async () => {
    expect(await api.welcome()).toContain('"flag":"checkout"');
  });
});

describe("the API while its database is away", () => {
  it("lives, is not ready, and asks to try again", async () => {
    const away = configOf({ DATABASE_URL: "postgres://lotty@127.0.0.1:1/lotty", LOTTY_DATA_DIR: "memory" });
    const api = await startApi(away, new RecordingLogger());
    const url = urlOf(api.address);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const body = JSON.stringify({ flag: "checkout", subject_id: "anna" });
    const headers = { "content-type": "application/json" };
    const decided = await fetch(`${url}/v1/decide`, { method: "POST", body, headers });
    expect(decided.status).toBe(503);
    expect(decided.headers.get("retry-after")).toBe("1");
    expect(await decided.json()).toMatchObject({ code: "not_ready" });
    await api.close();
    await expect(api.ready).rejects.toMatchObject({ name: "AbortError" });
  });
});
