import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AckLog, readAcknowledgements, type Acknowledgement } from "./ack-log.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lotty-acks-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function acknowledgement(n: number): Acknowledgement {
  return {
    id: `id-${String(n)}`,
    word: n % 2 === 0 ? "queued" : "committed",
    flag: "banner",
    subject: `s${String(n)}`,
  };
}

test("what was handed in is on disk once the promise resolves", async () => {
  const file = join(folder, "acks");
  const log = await AckLog.create(file);
  await log.append([acknowledgement(1), acknowledgement(2)]);
  expect(await readAcknowledgements(file)).toEqual([acknowledgement(1), acknowledgement(2)]);
  await log.close();
});

test("everything that many callers hand in at once is kept, once each", async () => {
  const file = join(folder, "acks");
  const log = await AckLog.create(file);
  const numbers = Array.from({ length: 300 }, (_, n) => n);
  await Promise.all(numbers.map((n) => log.append([acknowledgement(n)])));
  await log.close();
  expect(log.size).toBe(300);
  expect(await readAcknowledgements(file)).toEqual(numbers.map(acknowledgement));
});

test("whoever hands in when the disk refuses is told", async () => {
  const log = await AckLog.create(join(folder, "acks"));
  await log.close();
  await expect(log.append([acknowledgement(1)])).rejects.toThrow(/closed/);
});
