import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DEFAULT_ENVIRONMENT_ID, type DecisionRecord, type DecisionSpool } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { describeDecisionSpool } from "@lotty/testkit/suites/decision-spool";
import { assigningDecision, sampleDecision } from "@lotty/testkit/suites/decision-store-fixture";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDecisionSpool } from "./decision-spool.ts";
import type { SpoolOptions } from "./sqlite-spool.ts";
import { testDirectory, type TestDirectory } from "./testing/test-directory.ts";

const subject = { environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "someone" };
const EXPERIMENT = "eeeeeeee-0000-7000-8000-000000000001";

let directory: TestDirectory;
let logger: RecordingLogger;
const spools: DecisionSpool[] = [];

beforeEach(async () => {
  directory = await testDirectory();
  logger = new RecordingLogger();
});

afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  await directory.remove();
});

function open(options: Partial<SpoolOptions> = {}): DecisionSpool {
  const spool = openDecisionSpool({
    directory: directory.path,
    maxRows: 1_000,
    maxBytes: 1e9,
    batchRows: 20,
    logger,
    ...options,
  });
  spools.push(spool);
  return spool;
}

async function drained(spool: DecisionSpool): Promise<readonly DecisionRecord[]> {
  const decisions: DecisionRecord[] = [];
  while ((await spool.drain((batch) => Promise.resolve(decisions.push(...batch)).then(() => []))) > 0);
  return decisions;
}

async function files(): Promise<readonly string[]> {
  return (await readdir(directory.path)).filter((name) => name.endsWith(".sqlite"));
}

describeDecisionSpool("in SQLite", async () => {
  const place = await testDirectory();
  const options = { maxRows: 200, batchRows: 20, maxBytes: 1e9, logger: new RecordingLogger() };
  const spool = openDecisionSpool({ ...options, directory: place.path });
  return {
    spool,
    maxRows: 200,
    batchRows: 20,
    close: async () => {
      await spool.close();
      await place.remove();
    },
  };
});

