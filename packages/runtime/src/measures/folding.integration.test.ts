import {
  DEFAULT_ENVIRONMENT_ID,
  EXPOSURE_EVENT_TYPE,
  MAX_SEGMENT_VALUES,
  MICROS_PER_DAY,
  type EventRecord,
  type MomentsAnswer,
  type MomentsQuestion,
} from "@lotty/domain";
import { createMeter } from "@lotty/metrics";
import { openEmbedded, openPostgres, type FoldSteps, type MeasureStorage, type Storage } from "@lotty/persistence";
import { rowsOf } from "@lotty/persistence/testing";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectMoments } from "../testing/measures/expect-moments.ts";
import {
  assign,
  DEFINITIONS,
  eventOf,
  questionOf,
  storeWorld,
  type ExperimentWorld,
} from "../testing/measures/experiment-world.ts";
import { referenceMoments, type RawInput } from "../testing/measures/reference-moments.ts";

const logger = new RecordingLogger();
/** Ten days ago, so that windows of three days are over for some and open for others. */
const START = (Date.now() - 10 * 86_400_000) * 1_000;

/** What happens in a world; times are in hours from the start. */
interface Script {
  readonly subjects: readonly {
    readonly variant: number;
    readonly exposures: readonly { readonly at: number; readonly other: boolean; readonly country: string }[];
    readonly events: readonly {
      readonly at: number;
      readonly type: "purchase" | "visit";
      readonly value: number | null;
      readonly amount: number;
      readonly country: string;
    }[];
  }[];
  readonly order: number;
}

