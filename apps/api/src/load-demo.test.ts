import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDemo, type LoadDemoOptions } from "./load-demo.ts";
import { DEMO_FILE } from "./testing/demo-file.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-demo-"));
});

afterAll(() => rm(directory, { recursive: true }));

async function optionsFor(text: string): Promise<LoadDemoOptions & { readonly logger: RecordingLogger }> {
  const file = join(directory, "demo.yaml");
  await writeFile(file, text);
  return {
    file,
    clock: new ManualClock(1_772_366_400_000_000),
    ids: new SequentialIds(),
    logger: new RecordingLogger(),
  };
}

describe("loadDemo", () => {
  it("fills a store that never held anything", async () => {
    const store = new MemoryDecisionStore();
    const options = await optionsFor(DEMO_FILE);
    await loadDemo(store, options);
    const configuration = await store.load(DEFAULT_ENVIRONMENT_ID);
    expect(configuration).toMatchObject({ revision: 1, flags: [{ key: "checkout" }, { key: "banner" }] });
    expect(configuration.experiments.map(({ key }) => key)).toEqual(["wider"]);
    expect(options.logger.events).toEqual(["demo_loaded"]);
  });

  it("leaves a store alone that holds something, or once did", async () => {
    const store = new MemoryDecisionStore();
    await store.apply(DEFAULT_ENVIRONMENT_ID, {}, 0);
    await loadDemo(store, await optionsFor(DEMO_FILE));
    expect(await store.load(DEFAULT_ENVIRONMENT_ID)).toMatchObject({ revision: 1, flags: [] });
  });

  it("gives way to another process that fills the store at the same moment", async () => {
    const store = new MemoryDecisionStore();
    const options = await optionsFor(DEMO_FILE);
    await Promise.all([loadDemo(store, options), loadDemo(store, options)]);
    expect(await store.revision(DEFAULT_ENVIRONMENT_ID)).toBe(1);
  });

  it("writes nothing for a file that states nothing", async () => {
    const store = new MemoryDecisionStore();
    await loadDemo(store, await optionsFor("flags: []"));
    expect(await store.revision(DEFAULT_ENVIRONMENT_ID)).toBe(0);
  });

  it("shows where a file is wrong", async () => {
    const options = await optionsFor("flags:\n  - key: a\n    type: colour\n    default: x\n");
    await expect(loadDemo(new MemoryDecisionStore(), options)).rejects.toMatchObject({
      code: "invalid_definition",
      message: expect.stringContaining("demo.yaml:3:11") as unknown,
    });
  });

  it("says which file cannot be read", async () => {
    const options = { ...(await optionsFor("")), file: join(directory, "missing.yaml") };
    await expect(loadDemo(new MemoryDecisionStore(), options)).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining("missing.yaml") as unknown,
    });
  });
});
