import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lotty/faults/seeded-random";
import type { EventAttempt, EventResult } from "../check/count-events.ts";
import { ENVIRONMENTS } from "../world/environments.ts";
import { EVENT_TYPE, EventMaker, type EventBatch } from "../world/random-events.ts";
import type { Cast } from "./cast.ts";

const PAUSE_MILLIS = { least: 20, most: 250 };
const ELSEWHERE_SHARE = 0.25;

/** Longer than any answer takes. */
const TIMEOUT_MILLIS = 15_000;

/** Of all batches, those that are sent to both APIs at the same moment. */
const TWICE_SHARE = 0.1;

/** Sends events, beside the questions. */
export class EventLoop {
  readonly #random: SeededRandom;
  readonly #maker: EventMaker;
  readonly #cast: Cast;
  #attempts: EventAttempt[] = [];

  constructor(seed: number, cast: Cast) {
    this.#random = new SeededRandom(seed ^ 0x7f4a7c15);
    this.#maker = new EventMaker(seed);
    this.#cast = cast;
  }

  /** What was sent since the last time that this was called. */
  takeAttempts(): readonly EventAttempt[] {
    const taken = this.#attempts;
    this.#attempts = [];
    return taken;
  }

  /** Sends until told to stop, and waits for what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const underWay = new Set<Promise<void>>();
    while (!signal.aborted) {
      const environment = this.#random.next() < ELSEWHERE_SHARE ? ENVIRONMENTS[1] : ENVIRONMENTS[0];
      const batch = this.#maker.batch(environment, this.#random, Date.now());
      const times = this.#random.next() < TWICE_SHARE ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        const sending = this.#send(batch).finally(() => underWay.delete(sending));
        underWay.add(sending);
      }
      const pause = this.#random.between(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(underWay);
  }

  async #send(batch: EventBatch): Promise<void> {
    const member = this.#cast.chooseApi(this.#random);
    const startedAt = Date.now();
    const answer = await post(`${member.url}/v1/events?environment=${batch.environment}`, batch);
    this.#attempts.push({ batch, process: member.name, startedAt, endedAt: Date.now(), ...answer });
  }
}

type EventAnswer = Pick<EventAttempt, "results" | "durability">;

const LOST: EventAnswer = { results: null, durability: null };

async function post(url: string, { events }: EventBatch): Promise<EventAnswer> {
  const sent = events.map(({ at, id, subject, value }) => {
    const timestamp = new Date(at).toISOString();
    return { event_id: id, event_type: EVENT_TYPE, subject_id: subject, timestamp, value };
  });
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ events: sent }),
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    const body = (await response.json()) as { readonly results?: unknown; readonly durability?: unknown };
    if (response.status !== 200 || !Array.isArray(body.results)) return LOST;
    return { results: body.results.map(toResult), durability: String(body.durability) };
  } catch {
    return LOST;
  }
}

function toResult(result: Readonly<Record<string, unknown>>): EventResult {
  return { status: String(result["status"]), conflict: result["conflict"] === true };
}
