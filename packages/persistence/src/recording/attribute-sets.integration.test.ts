import { createHash, randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type DecisionRecord } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { assigningDecision, sampleDecision, STORE_NOW } from "@lotty/testkit/suites/decision-store-fixture";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";
import { emptyStorage } from "../testing.ts";
import { recordStatement, writeStatement } from "./record-statement.ts";

describe("attribute sets on Postgres", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  let database: TestDatabase;
  let storage: Storage;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    await storage.migrate();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  beforeEach(() => emptyStorage(storage));

  afterAll(async () => {
    await Promise.all([client.end(), storage.close()]);
    await database.drop();
  });

  /** A decision on a day, with attributes that it names in full. */
  function decision(subjectId: string, plan: string, day = 0): DecisionRecord {
    const attributes = JSON.stringify({ plan });
    const attributesDigest = createHash("sha256").update(attributes).digest("hex");
    const decidedAt = STORE_NOW + day * MICROS_PER_DAY;
    return sampleDecision({ environmentId, subjectId }, { attributes, attributesDigest, decidedAt });
  }

  /** The sets as rows, with the version of each row and who holds a lock on it. */
  async function sets(): Promise<readonly object[]> {
    const { rows } = await client.query<object>(
      `SELECT subject_id, attributes, last_named_on::text AS day, xmin::text, xmax::text, ctid::text
       FROM attribute_sets ORDER BY subject_id, attributes`,
    );
    return rows;
  }

  it("are kept once for each subject, with the newest day that names them", async () => {
    await storage.sink.write([decision("ada", "pro", 1), decision("ada", "pro"), decision("bob", "pro")]);
    await storage.sink.write([decision("ada", "pro", -3), decision("ada", "free"), decision("bob", "pro", 2)]);
    expect(await sets()).toMatchObject([
      { subject_id: "ada", attributes: '{"plan":"free"}', day: "2026-03-01" },
      { subject_id: "ada", attributes: '{"plan":"pro"}', day: "2026-03-02" },
      { subject_id: "bob", attributes: '{"plan":"pro"}', day: "2026-03-03" },
    ]);
  });

  it("are neither written nor locked by further decisions of the day", async () => {
    await storage.sink.write([decision("ada", "pro")]);
    const before = await sets();
    const subject = { environmentId, subjectId: "ada" };
    await storage.recorder.record({ ...subject, decisions: [decision("ada", "pro")], basedOn: null });
    await storage.sink.write([decision("ada", "pro", -1), decision("ada", "pro")]);
    expect(await sets()).toStrictEqual(before);
    await storage.sink.write([decision("ada", "pro", 1)]);
    expect(await sets()).not.toStrictEqual(before);
  });

  it("are not there when their decisions could not be written", async () => {
    const attributed = decision("ada", "pro");
    const impossible = assigningDecision({ environmentId, subjectId: "ada" }, randomUUID());
    const refused = storage.sink.write([attributed, impossible]);
    await expect(refused).rejects.toMatchObject({ code: "decision_rejected" });
    expect(await sets()).toStrictEqual([]);
  });

  it.each(["\ud800", "\0"])("refuse a text that is not canonical", async (text) => {
    const bad = { ...decision("ada", "pro"), attributes: text };
    await expect(storage.sink.write([bad])).rejects.toMatchObject({ code: "decision_rejected" });
  });

  it("that no decision names which is kept go with one statement", async () => {
    await storage.sink.write([decision("ada", "old", -9), decision("ada", "pro"), decision("bob", "pro", -9)]);
    await client.query("DELETE FROM attribute_sets WHERE last_named_on < DATE '2026-03-01'");
    expect(await sets()).toMatchObject([{ subject_id: "ada", attributes: '{"plan":"pro"}' }]);
  });

  it("cost nothing where attributes are not recorded in full", () => {
    const { attributes: _, ...digestOnly } = decision("ada", "pro");
    const request = { environmentId, subjectId: "ada", basedOn: null };
    expect(writeStatement([digestOnly])).toMatchObject({ name: "lotty_record_decisions", values: { length: 21 } });
    const inFull = recordStatement([{ ...request, decisions: [decision("ada", "pro")] }]);
    expect(inFull).toMatchObject({ name: "lotty_record_with_attributes", values: { length: 27 } });
  });

  it("are found by their key, however large the table is", async () => {
    const values = writeStatement([decision("ada", "pro")]).values ?? [];
    const { text } = writeStatement([decision("ada", "pro")]);
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, [...values]);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toMatch(/Index Scan using attribute_sets_pkey|Index Only Scan using attribute_sets_pkey/);
    expect(plan).not.toContain("Seq Scan on attribute_sets");
  });
});
