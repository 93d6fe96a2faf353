import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import {
  assigningDecision,
  assignmentOf,
  STORE_NOW,
  storeExperiments,
} from "@lotty/testkit/suites/decision-store-fixture";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOCK_FILE } from "./directory-lock.ts";
import { openEmbedded } from "./open-embedded.ts";

describe("openEmbedded", () => {
  const logger = new RecordingLogger();
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  let parent: string;
  let directory: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), "lotty-embedded-"));
    directory = join(parent, "not", "there", "yet");
  });
  afterAll(() => rm(parent, { recursive: true }));

  it("keeps the data in a directory that one opens at a time", { timeout: 60_000 }, async () => {
    const subject = { environmentId, subjectId: "someone" };
    const first = await openEmbedded({ directory, logger });
    expect(first.kind).toBe("pglite");
    expect(first.location).toBe(directory);
    await first.migrate();
    const [experimentId = ""] = await storeExperiments(first.configuration, environmentId, 1);
    const decision = assigningDecision(subject, experimentId);
    await first.recorder.record({ ...subject, decisions: [decision], basedOn: [] });
    expect(await first.partitions.ensureAhead(STORE_NOW, 0)).toStrictEqual(["decisions_d20260301"]);
    const configuration = await first.configuration.load(environmentId);
    await expect(openEmbedded({ directory, logger })).rejects.toMatchObject({
      code: "data_directory_in_use",
      details: { pid: process.pid, path: join(directory, LOCK_FILE) },
    });
    await first.close();
    await first.close();
    expect(await readdir(directory)).toStrictEqual(["postgres"]);

    const again = await openEmbedded({ directory, logger });
    expect(await again.migrate()).toStrictEqual({ applied: [] });
    expect(await again.configuration.load(environmentId)).toStrictEqual(configuration);
    expect(await again.history.load(environmentId, "someone")).toStrictEqual([assignmentOf(decision)]);
    expect(await again.partitions.list()).toStrictEqual(["decisions_d20260301"]);
    expect(await again.partitions.strays()).toBe(0);
    await expect(again.ping()).resolves.toBeUndefined();
    await again.close();
    await expect(again.ping()).rejects.toMatchObject({ code: "database_unavailable" });
  });

  it("keeps nothing when it works in memory", { timeout: 60_000 }, async () => {
    const storage = await openEmbedded({ directory: "memory", logger });
    expect(storage.location).toBe("memory");
    await storage.migrate();
    expect(await storage.configuration.revision(environmentId)).toBe(0);
    await storage.close();
  });

  it("gives the directory back when the database cannot be opened", { timeout: 60_000 }, async () => {
    const { writeFile, mkdir } = await import("node:fs/promises");
    const broken = join(parent, "broken");
    await mkdir(broken);
    await writeFile(join(broken, "postgres"), "a file where a directory should be");
    await expect(openEmbedded({ directory: broken, logger })).rejects.toMatchObject({ code: "database_unavailable" });
    expect(await readdir(broken)).toStrictEqual(["postgres"]);
  });
});
