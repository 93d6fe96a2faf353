import { createHash } from "node:crypto";
import { DEFAULT_ENVIRONMENT_ID, EXPOSURE_EVENT_TYPE, type DecisionRecord, type EventRecord } from "@lotty/domain";
import type { MeasureStorage, Storage } from "@lotty/persistence";
import { assigningDecision } from "@lotty/testkit/suites/decision-store-fixture";
import fc from "fast-check";
import { eventOf, type ExperimentWorld } from "./experiment-world.ts";

/** A subject that was assigned, exposed and bought something; times are in hours from the start. */
export interface Shopper {
  readonly variant: number;
  /** First exposure; the second variant is seen as well where `several`. */
  readonly exposedAt: number;
  readonly several: boolean;
  /** A property of the exposure. */
  readonly country: string | null;
  /** An attribute of the decision. */
  readonly plan: string | number | boolean | null;
  readonly events: readonly {
    readonly at: number;
    readonly type: "purchase" | "visit";
    readonly value: number;
    readonly amount: number;
  }[];
}

/** Shoppers with everything that makes measures differ. */
export const shopper: fc.Arbitrary<Shopper> = fc.record({
  variant: fc.nat(1),
  exposedAt: fc.double({ min: 0, max: 230, noNaN: true }),
  several: fc.nat(11).map((n) => n === 0),
  country: fc.constantFrom("NO", "SE", null),
  plan: fc.constantFrom("free", "pro 'é' \"x\"", 1.5, true, null),
  events: fc.array(
    fc.record({
      at: fc.double({ min: -120, max: 236, noNaN: true }),
      type: fc.constantFrom("purchase" as const, "visit" as const),
      // Products of the tiniest doubles would be rounded to zero.
      value: fc.integer({ min: -10_000, max: 1_000_000 }).map((n) => n / 97),
      amount: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 8 },
  ),
});

/** Rows that are written at once. */
const BATCH = 500;

/** Records what shoppers did, with ids that begin with a prefix. */
export async function playShop(
  storage: Storage,
  world: ExperimentWorld,
  {
    prefix,
    shoppers,
    start,
  }: { readonly prefix: string; readonly shoppers: readonly Shopper[]; readonly start: number },
): Promise<void> {
  const { experiment } = world;
  const decide = (subjectId: string, variant: number, fields: Partial<DecisionRecord>): DecisionRecord => ({
    ...assigningDecision({ environmentId: DEFAULT_ENVIRONMENT_ID, subjectId }, experiment.id, {
      variantId: experiment.variants[variant]?.id ?? "",
      decidedAt: start,
    }),
    ...fields,
  });
  const at = (hours: number): number => Math.round(start + hours * 3_600_000_000);
  const decisions: DecisionRecord[] = [];
  const events: EventRecord[] = [];
  for (const [index, { country, events: own, exposedAt, plan, several, variant }] of shoppers.entries()) {
    const subjectId = `${prefix}${index}`;
    const taken = [decide(subjectId, variant, attributesOf(plan))];
    if (several) taken.push(decide(subjectId, 1 - variant, {}));
    decisions.push(...taken);
    for (const [nth, { decisionId }] of taken.entries()) {
      const properties = country === null ? {} : { country };
      const occurredAt = at(exposedAt) + nth;
      events.push(eventOf({ subjectId, occurredAt, decisionId, eventType: EXPOSURE_EVENT_TYPE, properties }));
    }
    for (const { amount, at: hours, type, value } of own) {
      const properties = { amount, country: country ?? "DK" };
      events.push(eventOf({ subjectId, occurredAt: at(hours), eventType: type, value, properties }));
    }
  }
  for (let first = 0; first < decisions.length; first += BATCH)
    await storage.sink.write(decisions.slice(first, first + BATCH));
  for (let first = 0; first < events.length; first += BATCH)
    await storage.events.recorder.record(events.slice(first, first + BATCH));
}

/** Folds everything that was sent, and sums it up. */
export async function foldShop({ folding }: MeasureStorage): Promise<void> {
  await folding.run(async (steps) => {
    await steps.noteMetrics();
    while ((await steps.queueEarlier(100)) || (await steps.foldSubjects(100)) > 0);
    // Nobody else writes here, so everything that was sent is committed.
    await steps.advanceWatermark(0);
    while ((await steps.rollUp(20)) > 0);
  });
}

function attributesOf(plan: Shopper["plan"]): Pick<DecisionRecord, "attributes" | "attributesDigest"> {
  const attributes = JSON.stringify({ plan, unused: [1] });
  return { attributes, attributesDigest: createHash("sha256").update(attributes).digest("hex") };
}
