import { setTimeout as sleep } from "node:timers/promises";
import type { AckLog } from "./ack-log.ts";
import type { DurabilityWord } from "./answer.ts";
import { Balancer } from "./balancer.ts";

/** Who sends events, and where to. */
export interface EventSenderOptions {
  readonly urls: readonly string[];
  readonly callers: number;
  /** Key of the type of all events. */
  readonly eventType: string;
  readonly seed: number;
  readonly acks: AckLog;
}

interface Taken {
  readonly results: readonly {
    readonly event_id: string;
    readonly status: string;
    readonly durability?: DurabilityWord;
  }[];
}

const BATCH = 10;
const SUBJECTS = 50;

/** Every so many batches one is sent again though it was answered, as senders do that have lost the answer. */
const REPEAT_EVERY = 5;

const PAUSE_MILLIS = 30;
const RETRY_PAUSE_MILLIS = 50;
const ANSWER_WITHIN_MILLIS = 15_000;

/**
 * Callers that send batches of events. Each writes down what was acknowledged before it sends the next; what fails is sent
 * again, the same events, until it is answered.
 */
export class EventSender {
  /** Ids of all events that were sent. */
  readonly sent: Set<string> = new Set();
  readonly #options: EventSenderOptions;
  readonly #balancer: Balancer;
  readonly #callers: readonly Promise<void>[];
  #stopping = false;

  /** Starts at once. */
  constructor(options: EventSenderOptions) {
    this.#options = options;
    this.#balancer = new Balancer(options.urls);
    this.#callers = Array.from({ length: options.callers }, (_, index) => this.#caller(index));
  }

  /** Lets everyone finish the batch in hand, which takes until it is answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#callers);
    this.#balancer.close();
  }

  async #caller(index: number): Promise<void> {
    for (let n = 0; !this.#stopping; n += 1) {
      const ids = Array.from({ length: BATCH }, (_, place) => this.#idOf(index, n, place));
      await this.#sendUntilAnswered(ids, index);
      if (n % REPEAT_EVERY === 0) await this.#sendUntilAnswered(ids, index + 1);
      await sleep(PAUSE_MILLIS);
    }
  }

  #idOf(...parts: readonly number[]): string {
    return ["e", this.#options.seed, ...parts].join("-");
  }

  async #sendUntilAnswered(ids: readonly string[], turn: number): Promise<void> {
    for (const id of ids) this.sent.add(id);
    const { acks, eventType } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const taken = await this.#send(ids, this.#balancer.choose(undefined, turn + attempt));
      if (taken === undefined) {
        await sleep(RETRY_PAUSE_MILLIS);
        continue;
      }
      const accepted = taken.results.filter(({ status }) => status === "accepted");
      await acks.append(
        accepted.map(({ event_id: id, durability: word = "none" }) => ({
          id,
          word,
          flag: eventType,
          subject: subjectOf(id),
        })),
      );
      return;
    }
  }

  /** What was taken; `undefined` when nobody said. */
  async #send(ids: readonly string[], url: string): Promise<Taken | undefined> {
    const events = ids.map((event_id) => ({
      event_id,
      event_type: this.#options.eventType,
      subject_id: subjectOf(event_id),
      // One event says the same whenever it is sent.
      timestamp: new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000).toISOString(),
    }));
    try {
      const response = await fetch(`${url}/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ events }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MILLIS),
      });
      const body: unknown = await response.json();
      return response.status === 200 ? (body as Taken) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Whom an event happened to. */
export function subjectOf(eventId: string): string {
  const place = Number(eventId.split("-").at(-2) ?? 0) % SUBJECTS;
  return `subject-${String(place)}`;
}
