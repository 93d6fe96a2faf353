import type { Fault } from "../fault.ts";
import { within } from "../client/timeline.ts";
import { atMost, exactly } from "../verdict/figure.ts";
import { secondsUntilQueued } from "./queued-again.ts";

/** Takes Redis the memory to write. */
export const redisFull: Fault = {
  row: 8,
  name: "redis-full",
  title: "Redis is out of memory and refuses writes",
  async inject({ pause, redisClient }) {
    await redisClient.config("SET", "maxmemory", "1mb");
    await pause(10_000);
  },
  async heal({ redisClient }) {
    await redisClient.config("SET", "maxmemory", "0");
  },
  figures: (outcome) => {
    const during = within(outcome.events, { ...outcome.during, from: outcome.during.from + 1_000 });
    return [
      exactly("5xx", outcome.events.filter(({ kind }) => kind.startsWith("5")).length, 0),
      exactly("queued while full", during.filter(({ words }) => words.includes("queued")).length, 0),
      atMost("async again after s", secondsUntilQueued(outcome), 10),
    ];
  },
};