const country = fc.constantFrom("NO", "SE");
const hours = fc.double({ min: -144, max: 236, noNaN: true });
const script: fc.Arbitrary<Script> = fc.record({
  subjects: fc.array(
    fc.record({
      variant: fc.nat(1),
      exposures: fc.array(
        fc.record({ at: fc.double({ min: 0, max: 236, noNaN: true }), other: fc.nat(19).map((n) => n === 0), country }),
        { maxLength: 3 },
      ),
      events: fc.array(
        fc.record({
          at: hours,
          type: fc.constantFrom("purchase" as const, "visit" as const),
          value: fc.option(fc.double({ min: -100, max: 1e4, noNaN: true }), { nil: null }),
          amount: fc.integer({ min: 0, max: 9 }),
          country,
        }),
        { maxLength: 8 },
      ),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  order: fc.nat(),
});

let worlds = 0;

/** Plays a script: everything that is sent, some of it twice, in an order of its own. */
async function play(storage: Storage, world: ExperimentWorld, { order, subjects }: Script): Promise<RawInput> {
  worlds += 1;
  const named = subjects.map((subject, index) => ({ ...subject, subjectId: `w${worlds}-${index}` }));
  const toAssign = named.map(({ subjectId, variant }) => ({ subjectId, variant, at: START }));
  const decisions = await assign(storage, world, toAssign);
  const others = await assign(
    storage,
    world,
    named.map(({ subjectId, variant }) => ({ subjectId, variant: 1 - variant, at: START + 1 })),
  );
  const events: EventRecord[] = named.flatMap(({ events: own, exposures, subjectId }, index) => [
    ...exposures.map(({ at, country: from, other }) =>
      eventOf({
        subjectId,
        occurredAt: instantAt(at),
        eventType: EXPOSURE_EVENT_TYPE,
        decisionId: (other ? others : decisions)[index]?.decisionId ?? null,
        properties: { country: from },
      }),
    ),
    ...own.map(({ amount, at, country: from, type, value }) =>
      eventOf({ subjectId, occurredAt: instantAt(at), eventType: type, value, properties: { amount, country: from } }),
    ),
  ]);
  const sent = [...events, ...events.filter((_, index) => (index + order) % 4 === 0)];
  return { decisions: [...decisions, ...others], events: shuffled(sent, order) };
}

function instantAt(afterStart: number): number {
  return Math.round(START + afterStart * 3_600_000_000);
}

/** An order that depends on a seed only. */
function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  return all
    .map((each, index) => ({ each, rank: (Math.imul(index + 1, 2_654_435_761) ^ Math.imul(seed + 7, 40_503)) >>> 0 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ each }) => each);
}

async function foldAll(measures: MeasureStorage): Promise<void> {
  await measures.folding.run(async (steps) => {
    await steps.noteMetrics();
    while ((await steps.queueEarlier(3)) || (await steps.foldSubjects(3)) > 0);
    // Nobody else writes here, so everything that was sent is committed.
    await steps.advanceWatermark(0);
  });
}

async function sumUpAll(measures: MeasureStorage): Promise<void> {
  await measures.folding.run(async (steps) => {
    while ((await steps.rollUp(2)) > 0);
  });
}

/** One step, by a number. */
async function anyStep(measures: MeasureStorage, choice: number): Promise<void> {
  const steps: readonly ((steps: FoldSteps) => Promise<unknown>)[] = [
    (each) => each.foldSubjects(2),
    (each) => each.noteMetrics(),
    (each) => each.queueEarlier(2),
    (each) => each.rollUp(1),
    (each) => each.advanceWatermark(),
  ];
  const step = steps[choice % steps.length];
  if (step !== undefined) await measures.folding.run(step);
}

const BY: readonly MomentsQuestion["by"][] = ["nothing", "cohort_day", { segment: "country" }];

/** Asks everything of every metric, and compares with the reference. */
async function expectAllAnswers(measures: MeasureStorage, world: ExperimentWorld, raw: RawInput): Promise<void> {
  const day = Math.ceil(START / MICROS_PER_DAY) * MICROS_PER_DAY;
  for (const metric of world.metrics) {
    for (const by of BY) {
      for (const [from, to, completeOnly] of [
        [null, null, false],
        [null, null, true],
        [day + 5_000_000_000, day + 3 * MICROS_PER_DAY, false],
      ] as const) {
        const question: MomentsQuestion = {
          environmentId: DEFAULT_ENVIRONMENT_ID,
          experimentId: world.experiment.id,
          metric,
          population: "exposed",
          from,
          to,
          completeOnly,
          by,
        };
        const { arms, watermark } = await measures.moments.moments(question);
        expectMoments(arms, referenceMoments(raw, question, watermark));
      }
    }
  }
}

describe.each([
  ["Postgres", 8],
  ["PGlite", 3],
] as const)("folding on %s", (kind, runs) => {
  let storage: Storage;
  let measures: MeasureStorage;
  let url: string;
  let drop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    if (kind === "Postgres") {
      const database = await createTestDatabase();
      ({ url } = database);
      drop = () => database.drop();
      storage = await openPostgres({ url, logger });
    } else storage = await openEmbedded({ directory: "memory", logger });
    await storage.migrate();
    measures = storage.measures(createMeter);
  }, 60_000);
  afterAll(async () => {
    await storage.close();
    await drop();
  });

  it(
    "gives what the raw input gives, whatever the order of arrival and of the steps",
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(script, fc.array(fc.nat(), { maxLength: 12 }), async (played, choices) => {
          const world = await storeWorld(storage);
          const raw = await play(storage, world, played);
          const batch = Math.max(1, Math.ceil(raw.events.length / (choices.length + 1)));
          for (let start = 0; start < raw.events.length; start += batch) {
            await storage.events.recorder.record(raw.events.slice(start, start + batch));
            await anyStep(measures, choices[start / batch] ?? 0);
          }
          await foldAll(measures);
          await expectAllAnswers(measures, world, raw);
          await foldAll(measures);
          await sumUpAll(measures);
          await expectAllAnswers(measures, world, raw);
        }),
        { numRuns: runs, endOnFailure: true },
      );
    },
  );

  it(
    "measures subjects that were there before the metric, and says the same from the events meanwhile",
    { timeout: 60_000 },
    async () => {
      const world = await storeWorld(storage);
      const [played] = fc.sample(script, { numRuns: 1, seed: 5 });
      if (played === undefined) throw new Error("A script was sampled.");
      const raw = await play(storage, world, played);
      await storage.events.recorder.record(raw.events);
      await measures.folding.run((steps) => steps.foldSubjects(1_000));
      await expectAllAnswers(measures, world, raw);
      await foldAll(measures);
      await expectAllAnswers(measures, world, raw);
    },
  );

  it("keeps the variance of values a billion away from zero", async () => {
    const world = await storeWorld(storage);
    const sum = world.metrics[2];
    if (sum === undefined) throw new Error("There is a third metric.");
    worlds += 1;
    const subjects = Array.from({ length: 200 }, (_, index) => ({
      subjectId: `w${worlds}-${index}`,
      variant: 0,
      at: START,
    }));
    const decisions = await assign(storage, world, subjects);
    const events = decisions.flatMap(({ decisionId, subjectId }, index) => [
      eventOf({ subjectId, decisionId, occurredAt: START, eventType: EXPOSURE_EVENT_TYPE }),
      eventOf({ subjectId, occurredAt: START + 1, value: 1e9 + (index % 2) }),
    ]);
    await storage.events.recorder.record(events);
    await foldAll(measures);
    await sumUpAll(measures);
    const question = {
      environmentId: DEFAULT_ENVIRONMENT_ID,
      experimentId: world.experiment.id,
      metric: sum,
      population: "exposed",
    } as const;
    const { arms } = await measures.moments.moments({
      ...question,
      from: null,
      to: null,
      completeOnly: false,
      by: "nothing",
    });
    expect(arms).toHaveLength(1);
    expect(arms[0]?.mean[0]).toBe(1e9 + 0.5);
    expect((arms[0]?.m2[0]?.[0] ?? NaN) / 200).toBeCloseTo(0.25, 6);
  });

  it("reads segments that the plan names from sums of days, and sums them up when a plan names them later", async () => {
    const world = await storeWorld(storage, DEFINITIONS.slice(0, 1));
    const [metric] = world.metrics;
    if (metric === undefined) throw new Error("A metric was stored.");
    worlds += 1;
    const subjects = [0, 1, 2].map((index) => ({ subjectId: `w${worlds}-${index}`, variant: index % 2, at: START }));
    const decisions = await assign(storage, world, subjects);
    const exposures = decisions.map(({ decisionId, subjectId }, index) =>
      eventOf({
        subjectId,
        decisionId,
        occurredAt: START,
        eventType: EXPOSURE_EVENT_TYPE,
        properties: { country: index === 0 ? "NO" : "SE", plan: "free" },
      }),
    );
    await storage.events.recorder.record(exposures);
    await foldAll(measures);
    await sumUpAll(measures);
    await expectAllAnswers(measures, world, { decisions, events: exposures });
    const ofWorld = [world.experiment.id];
    const SUMS = "SELECT name, segment, n FROM segment_rollups WHERE experiment_id = $1 ORDER BY name, segment";
    expect(await rowsOf(storage, SUMS, ofWorld)).toStrictEqual([
      { name: "country", segment: "NO", n: 1 },
      { name: "country", segment: "SE", n: 1 },
      { name: "country", segment: "SE", n: 1 },
    ]);
    // Nothing else says so: it is the sums that are read.
    await rowsOf(storage, "UPDATE segment_rollups SET n = 7 WHERE experiment_id = $1 AND segment = 'NO'", ofWorld);
    const { arms } = await measures.moments.moments(questionOf(world, metric, { segment: "country" }));
    expect(arms.map(({ n, segment }) => [segment, n])).toContainEqual(["NO", 7]);

    const { revision } = await storage.control.store.load(DEFAULT_ENVIRONMENT_ID);
    const plan = { ...world.plan, segments: ["plan"], version: 2 };
    const audit = sampleLink("test.segments");
    await storage.control.store.commit(DEFAULT_ENVIRONMENT_ID, { putAnalysisPlans: [plan], audit }, revision);
    await foldAll(measures);
    await sumUpAll(measures);
    const later = await rowsOf(
      storage,
      "SELECT name, segment, n FROM segment_rollups WHERE experiment_id = $1 ORDER BY n",
      ofWorld,
    );
    expect(later).toStrictEqual([
      { name: "plan", segment: "free", n: 1 },
      { name: "plan", segment: "free", n: 2 },
    ]);
    await expectAllAnswers(measures, world, { decisions, events: exposures });
  });

  it("splits by no segment that has too many values, whether it is folded or not", { timeout: 60_000 }, async () => {
    const world = await storeWorld(storage, DEFINITIONS.slice(0, 1));
    worlds += 1;
    const subjects = Array.from({ length: MAX_SEGMENT_VALUES + 1 }, (_, index) => ({
      subjectId: `w${worlds}-${index}`,
      variant: index % 2,
      at: START,
    }));
    const decisions = await assign(storage, world, subjects);
    const exposures = subjects.map(({ subjectId }, index) =>
      eventOf({
        subjectId,
        eventType: EXPOSURE_EVENT_TYPE,
        occurredAt: START,
        decisionId: decisions[index]?.decisionId ?? null,
        properties: { country: `c${index}`, plan: "free" },
      }),
    );
    await storage.events.recorder.record(exposures.slice(0, 1_000));
    await storage.events.recorder.record(exposures.slice(1_000));
    const [metric] = world.metrics;
    if (metric === undefined) throw new Error("A metric was stored.");
    const ask = (by: MomentsQuestion["by"]): Promise<MomentsAnswer> =>
      measures.moments.moments(questionOf(world, metric, by));
    const total = ({ arms }: MomentsAnswer): number => arms.reduce((sum, { n }) => sum + n, 0);
    for (const prepare of [() => Promise.resolve(), () => foldAll(measures), () => sumUpAll(measures)]) {
      await prepare();
      expect(await ask({ segment: "country" })).toMatchObject({ arms: [], tooManyValues: true });
      const byPlan = await ask({ segment: "plan" });
      expect([byPlan.tooManyValues, total(byPlan)]).toStrictEqual([undefined, subjects.length]);
    }
  });

  it("sums a day up again when another exposure of the same instant comes to say the segment", async () => {
    const world = await storeWorld(storage, DEFINITIONS.slice(0, 1));
    worlds += 1;
    const subjectId = `w${worlds}-tied`;
    const decisions = await assign(storage, world, [{ subjectId, variant: 0, at: START }]);
    const decisionId = decisions[0]?.decisionId ?? null;
    const events = ["b", "a"].map((id) =>
      eventOf({
        eventId: `w${worlds}-${id}`,
        subjectId,
        decisionId,
        occurredAt: START,
        eventType: EXPOSURE_EVENT_TYPE,
        properties: { country: id === "a" ? "NO" : "SE" },
      }),
    );
    for (const event of events) {
      await storage.events.recorder.record([event]);
      await foldAll(measures);
      await sumUpAll(measures);
    }
    await expectAllAnswers(measures, world, { decisions, events });
  });

  it("measures subjects with more events than are read at once", { timeout: 60_000 }, async () => {
    const world = await storeWorld(storage);
    worlds += 1;
    const subjects = [0, 1].map((variant) => ({ subjectId: `w${worlds}-${variant}`, variant, at: START }));
    const decisions = await assign(storage, world, subjects);
    const events = decisions.flatMap(({ decisionId, subjectId }, subject) => [
      eventOf({ subjectId, decisionId, occurredAt: START, eventType: EXPOSURE_EVENT_TYPE }),
      ...Array.from({ length: 499 + 5_002 * subject }, (_, index) =>
        eventOf({
          subjectId,
          occurredAt: START + (index - 100) * 20_000_000,
          eventType: index % 3 === 0 ? "visit" : "purchase",
          value: index % 7 === 0 ? null : index / 7,
          properties: { amount: index % 9, country: index % 2 === 0 ? "NO" : "SE" },
        }),
      ),
    ]);
    for (let start = 0; start < events.length; start += 1_000) {
      await storage.events.recorder.record(events.slice(start, start + 1_000));
    }
    await foldAll(measures);
    await expectAllAnswers(measures, world, { decisions, events });
  });

  it.runIf(kind === "Postgres")(
    "lets nobody wait who sends events of a subject that is being measured, and measures it again",
    { timeout: 60_000 },
    async () => {
      const world = await storeWorld(storage);
      worlds += 1;
      const subjectId = `w${worlds}-busy`;
      const decisions = await assign(storage, world, [{ subjectId, variant: 0, at: START }]);
      const decisionId = decisions[0]?.decisionId ?? null;
      const events = [
        eventOf({ subjectId, decisionId, occurredAt: START, eventType: EXPOSURE_EVENT_TYPE }),
        eventOf({ subjectId, occurredAt: START + 1, value: 3 }),
      ];
      await storage.events.recorder.record(events);
      const other = new Client({ connectionString: url });
      await other.connect();
      try {
        // Another process has taken the subject off the list and is measuring it.
        await other.query(
          `WITH gone AS (DELETE FROM subjects_to_fold WHERE subject_id = $1 RETURNING environment_id, received_at, subject_id)
           INSERT INTO subjects_being_folded SELECT * FROM gone`,
          [subjectId],
        );
        await other.query("BEGIN");
        await other.query("SELECT FROM subjects_being_folded FOR UPDATE");
        const late = eventOf({ subjectId, occurredAt: START + 2, value: 4 });
        await storage.events.recorder.record([late]);
        await measures.folding.run((steps) => steps.foldSubjects(10));
        await measures.folding.run((steps) => steps.advanceWatermark(0));
        const watermark = await measures.folding.watermark(DEFAULT_ENVIRONMENT_ID);
        expect(watermark).toBeLessThanOrEqual(events[0]?.receivedAt ?? 0);
        // It is killed before it has written anything.
        await other.query("ROLLBACK");
        await foldAll(measures);
        await expectAllAnswers(measures, world, { decisions, events: [...events, late] });
      } finally {
        await other.end();
      }
    },
  );

  it.runIf(kind === "Postgres")(
    "loses and repeats nothing when its connection is killed at any point",
    { timeout: 120_000 },
    async () => {
      const world = await storeWorld(storage);
      const killer = new Client({ connectionString: url });
      await killer.connect();
      const all: RawInput = { decisions: [], events: [] };
      const raws = [all];
      for (const [index, played] of fc.sample(script, { numRuns: 6, seed: 11 }).entries()) {
        const raw = await play(storage, world, played);
        raws.push(raw);
        await storage.events.recorder.record(raw.events);
        const folding = foldAll(measures).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, index * 3));
        await killer.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%LISTEN%'",
        );
        await folding;
      }
      await killer.end();
      await foldAll(measures);
      const raw = { decisions: raws.flatMap((each) => each.decisions), events: raws.flatMap((each) => each.events) };
      await expectAllAnswers(measures, world, raw);
    },
  );
});
