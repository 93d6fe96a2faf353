import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lotty/faults/seeded-random";
import type { Cast } from "./cast.ts";

/** One way of breaking things and mending them. */
type Fault = (cast: Cast, random: SeededRandom, pause: Pause) => Promise<void>;

/** Waits a random time between two limits, in milliseconds; shorter when the round is over. */
type Pause = (least: number, most: number) => Promise<void>;

const PAUSE_MILLIS = { least: 300, most: 3_000 };

/** Longest wait for a change, and how long after its beginning it is still under way, in milliseconds. */
const CHANGE_MILLIS = 10_000;
const AMID_MILLIS = 60;

/** The faults, by name, with how often they come. */
const FAULTS: Readonly<Record<string, readonly [weight: number, fault: Fault]>> = {
  "api-kill": [
    4,
    async (cast, random, pause) => {
      const api = random.pick(cast.stage.api);
      await cast.kill(api);
      await pause(0, 1_000);
      cast.start(api);
      await api.untilReady();
    },
  ],
  "api-kill-in-a-change": [
    2,
    async (cast, random, pause) => {
      const api = await Promise.race([cast.untilChanging(), pause(CHANGE_MILLIS, CHANGE_MILLIS)]);
      if (api === undefined) return;
      await sleep(random.between(0, AMID_MILLIS));
      await cast.kill(api);
      await pause(0, 1_000);
      cast.start(api);
      await api.untilReady();
    },
  ],
  "api-restart": [
    2,
    async (cast, random) => {
      const api = random.pick(cast.stage.api);
      await cast.stop(api);
      cast.start(api);
      await api.untilReady();
    },
  ],
  "api-hold": [2, async (cast, random, pause) => cast.hold(random.pick(cast.stage.api), () => pause(200, 2_500))],
  "worker-kill": [
    2,
    async (cast, random, pause) => {
      const worker = random.pick(cast.stage.workers);
      await cast.kill(worker);
      await pause(0, 2_000);
      cast.start(worker);
    },
  ],
  "worker-hold": [
    1,
    async (cast, random, pause) => cast.hold(random.pick(cast.stage.workers), () => pause(200, 5_000)),
  ],
  "redis-kill": [
    3,
    async ({ stage: { redis } }, _, pause) => {
      await redis.stop("SIGKILL");
      await pause(0, 2_000);
      await redis.start();
    },
  ],
  "redis-hold": [
    2,
    async ({ stage: { redis } }, _, pause) => {
      const { pid } = redis;
      process.kill(pid, "SIGSTOP");
      try {
        await pause(200, 2_000);
      } finally {
        process.kill(pid, "SIGCONT");
      }
    },
  ],
  "postgres-crash": [3, async (cast, _, pause) => cast.withoutPostgres("SIGQUIT", () => pause(0, 3_000))],
  "postgres-stop": [1, async (cast, _, pause) => cast.withoutPostgres("SIGINT", () => pause(0, 4_000))],
  "connections-cut": [2, async (cast) => cast.cutConnections()],
  "api-kill-while-postgres-is-away": [
    2,
    async (cast, random, pause) => {
      const api = random.pick(cast.stage.api);
      await cast.withoutPostgres("SIGQUIT", async () => {
        await pause(200, 2_500);
        await cast.kill(api);
        await pause(0, 1_000);
        cast.start(api);
        await pause(500, 3_000);
      });
      await api.untilReady();
    },
  ],
  "everything-at-once": [
    1,
    async (cast, random, pause) => {
      const { api, redis, workers } = cast.stage;
      await cast.withoutPostgres("SIGQUIT", async () => {
        await redis.stop("SIGKILL");
        await cast.kill(random.pick(workers));
        await pause(0, 2_000);
        for (const member of api) await cast.kill(member);
        await redis.start();
        await pause(0, 1_000);
      });
      await cast.gather();
    },
  ],
};

/** What was broken, and when. Milliseconds since the epoch. */
export interface PlayedFault {
  readonly name: string;
  readonly at: number;
  readonly endedAt: number;
}

/** Breaks one thing after the other, at random moments. */
export class FaultLoop {
  readonly played: PlayedFault[] = [];
  readonly #random: SeededRandom;
  readonly #cast: Cast;

  constructor(seed: number, cast: Cast) {
    this.#random = new SeededRandom(seed ^ 0x2545f491);
    this.#cast = cast;
  }

  /** Breaks until told to stop; what is broken by then is mended. */
  async run(signal: AbortSignal): Promise<void> {
    const random = this.#random;
    const pause: Pause = (least, most) =>
      sleep(random.between(least, most), undefined, { signal }).catch(() => undefined);
    await pause(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
    while (!signal.aborted) {
      const [name, fault] = this.#pick();
      const at = Date.now();
      await fault(this.#cast, random, pause);
      this.played.push({ name, at, endedAt: Date.now() });
      await pause(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
    }
  }

  #pick(): readonly [string, Fault] {
    const all = Object.entries(FAULTS);
    let point = this.#random.between(
      1,
      all.reduce((sum, [, [weight]]) => sum + weight, 0),
    );
    for (const [name, [weight, fault]] of all) {
      point -= weight;
      if (point <= 0) return [name, fault];
    }
    throw new RangeError("There is nothing to break.");
  }
}
