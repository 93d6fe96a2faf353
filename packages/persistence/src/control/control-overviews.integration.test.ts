import { createHash, randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import {
  DEFAULT_ENVIRONMENT_ID,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
  type ConflictDomain,
  type DecisionRecord,
  type ExperimentStatus,
  type RecordedSubject,
  type RecordedSubjectsQuestion,
} from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import {
  assigningDecision,
  sampleDecision,
  sampleExperiment,
  sampleFlag,
  STORE_NOW,
} from "@lotty/testkit/suites/decision-store-fixture";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { composeEmbedded } from "../compose-embedded.ts";
import { poolOf } from "../compose-storage.ts";
import { openPostgres } from "../open-postgres.ts";
import { runStatement } from "../sql/sql-pool.ts";
import { EMBEDDED_PARSERS } from "../sql/value-parsers.ts";
import type { Storage } from "../storage.ts";
import { emptyStorage } from "../testing.ts";
import { PgRecordedSubjects } from "./pg-recorded-subjects.ts";

/** Attributes as a decision brings them to the store. */
function inFull(attributes: object): { readonly attributes: string; readonly attributesDigest: string } {
  const text = JSON.stringify(attributes);
  return { attributes: text, attributesDigest: createHash("sha256").update(text).digest("hex") };
}

/** SHA-256 of the canonical attributes of a subject that has none, as the engine computes it. */
const DIGEST_OF_NONE = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const otherEnvironmentId = randomUUID();

let database: TestDatabase;
let postgres: Storage;
let embedded: Storage;

beforeAll(async () => {
  const logger = new RecordingLogger();
  database = await createTestDatabase();
  postgres = await openPostgres({ url: database.url, logger });
  const pglite = await PGlite.create({ parsers: EMBEDDED_PARSERS });
  embedded = composeEmbedded(pglite, { location: "memory", logger, onClosed: () => Promise.resolve() });
  for (const storage of [postgres, embedded]) {
    await storage.migrate();
    await storage.partitions.ensureAhead(STORE_NOW - 2 * MICROS_PER_DAY, 4);
    const values = [otherEnvironmentId, "other"];
    await runStatement(poolOf(storage), { text: "INSERT INTO environments (id, key) VALUES ($1, $2)", values });
  }
}, 120_000);

afterAll(async () => {
  await Promise.all([postgres.close(), embedded.close()]);
  await database.drop();
});

async function collected(
  subjects: PgRecordedSubjects,
  question: Partial<RecordedSubjectsQuestion> = {},
): Promise<readonly RecordedSubject[]> {
  const found: RecordedSubject[] = [];
  const asked = { environmentId, flagKey: "flag", since: STORE_NOW - MICROS_PER_DAY, ...question };
  for await (const each of subjects.of(asked)) found.push(each);
  return found.toSorted((a, b) => (a.subject.id < b.subject.id ? -1 : 1));
}

describe.each([
  ["on Postgres", () => postgres],
  ["on PGlite", () => embedded],
])("overviews %s", (_name, opened) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = opened();
    await emptyStorage(storage);
  });

  const of = (subjectId: string, within = environmentId): { environmentId: string; subjectId: string } => ({
    environmentId: within,
    subjectId,
  });

  describe("of recorded subjects", () => {
    it("give each subject of a flag once, as of its last decision, with all that it takes part in", async () => {
      const experiments = await storeExperiments(["running", "running"]);
      const [first = "", second = ""] = experiments;
      const known = { flagKey: "flag", attributesDigest: DIGEST_OF_NONE };
      const taken = assigningDecision(of("ada"), first, known);
      const elsewhere = assigningDecision(of("ada"), second, { flagKey: "another", decidedAt: STORE_NOW + 7_000 });
      await storage.sink.write([
        sampleDecision(of("ada"), { ...known, decidedAt: STORE_NOW - 1_000_000 }),
        taken,
        elsewhere,
        sampleDecision(of("bob"), { ...known, decidedAt: STORE_NOW + 1 }),
        sampleDecision(of("carl"), { ...known, flagKey: "another" }),
        sampleDecision(of("dora", otherEnvironmentId), known),
      ]);
      const found = await collected(new PgRecordedSubjects(poolOf(storage)));
      expect(found).toMatchObject([
        { subject: { id: "ada", attributes: {} }, lastDecidedAt: STORE_NOW },
        { subject: { id: "bob", attributes: {} }, lastDecidedAt: STORE_NOW + 1, history: [] },
      ]);
      const history = await storage.history.load(environmentId, "ada");
      expect(history).toHaveLength(2);
      expect(found[0]?.history).toHaveLength(2);
      expect(found[0]?.history).toEqual(expect.arrayContaining([...history]));
    });

    it("have the attributes of the flag's last decision, where they are recorded in full", async () => {
      const [first, last] = [inFull({ plan: "free" }), inFull({ plan: "pro", tags: ["\u0000", "\u{1f600}"] })];
      await storage.sink.write([
        sampleDecision(of("ada"), { ...first, decidedAt: STORE_NOW - 5_000 }),
        sampleDecision(of("ada"), last),
        sampleDecision(of("ada"), { ...first, flagKey: "another", decidedAt: STORE_NOW + 5_000 }),
        sampleDecision(of("bob"), first),
        // That somebody else has the same says nothing about whom only a digest is known of.
        sampleDecision(of("carl"), { attributesDigest: last.attributesDigest }),
        sampleDecision(of("dora"), { attributesDigest: DIGEST_OF_NONE }),
      ]);
      const found = await collected(new PgRecordedSubjects(poolOf(storage), 2));
      expect(found.map(({ subject }) => subject)).toStrictEqual([
        { id: "ada", attributes: JSON.parse(last.attributes) as unknown },
        { id: "bob", attributes: { plan: "free" } },
        { id: "dora", attributes: {} },
      ]);
    });

    it("leave out whose attributes are not on record, and what was before", async () => {
      const digest = "ab".repeat(32);
      await storage.sink.write([
        sampleDecision(of("hashed"), { attributesDigest: digest }),
        sampleDecision(of("unknown")),
        // What it had earlier says nothing about what it has now.
        sampleDecision(of("changed"), { attributesDigest: DIGEST_OF_NONE, decidedAt: STORE_NOW - 5 }),
        sampleDecision(of("changed"), { attributesDigest: digest }),
        sampleDecision(of("early"), { attributesDigest: DIGEST_OF_NONE, decidedAt: STORE_NOW - 1 }),
        sampleDecision(of("just"), { attributesDigest: DIGEST_OF_NONE }),
      ]);
      const found = await collected(new PgRecordedSubjects(poolOf(storage)), { since: STORE_NOW });
      expect(found.map(({ subject }) => subject.id)).toStrictEqual(["just"]);
    });

    it("are the same in windows of any size, whatever the subjects are called", { timeout: 120_000 }, async () => {
      const decision = fc.record({
        subjectId: fc.constantFrom("a", "A", "a ", "\ufeffa", "\u{1f600}"),
        flagKey: fc.constantFrom("flag", "flag", "flag", "another"),
        recorded: fc.constantFrom(
          { attributesDigest: DIGEST_OF_NONE },
          { attributesDigest: "ab".repeat(32) },
          { attributesDigest: null },
          inFull({ plan: "pro" }),
        ),
        age: fc.integer({ min: -1_000, max: 4_000 }),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(decision, { maxLength: 30, size: "max" }),
          fc.integer({ min: 1, max: 5 }),
          async (given, rows) => {
            await emptyStorage(storage);
            const decisions = given.map(({ age, recorded, subjectId, ...fields }) =>
              sampleDecision(of(subjectId), { ...fields, ...recorded, decidedAt: STORE_NOW + age }),
            );
            await storage.sink.write(decisions);
            const found = await collected(new PgRecordedSubjects(poolOf(storage), rows), { since: STORE_NOW });
            expect(found.map(({ lastDecidedAt, subject }) => ({ ...subject, lastDecidedAt }))).toStrictEqual(
              lastDecisions(decisions).map(({ attributes = "{}", decidedAt, subjectId }) => ({
                id: subjectId,
                attributes: JSON.parse(attributes) as unknown,
                lastDecidedAt: decidedAt,
              })),
            );
          },
        ),
        { numRuns: 40 },
      );
    });

    /** By the order of ids, as decisions have them: of one millisecond it is not that of time. */
    function lastDecisions(decisions: readonly DecisionRecord[]): readonly DecisionRecord[] {
      const wanted = decisions
        .filter(({ decidedAt, flagKey }) => flagKey === "flag" && decidedAt >= STORE_NOW)
        .toSorted((a, b) => (a.decisionId < b.decisionId ? -1 : 1));
      const last = new Map(wanted.map((each) => [each.subjectId, each]));
      return [...last.values()]
        .filter(({ attributes, attributesDigest }) => attributes !== undefined || attributesDigest === DIGEST_OF_NONE)
        .toSorted((a, b) => (a.subjectId < b.subjectId ? -1 : 1));
    }

    it("leave the database to others between their windows", async () => {
      const digest = { attributesDigest: DIGEST_OF_NONE };
      await storage.sink.write(Array.from({ length: 9 }, (_, index) => sampleDecision(of(`s${index}`), digest)));
      const seen: string[] = [];
      const question = { environmentId, flagKey: "flag", since: STORE_NOW - 1 };
      for await (const { subject } of new PgRecordedSubjects(poolOf(storage), 2).of(question)) {
        expect(await storage.history.load(environmentId, subject.id)).toStrictEqual([]);
        seen.push(subject.id);
      }
      expect(seen).toHaveLength(9);
    });
  });

  describe("of shared subjects", () => {
    it("count the subjects of each experiment and of each pair", async () => {
      const [a = "", b = "", c = "", unasked = ""] = await storeExperiments([
        "running",
        "running",
        "running",
        "running",
      ]);
      const taking: Readonly<Record<string, readonly string[]>> = {
        ada: [a, b, unasked],
        bob: [a, b],
        carl: [b],
        dora: [c, unasked],
      };
      await storage.sink.write(
        Object.entries(taking).flatMap(([id, ids]) => ids.map((each) => assigningDecision(of(id), each))),
      );
      const question = { experimentIds: [c, b, a], since: STORE_NOW };
      const counted = await storage.control.sharedSubjects.count({ environmentId, ...question });
      expect(counted).toStrictEqual({
        experiments: [
          { experimentId: c, assigned: 1 },
          { experimentId: b, assigned: 3 },
          { experimentId: a, assigned: 2 },
        ],
        pairs: [{ experimentIds: [a, b], subjects: 2 }],
        losses: [],
      });
      const elsewhere = await storage.control.sharedSubjects.count({ environmentId: otherEnvironmentId, ...question });
      expect(elsewhere.experiments.map(({ assigned }) => assigned)).toStrictEqual([0, 0, 0]);
      const none = { environmentId, experimentIds: [], since: STORE_NOW };
      expect(await storage.control.sharedSubjects.count(none)).toStrictEqual({
        experiments: [],
        pairs: [],
        losses: [],
      });
    });

    it("count who was lost to the member that holds them, else to the strongest that runs", async () => {
      const statuses: readonly ExperimentStatus[] = ["running", "paused", "running", "running"];
      const [loser = "", paused = "", weak = "", strong = ""] = await storeExperiments(statuses);
      const domain = await storeDomain([
        [loser, 0],
        [paused, 9],
        [weak, 1],
        [strong, 2],
      ]);
      await storage.sink.write([
        ...["held", "held", "held by a paused one", "wanted", "taken since"].map((id) => refusal(of(id), loser)),
        refusal(of("long ago"), loser, STORE_NOW - 1),
        refusal(of("wanted", otherEnvironmentId), loser),
        // Of two that hold it, the one that has it for longer.
        assigningDecision(of("held"), weak, { decidedAt: STORE_NOW - 2_000 }),
        assigningDecision(of("held"), strong, { decidedAt: STORE_NOW - 1_000 }),
        assigningDecision(of("held by a paused one"), paused),
        assigningDecision(of("taken since"), loser),
      ]);
      const asked = { environmentId, experimentIds: [loser, weak, strong], since: STORE_NOW };
      const { losses } = await storage.control.sharedSubjects.count(asked);
      const lostTo = (winnerId: string): object => ({ domainId: domain.id, loserId: loser, winnerId, subjects: 1 });
      expect(losses).toHaveLength(3);
      expect(losses).toEqual(expect.arrayContaining([lostTo(weak), lostTo(paused), lostTo(strong)]));
    });

    it("blame the domain in which somebody holds the subject, where there are several", async () => {
      const [loser = "", rival = "", stranger = ""] = await storeExperiments(["running", "running", "running"]);
      const held = await storeDomain([
        [loser, 0],
        [rival, 0],
      ]);
      const idle = await storeDomain([
        [loser, 0],
        [stranger, 0],
      ]);
      await storage.sink.write([
        refusal(of("held"), loser),
        assigningDecision(of("held"), rival),
        refusal(of("free"), loser),
      ]);
      const asked = { environmentId, experimentIds: [loser], since: STORE_NOW };
      const { losses } = await storage.control.sharedSubjects.count(asked);
      expect(losses).toHaveLength(2);
      expect(losses).toEqual(
        expect.arrayContaining([
          { domainId: held.id, loserId: loser, winnerId: rival, subjects: 2 },
          { domainId: idle.id, loserId: loser, winnerId: stranger, subjects: 1 },
        ]),
      );
    });

    function refusal(
      subject: { environmentId: string; subjectId: string },
      experimentId: string,
      decidedAt = STORE_NOW,
    ): DecisionRecord {
      return sampleDecision(subject, { experimentId, reason: "domain_conflict", decidedAt });
    }
  });

  describe("of the usage of flags", () => {
    it("tell of each flag when it was decided last and whether it gave more than one value", async () => {
      const values: readonly (readonly [string, string, number])[] = [
        ["one", "true", 0],
        ["one", "true", 5],
        ["two", "a", 1],
        ["two", "A", 2],
        ["two", "\u00e9", 3],
        ["composed", "\u00e9", 1],
        ["composed", "e\u0301", 1],
        ["changed before", "a", -1],
        ["changed before", "b", 4],
        ["long ago", "a", -1],
      ];
      await storage.sink.write([
        ...values.map(([flagKey, value, after]) =>
          sampleDecision(of("ada"), { flagKey, value, decidedAt: STORE_NOW + after }),
        ),
        sampleDecision(of("ada", otherEnvironmentId), { flagKey: "elsewhere" }),
      ]);
      const used = await storage.control.usage.flags(environmentId, STORE_NOW);
      expect(used.toSorted((a, b) => (a.flagKey < b.flagKey ? -1 : 1))).toStrictEqual([
        { flagKey: "changed before", lastDecidedAt: STORE_NOW + 4, values: 1 },
        { flagKey: "composed", lastDecidedAt: STORE_NOW + 1, values: 2 },
        { flagKey: "one", lastDecidedAt: STORE_NOW + 5, values: 1 },
        { flagKey: "two", lastDecidedAt: STORE_NOW + 3, values: 2 },
      ]);
    });
  });

  describe("of what is kept out of an experiment", () => {
    it("count its decisions within the span, and those that limits and conflict domains refused", async () => {
      const experimentId = randomUUID();
      const millis = (count: number): number => STORE_NOW + count * MICROS_PER_MILLI;
      const decided = (
        reason: DecisionRecord["reason"],
        decidedAt: number,
        experiment = experimentId,
      ): DecisionRecord => sampleDecision(of("ada"), { experimentId: experiment, reason, decidedAt });
      await storage.sink.write([
        decided("outside_traffic_allocation", millis(0)),
        decided("targeting_mismatch", millis(1)),
        decided("participation_limit", millis(2)),
        decided("participation_limit", millis(3)),
        decided("domain_conflict", millis(4)),
        decided("domain_conflict", millis(-1)),
        decided("participation_limit", millis(5)),
        decided("participation_limit", millis(2), randomUUID()),
      ]);
      const question = { environmentId, experimentId, from: millis(0), to: millis(5) };
      const counted = { decisions: 5, participationLimit: 2, domainConflict: 1 };
      expect(await storage.control.usage.exclusions(question)).toStrictEqual(counted);
      const nothing = { decisions: 0, participationLimit: 0, domainConflict: 0 };
      expect(await storage.control.usage.exclusions({ ...question, from: millis(6), to: millis(9) })).toStrictEqual(
        nothing,
      );
    });
  });

  async function storeExperiments(statuses: readonly ExperimentStatus[]): Promise<readonly string[]> {
    const flags = statuses.map(() => sampleFlag());
    const ids = statuses.map(() => randomUUID()).toSorted();
    const experiments = flags.map((flag, index) =>
      sampleExperiment(flag.id, { id: ids[index] ?? "", status: statuses[index] ?? "running" }),
    );
    const revision = await storage.configuration.revision(environmentId);
    await storage.configuration.apply(environmentId, { putFlags: flags, putExperiments: experiments }, revision);
    return ids;
  }

  async function storeDomain(members: readonly (readonly [string, number])[]): Promise<ConflictDomain> {
    const id = randomUUID();
    const domain = { id, key: id, members: members.map(([experimentId, priority]) => ({ experimentId, priority })) };
    const revision = await storage.configuration.revision(environmentId);
    await storage.configuration.apply(environmentId, { putDomains: [domain] }, revision);
    return domain;
  }
});
