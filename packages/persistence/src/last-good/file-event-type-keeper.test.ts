import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventType } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileEventTypeKeeper } from "./file-event-type-keeper.ts";

const PURCHASE: EventType = {
  environmentId: "one",
  key: "purchase",
  description: null,
  schema: { type: "object", required: ["total"] },
  requiresExposure: true,
  archivedAt: null,
  version: 3,
  updatedAt: 1,
};

describe("FileEventTypeKeeper", () => {
  let directory: string;
  let logger: RecordingLogger;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-event-types-"));
    logger = new RecordingLogger();
  });
  afterEach(() => rm(directory, { recursive: true }));

  function keeperOf(url = "postgres://someone:secret@db/lotty"): FileEventTypeKeeper {
    return new FileEventTypeKeeper({ directory, url, logger });
  }

  it("gives back what was kept last, to another process as well, each environment's own", async () => {
    const keeper = keeperOf();
    expect(await keeper.recallEventTypes("one")).toBeUndefined();
    keeper.keepEventTypes("one", { revision: 6, types: [] });
    keeper.keepEventTypes("one", { revision: 7, types: [PURCHASE] });
    keeper.keepEventTypes("two", { revision: 1, types: [] });
    await keeper.close();
    expect(await keeperOf().recallEventTypes("one")).toStrictEqual({ revision: 7, types: [PURCHASE] });
    expect(await keeperOf().recallEventTypes("two")).toStrictEqual({ revision: 1, types: [] });
    expect(logger.events).toEqual([]);
  });

  it("takes nothing of another database, and nothing that is damaged", async () => {
    const keeper = keeperOf();
    keeper.keepEventTypes("one", { revision: 7, types: [PURCHASE] });
    await keeper.close();
    expect(await keeperOf("postgres://someone@other/lotty").recallEventTypes("one")).toBeUndefined();
    const [name = ""] = await readdir(directory);
    const path = join(directory, name);
    const good = await readFile(path, "utf8");
    expect(good).not.toContain("secret");
    for (const text of [
      good.slice(0, -9),
      good.replace('"one"', '"two"'),
      good.replace('"version":3', '"version":"3"'),
    ]) {
      await writeFile(path, text);
      expect(await keeperOf().recallEventTypes("one")).toBeUndefined();
    }
    expect(logger.events).toEqual(Array(3).fill("kept_event_types_ignored"));
  });

  it("only warns when it cannot write, and tries again with what comes next", async () => {
    const blocked = join(directory, "file");
    await writeFile(blocked, "");
    const keeper = new FileEventTypeKeeper({ directory: blocked, url: "postgres://db/lotty", logger });
    keeper.keepEventTypes("one", { revision: 1, types: [] });
    await expect.poll(() => logger.events).toEqual(["event_types_not_kept"]);
    await rm(blocked);
    keeper.keepEventTypes("one", { revision: 1, types: [] });
    await keeper.close();
    expect(await keeper.recallEventTypes("one")).toStrictEqual({ revision: 1, types: [] });
  });
});
