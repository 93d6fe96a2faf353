import { randomUUID } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, type DecisionRecord, type EventRecord } from "@lotty/domain";
import { attribution, firstExposures, type AttributionRule } from "@lotty/events";
import { openEmbedded, openPostgres, type Storage } from "@lotty/persistence";
import { rowsOf } from "@lotty/persistence/testing";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { assigningDecision, STORE_NOW, storeExperiments } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleEvent, sampleExposure } from "@lotty/testkit/suites/event-store-fixture";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const environmentId = DEFAULT_ENVIRONMENT_ID;

/** What happened, before anybody heard of it. Names are made unique to a run. */
interface Story {
  readonly decisions: readonly { readonly subject: number; readonly experiment: number; readonly variant: number }[];
  readonly exposures: readonly { readonly decision: number; readonly at: number }[];
  readonly conversions: readonly { readonly subject: number; readonly at: number }[];
}

/** A way in which the story reaches the database: everything once at least, in batches, with decisions between them. */
interface Telling {
  readonly order: readonly number[];
  readonly sizes: readonly number[];
  /** Before which batch each decision gets on record. */
  readonly recorded: readonly number[];
}

const stories = fc.record<Story>({
  decisions: fc.array(fc.record({ subject: fc.nat(2), experiment: fc.nat(1), variant: fc.constantFrom(0, 0, 0, 1) }), {
    minLength: 1,
    maxLength: 6,
  }),
  exposures: fc.array(fc.record({ decision: fc.nat(5), at: fc.nat(4) }), { maxLength: 12 }),
  conversions: fc.array(fc.record({ subject: fc.nat(2), at: fc.nat(9) }), { maxLength: 12 }),
});

const tellings = fc.record<Telling>({
  order: fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 }),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
  recorded: fc.array(fc.nat(6), { minLength: 6, maxLength: 6 }),
});

const RULE: AttributionRule = {
  population: "exposed",
  selects: ({ eventType }) => eventType === "purchase",
  requiresExposure: true,
  from: 0,
  to: 3,
};

interface Told {
  readonly decisions: readonly DecisionRecord[];
  readonly events: readonly EventRecord[];
}

function tell(story: Story, experiments: readonly string[]): Told {
  const subjects = Array.from({ length: 3 }, () => randomUUID());
  const variants = Array.from({ length: 4 }, () => randomUUID());
  const decisions = story.decisions.map(({ experiment, subject, variant }) =>
    assigningDecision({ environmentId, subjectId: subjects[subject] ?? "" }, experiments[experiment] ?? "", {
      variantId: variants[2 * experiment + variant] ?? "",
    }),
  );
  const exposures = story.exposures.flatMap(({ at, decision }) => {
    const own = decisions[decision % decisions.length];
    return own === undefined ? [] : [sampleExposure(own, { occurredAt: STORE_NOW + at, properties: { at } })];
  });
  const conversions = story.conversions.map(({ at, subject }) =>
    sampleEvent({ subjectId: subjects[subject] ?? "", occurredAt: STORE_NOW + at }),
  );
  return { decisions, events: [...exposures, ...conversions] };
}

/** What the rules say of it. */
function expected({ decisions, events }: Told): { readonly exposures: Set<string>; readonly attributed: Set<string> } {
  const byId = new Map(decisions.map((decision) => [decision.decisionId, decision]));
  const first = firstExposures(
    events.flatMap(({ decisionId, eventId, occurredAt, subjectId }) => {
      const decision = byId.get(decisionId ?? "");
      if (decision === undefined) return [];
      const { experimentId, variantId } = decision;
      return [{ experimentId: experimentId ?? "", subjectId, variantId: variantId ?? "", occurredAt, eventId }];
    }),
  );
  const exposures = new Set(
    first.map((each) =>
      JSON.stringify([each.experimentId, each.subjectId, each.variantId, each.occurredAt, each.eventId, each.several]),
    ),
  );
  const attributed = first.flatMap((exposure) =>
    events
      .filter(({ subjectId }) => subjectId === exposure.subjectId)
      .filter((event) => attribution(event, { exposure, assignedAt: null }, RULE) === "counted")
      .map(({ eventId }) => JSON.stringify([exposure.experimentId, exposure.variantId, eventId])),
  );
  return { exposures, attributed: new Set(attributed) };
}