describe("a spool on disk", () => {
  it("leaves what waits to the next process, and no file when nothing waits", async () => {
    const decisions = [assigningDecision(subject, EXPERIMENT), sampleDecision(subject)];
    const first = open();
    await first.append(decisions);
    await first.close();
    const second = open();
    expect(second.size()).toMatchObject({ rows: 2, oldest: decisions[0]?.decidedAt });
    expect(second.assignmentsOf(subject.environmentId, subject.subjectId)).toHaveLength(1);
    expect(await drained(second)).toEqual(decisions);
    await second.close();
    expect(await files()).toEqual([]);
  });

  it("writes what was handed in when it is closed in the same turn", async () => {
    const first = open();
    const appended = first.append([sampleDecision(subject)]);
    await first.close();
    await appended;
    expect(open().size().rows).toBe(1);
  });

  it("gives every process a file of its own, and takes over files of those that are gone only", async () => {
    const [one, other] = [open(), open()];
    await one.append([sampleDecision(subject)]);
    await other.append([sampleDecision(subject), sampleDecision(subject)]);
    expect(await files()).toHaveLength(2);
    expect(one.takeOver()).toBe(0);
    await other.close();
    expect(one.takeOver()).toBe(2);
    expect(one.takeOver()).toBe(0);
    expect(logger.events).toContain("spool_taken_over");
    expect(await drained(one)).toHaveLength(3);
    expect(await files()).toHaveLength(1);
  });

  it("drains what was taken over first, and leaves what is added meanwhile for later", async () => {
    const [old, young] = [sampleDecision(subject), sampleDecision(subject)];
    const gone = open();
    await gone.append([old]);
    const spool = open();
    await spool.append([young]);
    await gone.close();
    spool.takeOver();
    expect(await drained(spool)).toEqual([old, young]);
  });

  it("counts what was set aside, keeps it on disk, and lets the next process try again", async () => {
    const decision = sampleDecision(subject);
    const first = open({ maxRows: 1 });
    await first.append([decision]);
    await first.drain((batch) => Promise.resolve(batch.map((item) => ({ item, reason: "no such experiment" }))));
    expect(first.size()).toMatchObject({ rows: 0, setAside: 1 });
    await expect(first.append([sampleDecision(subject)])).rejects.toMatchObject({ code: "decision_store_unavailable" });
    await first.close();
    const second = open();
    expect(second.size()).toMatchObject({ rows: 1, setAside: 0 });
    expect(await drained(second)).toEqual([decision]);
    expect(second.size()).toMatchObject({ rows: 0, bytes: 0, setAside: 0 });
  });

  it("is bounded in bytes, and says once that it is full", async () => {
    const spool = open({ maxBytes: 10_000 });
    const large = sampleDecision(subject, { value: "x".repeat(4_000) });
    await spool.append([large, large]);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(spool.append([large])).rejects.toMatchObject({ code: "decision_store_unavailable" });
    }
    expect(logger.events.filter((event) => event === "spool_full")).toHaveLength(1);
    await drained(spool);
    await spool.append([large]);
    await expect(spool.append([large, large])).rejects.toThrow("full");
    expect(logger.events.filter((event) => event === "spool_full")).toHaveLength(2);
  });

  it("estimates the bytes on disk within a factor of one and a half", async () => {
    const spool = open({ maxRows: 100_000 });
    const decisions = Array.from({ length: 20_000 }, (_, index) =>
      assigningDecision({ ...subject, subjectId: `subject-${index}` }, EXPERIMENT, {
        attributesDigest: "0123456789abcdef".repeat(4),
      }),
    );
    await spool.append(decisions);
    const estimate = spool.size().bytes;
    await spool.close();
    const [name = ""] = await files();
    const database = new DatabaseSync(join(directory.path, name), { readOnly: true });
    const actual = Number(
      database.prepare("SELECT page_count * page_size AS b FROM pragma_page_count, pragma_page_size").get()?.["b"],
    );
    database.close();
    expect(estimate / actual).toBeGreaterThan(1 / 1.5);
    expect(estimate / actual).toBeLessThan(1.5);
  });

  it("leaves files alone that it cannot read or that another version wrote", async () => {
    await writeFile(join(directory.path, "damaged.sqlite"), "x".repeat(5_000));
    const newer = new DatabaseSync(join(directory.path, "newer.sqlite"));
    newer.exec("PRAGMA user_version = 99; CREATE TABLE other (a)");
    newer.close();
    const spool = open();
    expect(spool.size().rows).toBe(0);
    expect(logger.events).toContain("spool_file_unreadable");
    await spool.close();
    expect(await files()).toEqual(["damaged.sqlite", "newer.sqlite"]);
  });

  it.each([
    [1, "name no rule and bring no attributes", ["rule_id", "attributes"]],
    [2, "bring no attributes", ["attributes"]],
  ])("drains what a process has left behind whose format is %i and whose decisions %s", async (format, _, missing) => {
    const first = open();
    const decision = sampleDecision(subject);
    await first.append([decision]);
    await first.close();
    const [name = ""] = await files();
    const before = new DatabaseSync(join(directory.path, name));
    for (const column of missing) before.exec(`ALTER TABLE spooled DROP COLUMN ${column}`);
    before.exec(`PRAGMA user_version = ${format}`);
    before.close();
    const second = open();
    expect(await drained(second)).toStrictEqual([decision]);
    const inFull = sampleDecision(subject, { attributes: '{"country":"DE"}' });
    await second.append([inFull]);
    expect(await drained(second)).toStrictEqual([inFull]);
  });

  it("sets a row aside that is no decision of this version", async () => {
    const first = open();
    await first.append([sampleDecision(subject), sampleDecision(subject)]);
    await first.close();
    const [name = ""] = await files();
    const database = new DatabaseSync(join(directory.path, name));
    database.exec("UPDATE spooled SET reason = 'of_the_future' WHERE seq = 1");
    database.close();
    const second = open();
    expect(await drained(second)).toHaveLength(1);
    expect(second.size()).toMatchObject({ rows: 0, setAside: 1 });
  });

  it("refuses to open where it cannot write, and says where", async () => {
    await writeFile(join(directory.path, "file"), "");
    expect(() => open({ directory: join(directory.path, "file", "spool") })).toThrow(directory.path);
  });
});

describe("whatever happens between appending and draining", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("append" as const), rows: fc.integer({ min: 1, max: 9 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("drain" as const), fails: fc.constantFrom("no", "before", "after") }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "reopen" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "second" as const }) },
  );

  it("every acknowledged decision arrives, in the order of its file, and only once by its id", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const place = await testDirectory();
        const options = { directory: place.path, maxRows: 100, maxBytes: 1e9, batchRows: 4, logger };
        let spool = openDecisionSpool(options);
        const acknowledged: string[] = [];
        /** What the store has, by id: writing again what is there changes nothing. */
        const arrived = new Set<string>();
        const write = (fails: string) => async (batch: readonly DecisionRecord[]) => {
          if (fails === "before") throw new Error("refused");
          for (const { decisionId } of batch) arrived.add(decisionId);
          if (fails === "after") throw new Error("answer lost");
          return [];
        };
        for (const each of steps) {
          if (each.kind === "append") {
            const decisions = Array.from({ length: each.rows }, () => sampleDecision(subject));
            await spool.append(decisions).then(
              () => acknowledged.push(...decisions.map(({ decisionId }) => decisionId)),
              () => expect(spool.size().rows + each.rows).toBeGreaterThan(100),
            );
          } else if (each.kind === "drain") {
            await spool.drain(write(each.fails)).catch(() => undefined);
          } else if (each.kind === "reopen") {
            await spool.close();
            spool = openDecisionSpool(options);
          } else {
            const other = openDecisionSpool(options);
            expect(other.size().rows).toBe(0);
            await other.close();
          }
          expect(spool.size().rows).toBeGreaterThanOrEqual(acknowledged.length - arrived.size);
        }
        while ((await spool.drain(write("no"))) > 0);
        expect([...arrived]).toEqual(acknowledged);
        await spool.close();
        await place.remove();
      }),
      { numRuns: 60 },
    );
  });
});
