import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleDecision } from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

describe("partitions of the decision log", () => {
  const now = Date.UTC(2026, 11, 31, 23, 59, 59, 999) * 1_000;
  const subject = { environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "someone" };
  let database: TestDatabase;
  let storage: Storage;
  let rival: Storage;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { url: database.url, logger: new RecordingLogger() };
    storage = await openPostgres(options);
    rival = await openPostgres(options);
    await storage.migrate();
    pool = new Pool({ connectionString: database.url });
  });

  afterAll(async () => {
    await Promise.all([storage.close(), rival.close(), pool.end()]);
    await database.drop();
  });

  async function tableOf(decisionId: string): Promise<string | undefined> {
    const text = "SELECT tableoid::regclass::text AS name FROM decisions WHERE decision_id = $1";
    return (await pool.query<{ name: string }>(text, [decisionId])).rows[0]?.name;
  }

  it("are made for the day and the days ahead, once, whoever asks", async () => {
    expect(await storage.partitions.list()).toStrictEqual([]);
    const days = ["decisions_d20261231", "decisions_d20270101", "decisions_d20270102"];
    const created = await Promise.all([storage, rival, rival].map(({ partitions }) => partitions.ensureAhead(now, 2)));
    expect(created.flat().toSorted()).toStrictEqual(days);
    expect(await rival.partitions.list()).toStrictEqual(days);
    expect(await storage.partitions.ensureAhead(now, 2)).toStrictEqual([]);
  });

  it("take the decisions of their day, from its first to its last millisecond", async () => {
    const midnight = Date.UTC(2027, 0, 1) * 1_000;
    const times = [midnight - 1, midnight, midnight + MICROS_PER_DAY - 1, midnight + MICROS_PER_DAY];
    const decisions = times.map((decidedAt) => sampleDecision(subject, { decidedAt }));
    await storage.sink.write(decisions);
    const tables = await Promise.all(decisions.map(({ decisionId }) => tableOf(decisionId)));
    const days = ["decisions_d20261231", "decisions_d20270101", "decisions_d20270101", "decisions_d20270102"];
    expect(tables).toStrictEqual(days);
    expect(await storage.partitions.strays()).toBe(0);
  });

  it("leave strays to the default partition, which counts them, until there is a partition for them", async () => {
    const later = now + 10 * MICROS_PER_DAY;
    const early = sampleDecision(subject, { decidedAt: later });
    const foreign = sampleDecision(subject, { decisionId: randomUUID(), decidedAt: later });
    await storage.sink.write([early, foreign]);
    expect(await storage.partitions.strays()).toBe(2);
    expect(await storage.partitions.ensureAhead(later, 0)).toStrictEqual(["decisions_d20270110"]);
    expect(await tableOf(early.decisionId)).toBe("decisions_d20270110");
    expect(await tableOf(foreign.decisionId)).toBe("decisions_strays");
    expect(await storage.partitions.strays()).toBe(1);
    await storage.sink.write([early]);
    const { rows } = await pool.query("SELECT 1 FROM decisions WHERE decision_id = $1", [early.decisionId]);
    expect(rows).toHaveLength(1);
  });

  it("can be made while decisions of those days are being written", async () => {
    const days = Array.from({ length: 6 }, (_, index) => now + (20 + index) * MICROS_PER_DAY);
    const writing = Array.from({ length: 300 }, (_, index) => {
      const decidedAt = days[index % days.length] ?? now;
      return storage.recorder.record({
        ...subject,
        decisions: [sampleDecision(subject, { decidedAt })],
        basedOn: null,
      });
    });
    const making = rival.partitions.ensureAhead(days[0] ?? now, 5);
    expect((await Promise.all(writing)).every(({ status }) => status === "committed")).toBe(true);
    expect(await making).toHaveLength(6);
    expect(await storage.partitions.strays()).toBe(1);
  });

  it("have the indexes and checks of the whole log", async () => {
    const [name = ""] = await storage.partitions.list();
    const { rows } = await pool.query<{ indexdef: string }>("SELECT indexdef FROM pg_indexes WHERE tablename = $1", [
      name,
    ]);
    expect(rows.map(({ indexdef }) => indexdef.replace(/^.*USING /, "")).toSorted()).toStrictEqual([
      "btree (decision_id)",
      "btree (environment_id, subject_id, decision_id)",
    ]);
    const bad = pool.query(`UPDATE ${name} SET reason = 'whim'`);
    await expect(bad).rejects.toMatchObject({ code: "23514" });
  });
});
