import { compareCodePoints, type EventRecord, type Instant, type LOSS_CAUSES } from "@lotty/domain";

/** That a subject met a variant of an experiment. */
export interface Exposure {
  readonly experimentId: string;
  readonly subjectId: string;
  readonly variantId: string;
  readonly occurredAt: Instant;
  readonly eventId: string;
}

/** The exposure that counts of a subject in an experiment. */
export interface FirstExposure extends Exposure {
  /** Whether the subject's exposures name more than one variant: then it counts for none. */
  readonly several: boolean;
}

/** When an event counts for a metric. */
export interface AttributionRule {
  /** Whether events count from the subject's first exposure on, or from its assignment. */
  readonly population: "exposed" | "assigned";
  /** Whether the metric looks at an event at all: its type and its filter. */
  readonly selects: (event: EventRecord) => boolean;
  /** Whether such an event counts only from the subject's exposure on, whatever the population. */
  readonly requiresExposure: boolean;
  /** Where the window begins after the exposure or assignment, in microseconds. */
  readonly from: number;
  /** Where it ends; an event at its very end does not count. */
  readonly to: number;
}

/** A subject's part in an experiment. */
export interface Participation {
  /** `null` where it was never exposed. */
  readonly exposure: FirstExposure | null;
  /** `null` where no assignment is on record. */
  readonly assignedAt: Instant | null;
}

/** That an event counts, or what keeps it from it. */
export type Attribution =
  | "counted"
  | Extract<
      (typeof LOSS_CAUSES)[number],
      "several_variants" | "filtered_out" | "awaiting_exposure" | "before_exposure" | "after_window"
    >;

/**
 * Who was first exposed to what. The earliest exposure by time, then by id in the order of code points, counts; the order and the number of
 * times in which they are given do not. What the database keeps in `first_exposures` is the same.
 */
export function firstExposures(exposures: Iterable<Exposure>): readonly FirstExposure[] {
  const first = new Map<string, FirstExposure>();
  for (const exposure of exposures) {
    const key = JSON.stringify([exposure.experimentId, exposure.subjectId]);
    const held = first.get(key);
    if (held === undefined) {
      first.set(key, { ...exposure, several: false });
    } else {
      const several = held.several || held.variantId !== exposure.variantId;
      first.set(key, { ...(isEarlier(exposure, held) ? exposure : held), several });
    }
  }
  return [...first.values()];
}

/**
 * Whether an event of a subject counts for a metric in an experiment. Only times that events and exposures say matter, so the order in
 * which they arrive does not: an event that needs an exposure waits for it, and counts when it comes and was before the event.
 */
export function attribution(event: EventRecord, participation: Participation, rule: AttributionRule): Attribution {
  const { assignedAt, exposure } = participation;
  if (!rule.selects(event)) return "filtered_out";
  if (exposure?.several === true) return "several_variants";
  const anchor = rule.population === "exposed" ? (exposure?.occurredAt ?? null) : assignedAt;
  if (anchor === null || (rule.requiresExposure && exposure === null)) return "awaiting_exposure";
  const since = event.occurredAt - anchor;
  const needed = rule.requiresExposure && exposure !== null ? exposure.occurredAt : anchor;
  if (since < rule.from || event.occurredAt < needed) return "before_exposure";
  return since < rule.to ? "counted" : "after_window";
}

/** Code points of well-formed texts are in the order of their bytes in UTF-8, as the database compares them. */
function isEarlier(exposure: Exposure, held: Exposure): boolean {
  if (exposure.occurredAt !== held.occurredAt) return exposure.occurredAt < held.occurredAt;
  return compareCodePoints(exposure.eventId, held.eventId) < 0;
}
