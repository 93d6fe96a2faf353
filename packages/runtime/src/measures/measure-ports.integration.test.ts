import {
  DEFAULT_ENVIRONMENT_ID,
  EXPOSURE_EVENT_TYPE,
  type EventRecord,
  type LedgerLine,
  type MomentsQuestion,
} from "@lotty/domain";
import { createMeter } from "@lotty/metrics";
import { openEmbedded, openPostgres, type MeasureStorage, type Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assign, eventOf, questionOf, storeWorld, type ExperimentWorld } from "../testing/measures/experiment-world.ts";

const logger = new RecordingLogger();
const HOUR = 3_600_000_000;
const START = Date.now() * 1_000 - 240 * HOUR;

const NORWEGIAN = sampleMetricDefinition({
  kind: "sum",
  numerator: { eventType: "purchase", filter: 'country == "NO"', valueProperty: null },
  denominator: null,
  winsorizing: null,
  dropsZeros: true,
  covariateDays: 0,
  windowHours: 72,
});

/** What happened to a subject, in hours from its assignment, and what has to become of it. */
interface Case {
  readonly outcome: LedgerLine["outcome"];
  readonly exposedAt?: number;
  readonly several?: boolean;
  readonly purchases?: readonly { readonly at: number; readonly value: number; readonly country: string }[];
}

const CASES: readonly Case[] = [
  { outcome: "not_exposed", purchases: [{ at: 2, value: 9, country: "NO" }] },
  { outcome: "several_variants", exposedAt: 1, several: true, purchases: [{ at: 2, value: 9, country: "NO" }] },
  { outcome: "no_event", exposedAt: 1 },
  { outcome: "before_exposure", exposedAt: 10, purchases: [{ at: 2, value: 9, country: "NO" }] },
  { outcome: "after_window", exposedAt: 1, purchases: [{ at: 80, value: 9, country: "NO" }] },
  { outcome: "filtered_out", exposedAt: 1, purchases: [{ at: 2, value: 9, country: "SE" }] },
  { outcome: "zero_dropped", exposedAt: 1, purchases: [{ at: 2, value: 0, country: "NO" }] },
  { outcome: "window_open", exposedAt: 238, purchases: [{ at: 239, value: 7, country: "NO" }] },
  {
    outcome: "counted",
    exposedAt: 1,
    purchases: [
      { at: 2, value: 5, country: "NO" },
      { at: 3, value: 6, country: "NO" },
    ],
  },
];

