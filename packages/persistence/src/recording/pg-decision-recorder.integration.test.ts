import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type DecisionRecord, type SubjectHistory } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import {
  assigningDecision,
  assignmentOf,
  sampleDecision,
  storeExperiments,
  type SampleSubject,
} from "@lotty/testkit/suites/decision-store-fixture";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../open-postgres.ts";
import type { Storage } from "../storage.ts";

describe("recording by several processes", () => {
  const environmentId = DEFAULT_ENVIRONMENT_ID;
  const logger = new RecordingLogger();
  let database: TestDatabase;
  let storages: readonly Storage[];
  let experiments: readonly string[];
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { url: database.url, poolSize: 4, statementTimeoutMillis: 2_000, logger };
    storages = await Promise.all([1, 2, 3, 4, 5].map(() => openPostgres(options)));
    await first().migrate();
    experiments = await storeExperiments(first().configuration, environmentId, 10);
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(() => client.query("ROLLBACK"));

  afterAll(async () => {
    await Promise.all([client.end(), ...storages.map((storage) => storage.close())]);
    await database.drop();
  });

  const someone = (): SampleSubject => ({ environmentId, subjectId: randomUUID() });
  const first = (): Storage => storages[0] as Storage;
  const any = (index: number): Storage => storages[index % storages.length] as Storage;

  async function count(table: string, subject: SampleSubject): Promise<number> {
    const text = `SELECT count(*)::int AS n FROM ${table} WHERE subject_id = $1`;
    return (await client.query<{ n: number }>(text, [subject.subjectId])).rows[0]?.n ?? -1;
  }

  /** Decides as a process does that allows three experiments and, of the first five, only one. */
  function decide(wanted: DecisionRecord, history: SubjectHistory): DecisionRecord {
    const held = history.map(({ experimentId }) => experimentId);
    if (held.includes(wanted.experimentId ?? "")) return wanted;
    const domain = experiments.slice(0, 5);
    const isTaken = domain.includes(wanted.experimentId ?? "") && held.some((id) => domain.includes(id));
    return held.length >= 3 || isTaken ? sampleDecision(wanted, { reason: "participation_limit" }) : wanted;
  }

  async function decideAndRecord(storage: Storage, wanted: DecisionRecord): Promise<number> {
    let history = await storage.history.load(environmentId, wanted.subjectId);
    for (let attempts = 1; ; attempts += 1) {
      const decisions = [decide(wanted, history)];
      const { subjectId } = wanted;
      const outcome = await storage.recorder.record({ environmentId, subjectId, decisions, basedOn: history });
      if (outcome.status !== "history_changed") return attempts;
      history = outcome.history;
    }
  }

  it("never lets 200 parallel requests of one subject pass a limit of three or join a domain twice", async () => {
    for (let round = 0; round < 5; round += 1) {
      const subject = someone();
      const wanted = Array.from({ length: 200 }, (_, index) =>
        assigningDecision(subject, experiments[(index * 7) % 10] ?? ""),
      );
      const attempts = await Promise.all(wanted.map((decision, index) => decideAndRecord(any(index), decision)));
      const history = await first().history.load(environmentId, subject.subjectId);
      expect(history).toHaveLength(3);
      const inDomain = history.filter(({ experimentId }) => experiments.indexOf(experimentId) < 5);
      expect(inDomain.length).toBeLessThanOrEqual(1);
      expect(await count("decisions", subject)).toBe(200);
      // A request is put off only when another one of the subject has joined an experiment: three times in all.
      expect(Math.max(...attempts)).toBeLessThanOrEqual(4);
    }
  });

  it("gets through first assignments of many subjects that arrive everywhere in different orders", async () => {
    const subjects = Array.from({ length: 40 }, someone);
    await Promise.all(
      storages.map(async (storage, index) => {
        const order = index % 2 === 0 ? subjects : subjects.toReversed();
        await Promise.all(
          order.map((subject, place) =>
            decideAndRecord(storage, assigningDecision(subject, experiments[(place + index) % 10] ?? "")),
          ),
        );
      }),
    );
    for (const subject of subjects) {
      expect(await count("decisions", subject)).toBe(storages.length);
      expect(await count("assignments", subject)).toBeLessThanOrEqual(3);
    }
  });

  it("waits for a rival transaction that assigns the subject, and then refuses", async () => {
    const subject = someone();
    const held = assigningDecision(subject, experiments[0] ?? "");
    const wanted = assigningDecision(subject, experiments[1] ?? "");
    await client.query("BEGIN");
    // The lock that the function takes, and the row that a rival would write under it.
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 0))", [
      environmentId,
      subject.subjectId,
    ]);
    const answer = first().recorder.record({ ...subject, decisions: [wanted], basedOn: [] });
    await client.query("INSERT INTO assignments SELECT $1, $2, $3, $4, to_timestamp(0), to_timestamp(0)", [
      environmentId,
      subject.subjectId,
      held.experimentId,
      held.variantId,
    ]);
    await client.query("COMMIT");
    const history = [{ ...assignmentOf(held), firstDecidedAt: 0, lastDecidedAt: 0 }];
    expect(await answer).toStrictEqual({ status: "history_changed", history });
  });

  it("does not lock subjects who are assigned nothing new", async () => {
    const subject = someone();
    const decision = assigningDecision(subject, experiments[0] ?? "");
    await first().sink.write([decision]);
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 0))", [
      environmentId,
      subject.subjectId,
    ]);
    const again = assigningDecision(subject, experiments[0] ?? "");
    const basedOn = [assignmentOf(decision)];
    const outcome = await first().recorder.record({ ...subject, decisions: [again], basedOn });
    expect(outcome).toStrictEqual({ status: "committed" });
  });

  it("rejects an assignment in an experiment that does not exist, and nothing beside it", async () => {
    const subjects = Array.from({ length: 9 }, someone);
    const outcomes = await Promise.allSettled(
      subjects.map((subject, index) => {
        const decision = assigningDecision(subject, index === 4 ? randomUUID() : (experiments[0] ?? ""));
        return first().recorder.record({ ...subject, decisions: [decision], basedOn: [] });
      }),
    );
    outcomes.forEach((outcome, index) => {
      if (index === 4) expect(outcome).toMatchObject({ reason: { code: "decision_rejected" } });
      else expect(outcome).toMatchObject({ value: { status: "committed" } });
    });
  });

  it.each([
    ["an id that is none", { decisionId: "no-id" }],
    ["an assignment without a variant", { variantId: null }],
    ["a digest that is none", { attributesDigest: "abc" }],
    ["a version that is no integer", { flagVersion: 1.5 }],
  ])("rejects %s", async (_, fields) => {
    const subject = someone();
    const decisions = [assigningDecision(subject, experiments[0] ?? "", fields)];
    const refused = first().recorder.record({ ...subject, decisions, basedOn: [] });
    await expect(refused).rejects.toMatchObject({ code: "decision_rejected" });
    await expect(first().sink.write(decisions)).rejects.toMatchObject({ code: "decision_rejected" });
  });

  it("is unavailable while the table is locked, and goes on afterwards", async () => {
    await client.query("BEGIN");
    await client.query("LOCK TABLE decisions IN ACCESS EXCLUSIVE MODE");
    const subject = someone();
    const request = { ...subject, decisions: [sampleDecision(subject)], basedOn: null };
    const unavailable = { code: "decision_store_unavailable", retryable: true };
    await expect(first().recorder.record(request)).rejects.toMatchObject(unavailable);
    await client.query("ROLLBACK");
    expect(await first().recorder.record(request)).toStrictEqual({ status: "committed" });
  });

  it("outlives connections that are cut, also in the middle of a statement", async () => {
    const subject = someone();
    await client.query("BEGIN");
    await client.query("LOCK TABLE decisions IN ACCESS EXCLUSIVE MODE");
    const decisions = [sampleDecision(subject)];
    const answer = first().recorder.record({ ...subject, decisions, basedOn: null });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    await client.query("ROLLBACK");
    expect(await answer).toStrictEqual({ status: "committed" });
    expect(await count("decisions", subject)).toBe(1);
    await expect(first().ping()).resolves.toBeUndefined();
  });

  it("writes what was taken before it closes, and takes nothing after", async () => {
    const storage = await openPostgres({ url: database.url, logger });
    const subject = someone();
    const requests = Array.from({ length: 700 }, () => ({
      ...subject,
      decisions: [sampleDecision(subject)],
      basedOn: null,
    }));
    const answers = requests.map((request) => storage.recorder.record(request));
    const closing = storage.close();
    expect((await Promise.all(answers)).every(({ status }) => status === "committed")).toBe(true);
    await closing;
    expect(await count("decisions", subject)).toBe(700);
    const late = storage.recorder.record({ ...subject, decisions: [sampleDecision(subject)], basedOn: null });
    await expect(late).rejects.toMatchObject({ code: "decision_store_unavailable" });
  });
});