const EXPOSURES = `SELECT experiment_id, subject_id, variant_id, (extract(epoch FROM first_exposed_at) * 1000000)::bigint AS at, event_id, several
FROM first_exposures WHERE environment_id = $1 AND subject_id = ANY ($2::text[])`;

const ATTRIBUTED = `SELECT f.experiment_id, f.variant_id, e.event_id FROM first_exposures AS f
JOIN events AS e ON e.environment_id = f.environment_id AND e.subject_id = f.subject_id AND e.event_type = 'purchase'
  AND e.occurred_at >= f.first_exposed_at AND e.occurred_at < f.first_exposed_at + interval '3 microseconds'
WHERE f.environment_id = $1 AND f.subject_id = ANY ($2::text[]) AND NOT f.several`;

/** Lets the story arrive as the telling says, with the worker looking for decisions at the end. */
async function play(storage: Storage, { decisions, events }: Told, telling: Telling): Promise<void> {
  // Every event once, and some twice, in any order.
  const twice = [...events, ...events.slice(0, telling.order.length % (events.length + 1))];
  const arriving = twice
    .map((event, index) => ({ event, place: telling.order[index % telling.order.length] ?? 0 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ event }) => event);
  for (let batch = 0; arriving.length > 0 || batch < 7; batch += 1) {
    await storage.sink.write(decisions.filter((_, index) => telling.recorded[index] === batch));
    const size = telling.sizes[batch % telling.sizes.length] ?? 1;
    const outcomes = await storage.events.recorder.record(arriving.splice(0, size));
    expect(outcomes.filter(({ status }) => status === "rejected")).toStrictEqual([]);
  }
  const now = STORE_NOW + 3_600_000_000;
  while ((await storage.events.pendingExposures.resolve({ now, giveUpBefore: 0, limit: 2 })).counted > 0);
}

describe.each([
  ["Postgres", openOnPostgres],
  ["PGlite", openOnPglite],
])("on %s", (_name, open) => {
  let storage: Storage;
  let close: () => Promise<void>;
  let experiments: readonly string[];
  beforeAll(async () => {
    ({ storage, close } = await open());
    experiments = await storeExperiments(storage.configuration, environmentId, 2);
  }, 60_000);
  afterAll(() => close());

  const read = async (text: string, { decisions, events }: Told): Promise<ReadonlySet<string>> => {
    const subjects = [...new Set([...events, ...decisions].map(({ subjectId }) => subjectId))];
    const rows = await rowsOf(storage, text, [environmentId, subjects]);
    return new Set(rows.map((row) => JSON.stringify(Object.values(row))));
  };

  it("the same first exposures and the same attributed events come of whatever order and batches things arrive in", async () => {
    await fc.assert(
      fc.asyncProperty(stories, tellings, async (story, telling) => {
        const told = tell(story, experiments);
        await play(storage, told, telling);
        const { attributed, exposures } = expected(told);
        expect(await read(EXPOSURES, told)).toStrictEqual(exposures);
        expect(await read(ATTRIBUTED, told)).toStrictEqual(attributed);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

interface Opened {
  readonly storage: Storage;
  readonly close: () => Promise<void>;
}

async function openOnPostgres(): Promise<Opened> {
  const database = await createTestDatabase();
  const storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
  await storage.migrate();
  const close = async (): Promise<void> => {
    await storage.close();
    await database.drop();
  };
  return { storage, close };
}

async function openOnPglite(): Promise<Opened> {
  const storage = await openEmbedded({ directory: "memory", logger: new RecordingLogger() });
  await storage.migrate();
  return { storage, close: () => storage.close() };
}
