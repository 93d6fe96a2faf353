import { PGlite } from "@electric-sql/pglite";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type DecisionRecord } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleDecision, STORE_NOW } from "@lotty/testkit/suites/decision-store-fixture";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { composeEmbedded } from "../compose-embedded.ts";
import { poolOf } from "../compose-storage.ts";
import { openPostgres } from "../open-postgres.ts";
import { runStatement } from "../sql/sql-pool.ts";
import { EMBEDDED_PARSERS } from "../sql/value-parsers.ts";
import type { Storage } from "../storage.ts";
import { emptyStorage } from "../testing.ts";

const logger = new RecordingLogger();
const subject = { environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "ada" };

let database: TestDatabase;
let storages: Readonly<Record<string, Storage>>;

beforeAll(async () => {
  database = await createTestDatabase();
  const pglite = await PGlite.create({ parsers: EMBEDDED_PARSERS });
  storages = {
    Postgres: await openPostgres({ url: database.url, logger }),
    PGlite: composeEmbedded(pglite, { location: "memory", logger, onClosed: () => Promise.resolve() }),
  };
  for (const storage of Object.values(storages)) {
    await storage.migrate();
    await storage.partitions.ensureAhead(STORE_NOW, 4);
  }
}, 120_000);

afterAll(async () => {
  for (const storage of Object.values(storages)) await storage.close();
  await database.drop();
});

/** A decision so many days after the first, with attributes of its own. */
function decisionOn(day: number): DecisionRecord {
  const digest = String(day + 20).repeat(32);
  return sampleDecision(subject, {
    decidedAt: STORE_NOW + day * MICROS_PER_DAY,
    attributesDigest: digest,
    attributes: `{"day":${day}}`,
  });
}

describe.each(["Postgres", "PGlite"])("old decisions on %s", (name) => {
  let storage: Storage;
  beforeEach(async () => {
    const found = storages[name];
    if (found === undefined) throw new Error(`${name} was not opened.`);
    storage = found;
    await emptyStorage(storage);
    await storage.partitions.ensureAhead(STORE_NOW, 4);
  });

  async function leftOf(decisions: readonly DecisionRecord[]): Promise<readonly boolean[]> {
    const found = decisions.map(({ decisionId, environmentId }) => storage.log.find(environmentId, decisionId));
    return (await Promise.all(found)).map((decision) => decision !== null);
  }

  async function sets(): Promise<readonly string[]> {
    const text = "SELECT attributes FROM attribute_sets ORDER BY last_named_on";
    const { rows } = await runStatement(poolOf(storage), { text });
    return rows.map(({ attributes }) => String(attributes));
  }

  it("go in whole days, those of the day itself and later ones stay, and assignments do", async () => {
    const decisions = [-3, 0, 1, 2, 3].map(decisionOn);
    await storage.sink.write(decisions);
    const removed = await storage.decisionRetention.removeBefore(STORE_NOW + 2 * MICROS_PER_DAY);
    expect(removed).toStrictEqual({ days: ["decisions_d20260301", "decisions_d20260302"], strays: 1 });
    expect(await leftOf(decisions)).toStrictEqual([false, false, false, true, true]);
    expect(await storage.partitions.list()).toStrictEqual([
      "decisions_d20260303",
      "decisions_d20260304",
      "decisions_d20260305",
    ]);
    expect(await storage.decisionRetention.removeBefore(STORE_NOW + 2 * MICROS_PER_DAY)).toStrictEqual({
      days: [],
      strays: 0,
    });
  });

  it("take the attributes with them that only they named, whoever has taken the days away", async () => {
    await storage.sink.write([0, 1, 2, 3].map(decisionOn));
    expect(await storage.decisionRetention.removeUnnamedAttributes(10)).toBe(0);
    await runStatement(poolOf(storage), { text: "DROP TABLE decisions_d20260301" });
    await storage.decisionRetention.removeBefore(STORE_NOW + 2 * MICROS_PER_DAY);
    expect(await storage.decisionRetention.removeUnnamedAttributes(1)).toBe(1);
    expect(await storage.decisionRetention.removeUnnamedAttributes(10)).toBe(1);
    expect(await sets()).toStrictEqual(['{"day":2}', '{"day":3}']);
  });

  it("leave attributes that a stray names, and those that are named again", async () => {
    const [first, again] = [decisionOn(0), { ...decisionOn(0), ...decisionIn(3) }];
    const stray = decisionOn(-3);
    await storage.sink.write([first, again, stray]);
    await runStatement(poolOf(storage), { text: "DROP TABLE decisions_d20260301" });
    expect(await storage.decisionRetention.removeUnnamedAttributes(10)).toBe(0);
    expect(await sets()).toStrictEqual(['{"day":-3}', '{"day":0}']);
  });

  function decisionIn(day: number): Pick<DecisionRecord, "decisionId" | "decidedAt"> {
    const { decidedAt, decisionId } = decisionOn(day);
    return { decidedAt, decisionId };
  }

  it("go once, also when several processes take them away while others record", async () => {
    await storage.sink.write([0, 1].map(decisionOn));
    const removing = Array.from({ length: 4 }, () =>
      storage.decisionRetention.removeBefore(STORE_NOW + MICROS_PER_DAY),
    );
    const writing = Array.from({ length: 20 }, () => storage.sink.write([decisionOn(3)]));
    const removed = await Promise.all(removing);
    await Promise.all(writing);
    expect(removed.flatMap(({ days }) => days)).toStrictEqual(["decisions_d20260301"]);
  });
});
