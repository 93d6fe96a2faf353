import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDefinitionsControl } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { ValueSchemas } from "@lotty/value-schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDemo, type LoadDemoOptions } from "./load-demo.ts";
import { DEMO_FILE } from "./testing/demo-file.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-demo-"));
});

afterAll(() => rm(directory, { recursive: true }));

interface DemoFixture extends LoadDemoOptions {
  readonly logger: RecordingLogger;
  readonly store: MemoryDecisionStore;
  readonly record: MemoryControlPlaneStore;
}

async function fixtureFor(text: string): Promise<DemoFixture> {
  const file = join(directory, "demo.yaml");
  await writeFile(file, text);
  const store = new MemoryDecisionStore();
  const record = new MemoryControlPlaneStore(store);
  const definitions = createDefinitionsControl({
    ...memoryControlPorts(),
    store: record,
    schemas: new ValueSchemas(),
    settings: { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 },
    people: () => Promise.resolve([]),
  });
  return { file, store, record, definitions, logger: new RecordingLogger() };
}

describe("loadDemo", () => {
  it("fills a store that never held anything", async () => {
    const options = await fixtureFor(DEMO_FILE);
    const { record, store } = options;
    await loadDemo(options);
    const configuration = await store.load(DEFAULT_ENVIRONMENT_ID);
    expect(configuration).toMatchObject({ revision: 1, flags: [{ key: "checkout" }, { key: "banner" }] });
    expect(configuration.experiments.map(({ key }) => key)).toEqual(["wider"]);
    expect(options.logger.events).toEqual(["demo_loaded"]);
    expect(record.entries.map(({ action, from }) => [action, from])).toContainEqual(["flag.apply", "LOTTY_DEMO"]);
  });

  it("leaves a store alone that holds something, or once did", async () => {
    const options = await fixtureFor(DEMO_FILE);
    const { store } = options;
    await store.apply(DEFAULT_ENVIRONMENT_ID, {}, 0);
    await loadDemo(options);
    expect(await store.load(DEFAULT_ENVIRONMENT_ID)).toMatchObject({ revision: 1, flags: [] });
  });

  it("gives way to another process that fills the store at the same moment", async () => {
    const options = await fixtureFor(DEMO_FILE);
    const { store } = options;
    await Promise.all([loadDemo(options), loadDemo(options)]);
    expect(await store.revision(DEFAULT_ENVIRONMENT_ID)).toBe(1);
  });

  it("writes nothing for a file that states nothing", async () => {
    const options = await fixtureFor("flags: []");
    const { store } = options;
    await loadDemo(options);
    expect(await store.revision(DEFAULT_ENVIRONMENT_ID)).toBe(0);
  });

  it("shows where a file is wrong", async () => {
    const options = await fixtureFor("flags:\n  - key: a\n    type: colour\n    default: x\n");
    await expect(loadDemo(options)).rejects.toMatchObject({
      code: "invalid_definition",
      message: expect.stringContaining("demo.yaml:3:11") as unknown,
    });
  });

  it("refuses a file whose values are not what its schemas ask for", async () => {
    const options = await fixtureFor("flags: [{ key: a, type: string, default: x, schema: { enum: [y] } }]");
    await expect(loadDemo(options)).rejects.toMatchObject({ code: "invalid_definition" });
  });

  it("says which file cannot be read", async () => {
    const options = { ...(await fixtureFor("")), file: join(directory, "missing.yaml") };
    await expect(loadDemo(options)).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining("missing.yaml") as unknown,
    });
  });
});
