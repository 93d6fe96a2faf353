import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Flag } from "@lotty/domain";
import { configurationToKeep, describeConfigurationKeeper } from "@lotty/testkit/suites/configuration-keeper";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileConfigurationKeeper } from "./file-configuration-keeper.ts";

const url = "postgres://lotty:hunter2@db.example.com:5432/lotty";
const { environmentId } = configurationToKeep(1);

describeConfigurationKeeper("in files", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lotty-last-good-"));
  const opened: FileConfigurationKeeper[] = [];
  const opener = (): FileConfigurationKeeper => {
    const keeper = new FileConfigurationKeeper({ directory, url, logger: new RecordingLogger() });
    opened.push(keeper);
    return keeper;
  };
  const closeAll = async (): Promise<void> => {
    for (const keeper of opened) await keeper.close();
  };
  return {
    keeper: opener(),
    reopen: async () => {
      await closeAll();
      return opener();
    },
    close: async () => {
      await closeAll();
      await rm(directory, { recursive: true });
    },
  };
});

describe("a file of the last good configuration", () => {
  let directory: string;
  let logger: RecordingLogger;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-last-good-"));
    logger = new RecordingLogger();
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  function keeperOf(overrides: { readonly url?: string; readonly directory?: string } = {}): FileConfigurationKeeper {
    return new FileConfigurationKeeper({ directory, url, logger, ...overrides });
  }

  async function keptFile(revision = 1): Promise<string> {
    const keeper = keeperOf();
    keeper.keep({ configuration: configurationToKeep(revision), confirmedAt: 1 });
    await keeper.close();
    const [name = ""] = await readdir(directory);
    return join(directory, name);
  }

  it("is the only file left, holds no password, and is its owner's alone", async () => {
    const path = await keptFile();
    expect(await readdir(directory)).toHaveLength(1);
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -20)],
    ["empty", () => ""],
    ["changed in one character", (text: string) => text.replace('"weight":5000', '"weight":5001')],
    ["without its last line", (text: string) => `${text.trimEnd().split("\n").slice(0, -1).join("\n")}\n`],
    ["not ours", () => "hello\n"],
    ["full of zeros", (text: string) => "\0".repeat(text.length)],
  ])("is ignored with a warning when it is %s", async (_, damage) => {
    const path = await keptFile();
    await writeFile(path, damage(await readFile(path, "utf8")));
    expect(await keeperOf().recall(environmentId)).toBeUndefined();
    expect(logger.lines).toMatchObject([
      { level: "warn", event: "last_good_configuration_ignored", fields: { reason: "damaged" } },
    ]);
  });

  it("is ignored in whatever place it is cut", async () => {
    const path = await keptFile();
    const text = await readFile(path);
    for (let length = 0; length < text.length; length += 97) {
      await writeFile(path, text.subarray(0, length));
      expect(await keeperOf().recall(environmentId)).toBeUndefined();
    }
  });

  it("is not taken from another database that has an environment of the same id", async () => {
    const other = "postgres://lotty:hunter2@db.example.com:5432/other";
    const path = await keptFile();
    expect(await keeperOf({ url: other }).recall(environmentId)).toBeUndefined();
    // Even under the very name that it would have there.
    const foreign = keeperOf({ url: other });
    foreign.keep({ configuration: configurationToKeep(5), confirmedAt: 1 });
    await foreign.close();
    const otherPath = (await readdir(directory)).map((name) => join(directory, name)).find((name) => name !== path);
    await writeFile(otherPath ?? "", await readFile(path));
    expect(await keeperOf({ url: other }).recall(environmentId)).toBeUndefined();
    expect(logger.lines).toMatchObject([{ fields: { reason: "foreign" } }]);
  });

  it("of the version before is read as it was meant: flags are enabled and have no rules", async () => {
    const path = await keptFile();
    const [head = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
    const older = lines.slice(0, -1).flatMap((line): string[] => {
      const item = JSON.parse(line) as Record<string, object>;
      if (item["segment"] !== undefined) return [];
      const flag = item["flag"];
      if (flag === undefined) return [line];
      const { enabled: _, rules: __, ...rest } = flag as Flag;
      return [JSON.stringify({ flag: rest })];
    });
    const body = [head.replace('"format":2', '"format":1'), ...older].map((line) => `${line}\n`).join("");
    const sha256 = createHash("sha256").update(body).digest("hex");
    await writeFile(path, `${body}${JSON.stringify({ sha256 })}\n`);
    const { configuration } = (await keeperOf().recall(environmentId)) ?? {};
    const expected = configurationToKeep(1);
    const flags = expected.flags.map((flag) => ({ ...flag, enabled: true, rules: [] }));
    expect(configuration).toEqual({ ...expected, flags, segments: [] });
  });

  it("is found again when only the password of the database has changed", async () => {
    await keptFile();
    const rotated = keeperOf({ url: url.replace("hunter2", "hunter3") });
    expect((await rotated.recall(environmentId))?.configuration.revision).toBe(1);
  });

  it("stays as it is when its directory cannot be written to, which is said once", async () => {
    const file = join(directory, "not-a-directory");
    await writeFile(file, "");
    const keeper = keeperOf({ directory: file });
    for (let revision = 1; revision <= 2; revision += 1) {
      keeper.keep({ configuration: configurationToKeep(revision), confirmedAt: revision });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await keeper.close();
    expect(logger.events).toEqual(["last_good_configuration_not_kept"]);
  });

  it("makes its directory", async () => {
    const deeper = join(directory, "some", "where");
    const keeper = keeperOf({ directory: deeper });
    keeper.keep({ configuration: configurationToKeep(1), confirmedAt: 1 });
    await keeper.close();
    expect(await readdir(deeper)).toHaveLength(1);
  });

  it("is written once for many changes at once, and not at all for confirmations close to each other", async () => {
    const keeper = keeperOf();
    for (let revision = 1; revision <= 1_000; revision += 1) {
      keeper.keep({ configuration: configurationToKeep(revision), confirmedAt: revision });
    }
    const startedAt = performance.now();
    await keeper.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const again = keeperOf();
    again.keep({ configuration: configurationToKeep(1), confirmedAt: 0 });
    again.confirm(1_000_000);
    await again.close();
    expect((await again.recall(environmentId))?.confirmedAt).toBe(0);
  });
});
