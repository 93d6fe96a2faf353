import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDecisionSpool } from "./decision-spool.ts";
import { testDirectory, type TestDirectory } from "./testing/test-directory.ts";

const PROGRAM = fileURLToPath(new URL("testing/acknowledging-process.ts", import.meta.url));
const ROUNDS = 5;

let directory: TestDirectory;

beforeEach(async () => {
  directory = await testDirectory();
});

afterEach(() => directory.remove());

/** Starts a process that appends, kills it after so many lines of output, and gives the ids that it told of. */
async function killedAfter(lines: number, mode: "append" | "drain") {
  const child = spawn(process.execPath, ["--conditions=@lotty/source", PROGRAM, directory.path, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (output.split("\n").length > lines) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  // The last line may have been cut off, but then the one who waited for it has not seen it.
  const told = output.split("\n").slice(0, -1);
  const idsOf = (word: string) =>
    told.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length + 1));
  return { acknowledged: idsOf("acknowledged"), stored: idsOf("stored") };
}

/** What the next process finds. */
async function kept(): Promise<readonly string[]> {
  const spool = openDecisionSpool({
    directory: directory.path,
    maxRows: 1e6,
    maxBytes: 1e9,
    logger: new RecordingLogger(),
  });
  const ids: string[] = [];
  const take = (batch: readonly { readonly decisionId: string }[]) => {
    ids.push(...batch.map(({ decisionId }) => decisionId));
    return Promise.resolve([]);
  };
  while ((await spool.drain(take)) > 0);
  await spool.close();
  return ids;
}

describe("a process that is killed", () => {
  it("has lost nothing that it acknowledged, and its file can be taken over at once", async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { acknowledged } = await killedAfter(round * 40, "append");
      const found = await kept();
      expect(found).toEqual([...new Set(found)].toSorted());
      expect(acknowledged.filter((id) => !found.includes(id))).toEqual([]);
    }
  }, 60_000);

  it("in the middle of draining leaves what was not stored, in order, and at most one batch of what was", async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { acknowledged, stored } = await killedAfter(round * 80, "drain");
      const found = await kept();
      expect(new Set(stored).size).toBe(stored.length);
      expect([...new Set([...stored, ...found])]).toEqual([...new Set([...stored, ...found])].toSorted());
      expect(acknowledged.filter((id) => !found.includes(id) && !stored.includes(id))).toEqual([]);
      expect(stored.filter((id) => found.includes(id)).length).toBeLessThanOrEqual(500);
    }
  }, 60_000);
});
