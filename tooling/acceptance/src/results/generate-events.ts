/** A subject that was decided for. */
export interface DecidedSubject {
  readonly subjectId: string;
  readonly decisionId: string;
  readonly variantId: string;
}

/** An event as it is sent. */
export interface SentEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly subject_id: string;
  readonly timestamp: string;
  readonly decision_id?: string;
  readonly value?: number;
}

/** What happens to subjects, and in which order it arrives. */
export interface Generated {
  /** In the order of sending, some of it twice. */
  readonly sent: readonly SentEvent[];
  /** Sent when everything else has been counted already. */
  readonly late: readonly SentEvent[];
  /** When each subject was exposed, in milliseconds since 1970. */
  readonly exposedAt: ReadonlyMap<string, number>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Share of the events that are sent twice, and of those that come last. */
const REPEATED = 0.05;
const LATE = 0.05;

/** How much more the treatment's subjects spend. */
export const LIFT = 0.2;

/**
 * Makes five events for each subject: an exposure on one of ten days, a purchase before it, two within a day after it (of most subjects), and one too
 * late to count. Shuffled, so that purchases come before the exposures that they need.
 */
export function generateEvents(
  subjects: readonly DecidedSubject[],
  {
    firstDay,
    random,
    treatmentId,
  }: { readonly firstDay: number; readonly random: () => number; readonly treatmentId: string },
): Generated {
  const exposedAt = new Map<string, number>();
  const events = subjects.flatMap(({ decisionId, subjectId, variantId }): readonly SentEvent[] => {
    const at = firstDay + Math.floor(random() * 10 * DAY);
    exposedAt.set(subjectId, at);
    const factor = variantId === treatmentId ? 1 + LIFT : 1;
    const purchase = (name: string, after: number): SentEvent => ({
      event_id: `${subjectId}-${name}`,
      event_type: "purchase",
      subject_id: subjectId,
      timestamp: new Date(at + after).toISOString(),
      value: -Math.log(1 - random()) * 30 * factor,
    });
    const exposure: SentEvent = {
      event_id: `${subjectId}-exposure`,
      event_type: "exposure",
      subject_id: subjectId,
      timestamp: new Date(at).toISOString(),
      decision_id: decisionId,
    };
    const buys =
      random() < 0.7 ? [purchase("soon", HOUR), purchase("later", Math.floor(random() * 23 * HOUR) + 1)] : [];
    return [exposure, purchase("before", -2 * HOUR), ...buys, purchase("too-late", 30 * HOUR)];
  });
  const repeated = events.filter(() => random() < REPEATED);
  const order = shuffled([...events, ...repeated], random);
  const last = Math.floor(order.length * (1 - LATE));
  return { sent: order.slice(0, last), late: order.slice(last), exposedAt };
}

/** Fisher & Yates. */
function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  const keyed = list.map((value) => ({ value, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ value }) => value);
}
