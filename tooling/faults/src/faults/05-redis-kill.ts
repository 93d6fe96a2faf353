import type { Fault } from "../fault.ts";
import { atLeast, atMost, inTime } from "../verdict/figure.ts";
import { secondsUntilQueued, SYNC_FALLBACKS } from "./queued-again.ts";

/** Kills Redis and starts it again on its append-only file. */
export const redisKill: Fault = {
  row: 5,
  name: "redis-kill",
  title: "kill -9 of Redis, started again on its append-only file a moment later",
  quick: true,
  async inject({ pause, quick, redis }) {
    await redis.stop("SIGKILL");
    await pause(quick ? 1_000 : 5_000);
  },
  async heal({ redis }) {
    await redis.start();
  },
  async afterwards({ api, counted, measure }) {
    measure("sync fallbacks", await counted(api, SYNC_FALLBACKS));
  },
  figures: (outcome) => [
    atMost("errors %", outcome.errorsPercent, outcome.quick ? 5 : 0.1),
    atLeast("sync fallbacks", outcome.measures.get("sync fallbacks") ?? null, 1),
    inTime("async again after s", secondsUntilQueued(outcome), { limit: 10, quick: outcome.quick }),
  ],
};
