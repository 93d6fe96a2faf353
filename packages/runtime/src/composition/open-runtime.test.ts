import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID, LottyError } from "@lotty/domain";
import type { Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { changedDefault, CHECKOUT_EXPERIMENT, FIRST_CHANGE } from "../testing/demo-configuration.ts";
import { openRuntime } from "./open-runtime.ts";
import type { Runtime } from "./runtime.ts";

const norwegian = { subject: { id: "u1", attributes: { country: "NO" } } };

async function loadDemo(storage: Storage): Promise<void> {
  if ((await storage.configuration.revision(DEFAULT_ENVIRONMENT_ID)) > 0) return;
  await storage.configuration.apply(DEFAULT_ENVIRONMENT_ID, FIRST_CHANGE, 0);
}

describe("an embedded runtime", () => {
  let directory: string;
  let failedStart: unknown;
  let runtime: Runtime;
  const logger = new RecordingLogger();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-runtime-"));
    const config = configForTest({ LOTTY_DATA_DIR: directory });
    // Making a database takes seconds, so the start that fails is the one that makes it.
    const prepare = () => Promise.reject(new LottyError("invalid_definition", "line 3: unknown field"));
    failedStart = await openRuntime(config, { role: "api", logger, prepare }).catch((error: unknown) => error);
    logger.lines.length = 0;
    runtime = await openRuntime(config, { role: "api", logger, prepare: loadDemo });
  }, 120_000);

  afterAll(async () => {
    await runtime.close();
    await rm(directory, { recursive: true });
  });

  it("does not open when preparing fails for good, and lets go of the database", () => {
    expect(failedStart).toMatchObject({ code: "invalid_definition" });
    expect(runtime.storage.kind).toBe("pglite");
  });

  it("makes partitions, loads what it was given to prepare, and is ready when it opens", async () => {
    await runtime.ready;
    expect(logger.events).toEqual(expect.arrayContaining(["decision_partitions_created", "configuration_loaded"]));
    expect(await runtime.health.report()).toMatchObject({
      ready: true,
      checks: { configuration: { status: "ok", revision: 1 }, database: { status: "ok", kind: "pglite" } },
    });
  });

  it("decides, records before it answers, and reuses the outcome with a new decision id", async () => {
    const first = await runtime.decider.decideForFlag("checkout", norwegian);
    const second = await runtime.decider.decideForFlag("checkout", norwegian);
    expect(first).toMatchObject({
      reason: "experiment_assigned",
      experimentId: CHECKOUT_EXPERIMENT.id,
      durability: "committed",
      source: "computed",
    });
    expect(second).toMatchObject({ value: first.value, variantId: first.variantId, source: "cache" });
    expect(second.decisionId > first.decisionId).toBe(true);
    expect(await runtime.storage.history.load(DEFAULT_ENVIRONMENT_ID, "u1")).toHaveLength(1);
  });

  it("explains what it decides", async () => {
    const explanation = await runtime.decider.explainForFlag("checkout", { subject: { id: "u2", attributes: {} } });
    expect(explanation).toMatchObject({ reason: "targeting_mismatch", value: "classic", revision: 1 });
  });

  it("counts decisions and shows the configuration in use", async () => {
    const text = await runtime.metrics.registry.metrics();
    expect(text).toMatch(/lotty_decide_requests_total\{reason="experiment_assigned"\} [1-9]/);
    expect(text).toContain('lotty_configuration_revision{environment="production"} 1\n');
  });

  it("keeps partitions for a week ahead", async () => {
    expect(await runtime.storage.partitions.list()).toHaveLength(8);
    expect(await runtime.storage.partitions.strays()).toBe(0);
  });

  it("sees its own changes of the configuration at once", async () => {
    const { configuration } = runtime.storage;
    const before = await configuration.load(DEFAULT_ENVIRONMENT_ID);
    await configuration.apply(DEFAULT_ENVIRONMENT_ID, changedDefault(before, "new"), before.revision);
    const abroad = { subject: { id: "u3", attributes: { country: "SE" } }, peek: true };
    await expect.poll(async () => (await runtime.decider.decideForFlag("checkout", abroad)).value).toBe("new");
  });

  it("refuses a second process on the same directory, and says so", async () => {
    const second = openRuntime(runtime.config, { role: "cli", logger: new RecordingLogger() });
    await expect(second).rejects.toMatchObject({ code: "data_directory_in_use" });
  });

  it("keeps its data over a restart, and does not prepare twice what is there", async () => {
    await runtime.close();
    runtime = await openRuntime(runtime.config, { role: "cli", logger: new RecordingLogger(), prepare: loadDemo });
    expect(await runtime.storage.history.load(DEFAULT_ENVIRONMENT_ID, "u1")).toHaveLength(1);
    expect(await runtime.decider.decideForFlag("checkout", norwegian)).toMatchObject({ reason: "experiment_assigned" });
  });
});
