import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { EnvironmentKey } from "./environments.ts";

/** Key of the type that all events of a run have. */
export const EVENT_TYPE = "purchase";

/** An event to be sent. */
export interface ModelEvent {
  readonly id: string;
  readonly subject: string;
  readonly value: number;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
}

/** Events that are sent together. */
export interface EventBatch {
  readonly environment: EnvironmentKey;
  readonly events: readonly ModelEvent[];
}

const MOST_AT_ONCE = 20;

/** Of all events, those that were sent before, and of these, those that say something else now. */
const REPEATED_SHARE = 0.25;
const CHANGED_SHARE = 0.2;

/** So far back repetitions go. */
const REMEMBERED = 300;

/** Makes batches of new events and of some that were sent before, in the same environment. */
export class EventMaker {
  readonly #seed: number;
  readonly #sent = new Map<EnvironmentKey, ModelEvent[]>();
  #made = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @param now in milliseconds since the epoch */
  batch(environment: EnvironmentKey, random: SeededRandom, now: number): EventBatch {
    const sent = this.#sent.get(environment) ?? [];
    const events = Array.from({ length: random.between(1, MOST_AT_ONCE) }, () => {
      const again = sent.length > 0 && random.next() < REPEATED_SHARE;
      return again ? this.#repeated(sent, random) : this.#fresh(random, now);
    });
    this.#sent.set(environment, [...sent, ...events].slice(-REMEMBERED));
    return { environment, events };
  }

  #fresh(random: SeededRandom, at: number): ModelEvent {
    this.#made += 1;
    const subject = `s${String(this.#seed)}-${String(random.between(0, 400))}`;
    return { id: `e${String(this.#seed)}-${String(this.#made)}`, subject, value: random.between(0, 1_000) / 4, at };
  }

  #repeated(sent: readonly ModelEvent[], random: SeededRandom): ModelEvent {
    const before = random.pick(sent);
    return random.next() < CHANGED_SHARE ? { ...before, value: before.value + 1 } : before;
  }
}