describe.each(["Postgres", "PGlite"] as const)("what metrics measured on %s", (kind) => {
  let storage: Storage;
  let measures: MeasureStorage;
  let world: ExperimentWorld;
  let question: MomentsQuestion;
  let url = "";
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
    world = await storeWorld(storage, [NORWEGIAN]);
    const [metric] = world.metrics;
    if (metric === undefined) throw new Error("A metric was stored.");
    question = { ...questionOf(world, metric), completeOnly: true };
    await record();
  }, 60_000);
  afterAll(async () => {
    await storage.close();
    await drop();
  });

  async function record(): Promise<void> {
    const subjects = CASES.map((_, index) => ({ subjectId: `s${index}`, variant: 0, at: START }));
    const both = subjects.filter((_, index) => CASES[index]?.several === true);
    const others = await assign(
      storage,
      world,
      both.map((subject) => ({ ...subject, variant: 1, at: START - 1 })),
    );
    const decisions = await assign(storage, world, subjects);
    const events = CASES.flatMap(({ exposedAt, purchases = [], several = false }, index): EventRecord[] => {
      const subjectId = `s${index}`;
      const exposures = exposedAt === undefined ? [] : [decisions[index], ...(several ? others : [])];
      return [
        ...exposures.map((decision, nth) =>
          eventOf({
            subjectId,
            eventId: `exposure-${index}-${nth}`,
            eventType: EXPOSURE_EVENT_TYPE,
            occurredAt: START + (exposedAt ?? 0) * HOUR + nth,
            decisionId: decision?.decisionId ?? null,
          }),
        ),
        ...purchases.map(({ at, country, value }, nth) =>
          eventOf({
            subjectId,
            eventId: `purchase-${index}-${nth}`,
            occurredAt: START + at * HOUR,
            value,
            properties: { country },
          }),
        ),
      ];
    });
    await storage.events.recorder.record(events);
  }

  async function fold(): Promise<void> {
    await measures.folding.run(async (steps) => {
      await steps.noteMetrics();
      while ((await steps.queueEarlier(4)) || (await steps.foldSubjects(4)) > 0);
      // Nobody else writes here, so everything that was sent is committed.
      await steps.advanceWatermark(0);
    });
  }

  async function expectFunnel(): Promise<void> {
    const variantId = world.experiment.variants[0]?.id ?? "";
    const funnel = await measures.funnel.funnel(question);
    expect(funnel.variants).toStrictEqual([{ variantId, decided: 9, exposed: 8, attributed: 3, counted: 1 }]);
    expect(new Map(funnel.losses.map(({ cause, subjects }) => [cause, subjects]))).toStrictEqual(
      new Map(CASES.flatMap(({ outcome }) => (outcome === "counted" ? [] : [[outcome, 1] as const]))),
    );
  }

  it("opens into how far subjects came and why not further, folded or not", async () => {
    await expectFunnel();
    await fold();
    await expectFunnel();
  });

  it("opens into subjects with their events, page by page", async () => {
    const variantId = world.experiment.variants[0]?.id ?? "";
    const lines: LedgerLine[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof measures.funnel.ledger>> = await measures.funnel.ledger({
        ...question,
        variantId,
        after,
        limit: 4,
      });
      lines.push(...page.lines);
      after = page.next;
    } while (after !== null);
    expect(lines.map(({ outcome }) => outcome)).toStrictEqual(CASES.map(({ outcome }) => outcome));
    expect(lines.at(-1)).toMatchObject({
      subjectId: "s8",
      exposureEventId: "exposure-8-0",
      eventIds: ["purchase-8-0", "purchase-8-1"],
    });
    expect(lines[0]).toMatchObject({ decisionId: null, exposureEventId: null, eventIds: [] });
    expect(lines[3]?.eventIds).toStrictEqual([]);
  });

  it("counts subjects that were exposed to several variants", async () => {
    const counted = await measures.funnel.severalVariants(DEFAULT_ENVIRONMENT_ID, world.experiment.id);
    expect(counted).toStrictEqual({ several: 1, exposed: 8 });
  });

  it("gives the values of subjects in the order of their ids, folded and of all who were assigned", async () => {
    await fold();
    const collect = async (of: Partial<MomentsQuestion>): Promise<readonly (readonly [string, number])[]> => {
      const values: (readonly [string, number])[] = [];
      for await (const { subjectId, value } of measures.moments.values({ ...question, ...of }))
        values.push([subjectId, value]);
      return values;
    };
    expect(await collect({})).toStrictEqual([["s8", 11]]);
    expect(await collect({ completeOnly: false })).toStrictEqual([
      ["s7", 7],
      ["s8", 11],
    ]);
    // From the assignment on, also those count that were never exposed; those of several variants do not.
    expect(await collect({ population: "assigned", completeOnly: false })).toStrictEqual([
      ["s0", 9],
      ["s3", 9],
      ["s8", 11],
    ]);
  });

  it("tells what a metric was over the past, for a sample that stays the same", async () => {
    const { metric } = question;
    const span = { from: START - HOUR, to: START + 300 * HOUR };
    const past = await measures.history.values(metric, { ...span, limit: 100 });
    expect(new Map(past.map(({ subjectId, value }) => [subjectId, value]))).toStrictEqual(
      new Map([
        ["s0", 9],
        ["s1", 9],
        ["s3", 9],
        ["s8", 11],
      ]),
    );
    const all = past.map(({ subjectId }) => subjectId);
    const some = await measures.history.values(metric, { ...span, limit: 5 });
    expect(all.slice(0, some.length)).toStrictEqual(some.map(({ subjectId }) => subjectId));
  });

  it.runIf(kind === "Postgres")(
    "gives what people look at from the replica, and everything else from the database",
    async () => {
      // A database of its own stands in for it, which is told apart by having nothing.
      const replica = await createTestDatabase();
      const empty = await openPostgres({ url: replica.url, logger });
      await empty.migrate();
      await empty.close();
      const both = await openPostgres({ url, replicaUrl: replica.url, logger });
      try {
        await fold();
        const { moments, onReplica } = both.measures(createMeter);
        expect((await moments.moments(question)).arms).toHaveLength(1);
        expect(await onReplica.moments.moments(question)).toStrictEqual({ arms: [], watermark: expect.any(Number) });
        expect(await onReplica.funnel.severalVariants(DEFAULT_ENVIRONMENT_ID, world.experiment.id)).toMatchObject({
          exposed: 0,
        });
      } finally {
        await both.close();
        await replica.drop();
      }
      // Without one there is nothing else to read.
      expect((await measures.onReplica.moments.moments(question)).arms).toHaveLength(1);
    },
  );

  it("forgets what was measured of a subject that is erased", async () => {
    await fold();
    const erasure = { environmentId: DEFAULT_ENVIRONMENT_ID, subjectId: "s8", at: START, by: "ada" };
    await storage.eraser.erase(erasure, () => sampleLink("test.erase"));
    expect((await measures.moments.moments(question)).arms).toStrictEqual([]);
  });
});
