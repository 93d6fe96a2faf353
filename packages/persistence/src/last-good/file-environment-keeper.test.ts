import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileEnvironmentKeeper } from "./file-environment-keeper.ts";

const STAGING: Environment = { id: "id", key: "staging", createdAt: 1, archivedAt: null };

describe("FileEnvironmentKeeper", () => {
  let directory: string;
  let logger: RecordingLogger;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-environments-"));
    logger = new RecordingLogger();
  });
  afterEach(() => rm(directory, { recursive: true }));

  function keeperOf(url = "postgres://someone:secret@db/lotty"): FileEnvironmentKeeper {
    return new FileEnvironmentKeeper({ directory, url, logger });
  }

  it("gives back what was kept last, to another process as well", async () => {
    const keeper = keeperOf();
    expect(await keeper.recallEnvironments()).toBeUndefined();
    keeper.keepEnvironments([]);
    keeper.keepEnvironments([STAGING]);
    await keeper.close();
    expect(await keeperOf().recallEnvironments()).toStrictEqual([STAGING]);
    expect(logger.events).toEqual([]);
  });

  it("takes nothing from another database, and nothing that is damaged", async () => {
    const keeper = keeperOf();
    keeper.keepEnvironments([STAGING]);
    await keeper.close();
    expect(await keeperOf("postgres://someone@other/lotty").recallEnvironments()).toBeUndefined();
    const [name = ""] = await readdir(directory);
    for (const text of [
      "{",
      "{}",
      "null",
      JSON.stringify({ kind: "lotty environments", format: 1, environments: [1] }),
    ]) {
      await writeFile(join(directory, name), text);
      expect(await keeperOf().recallEnvironments()).toBeUndefined();
    }
    expect(logger.events).toEqual(Array(4).fill("kept_environments_ignored"));
  });

  it("only warns when it cannot write", async () => {
    await writeFile(join(directory, "file"), "");
    const keeper = new FileEnvironmentKeeper({
      directory: join(directory, "file"),
      url: "postgres://db/lotty",
      logger,
    });
    keeper.keepEnvironments([STAGING]);
    await keeper.close();
    expect(logger.events).toEqual(["environments_not_kept"]);
  });
});
