import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleDecision, STORE_NOW } from "@lotty/testkit/suites/decision-store-fixture";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import { writeStatement } from "../recording/record-statement.ts";
import type { Storage } from "../storage.ts";
import { flagRulesAndSegments } from "./0005-flag-rules-and-segments.ts";
import { MIGRATIONS } from "./migration-list.ts";

/** Place of the rules among the parameters of the recording function. */
const RULES_PARAMETER = 15;

describe("the step to flag rules and segments", () => {
  const flagId = randomUUID();
  const before = sampleDecision({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "before" });
  let database: TestDatabase;
  let storage: Storage;
  let pool: Pool;

  /** Writes as a process of the version before does. */
  async function writeAsBefore(decision: typeof before): Promise<void> {
    const { values } = writeStatement([decision]);
    const given = (values ?? []).toSpliced(RULES_PARAMETER, 1);
    const places = given.map((_, index) => `$${index + 1}`).join(", ");
    await pool.query(`SELECT * FROM lotty_record_decisions(${places})`, given);
  }

  async function stored(id: string): Promise<unknown> {
    return (await pool.query<object>("SELECT reason, rule_id FROM decisions WHERE decision_id = $1", [id])).rows[0];
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
    pool = new Pool({ connectionString: database.url });
    for (const { sql } of MIGRATIONS.slice(0, MIGRATIONS.indexOf(flagRulesAndSegments))) await pool.query(sql);
    await storage.partitions.ensureAhead(STORE_NOW, 0);
    await pool.query(
      `INSERT INTO flags (id, environment_id, key, value_type, default_value, version, updated_at)
       VALUES ($1, $2, 'flag', 'boolean', 'true', 1, now())`,
      [flagId, DEFAULT_ENVIRONMENT_ID],
    );
    await writeAsBefore(before);
    // With those after it, because what is stored is read by this version.
    for (const { sql } of MIGRATIONS.slice(MIGRATIONS.indexOf(flagRulesAndSegments))) await pool.query(sql);
  });

  afterAll(async () => {
    await Promise.all([storage.close(), pool.end()]);
    await database.drop();
  });

  it("leaves flags enabled and without rules, and decisions without one", async () => {
    const { flags, segments } = await storage.configuration.load(DEFAULT_ENVIRONMENT_ID);
    expect(flags).toMatchObject([{ id: flagId, enabled: true, rules: [] }]);
    expect(segments).toStrictEqual([]);
    expect(await stored(before.decisionId)).toStrictEqual({ reason: "flag_not_found", rule_id: null });
  });

  it("lets processes of the version before go on writing", async () => {
    const decision = { ...before, decisionId: randomUUID() };
    await writeAsBefore(decision);
    expect(await stored(decision.decisionId)).toStrictEqual({ reason: "flag_not_found", rule_id: null });
  });

  it("takes the new reason in the days that there are and in new ones, and no other", async () => {
    await storage.partitions.ensureAhead(STORE_NOW + 5 * MICROS_PER_DAY, 0);
    const ruleId = randomUUID();
    for (const decidedAt of [STORE_NOW, STORE_NOW + 5 * MICROS_PER_DAY]) {
      const decision = sampleDecision(before, { decidedAt, reason: "flag_disabled", ruleId });
      await storage.sink.write([decision]);
      expect(await stored(decision.decisionId)).toStrictEqual({ reason: "flag_disabled", rule_id: ruleId });
      const wrong = pool.query("UPDATE decisions SET reason = 'other' WHERE decision_id = $1", [decision.decisionId]);
      await expect(wrong).rejects.toThrow("decisions_reason_check");
    }
  });
});
