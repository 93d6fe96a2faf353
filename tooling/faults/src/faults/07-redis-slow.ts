import type { Fault } from "../fault.ts";
import { quantileMillis, within } from "../client/timeline.ts";
import { atLeast, atMost } from "../verdict/figure.ts";
import { SYNC_FALLBACKS } from "./queued-again.ts";

/** The default of REDIS_COMMAND_TIMEOUT_MS. */
const COMMAND_TIMEOUT_MILLIS = 500;

/** Makes Redis answer late, and carry out what its callers have given up by then. */
export const redisSlow: Fault = {
  row: 7,
  name: "redis-slow",
  title: "Redis pauses for 2 s, again and again: commands time out and are carried out all the same",
  async inject({ pause, redisClient }) {
    for (let round = 0; round < 8; round += 1) {
      await redisClient.call("CLIENT", "PAUSE", "2000", "ALL");
      await pause(2_500);
    }
  },
  async afterwards({ api, counted, measure }) {
    measure("sync fallbacks", await counted(api, SYNC_FALLBACKS));
  },
  figures: (outcome) => {
    const committed = within(outcome.events, outcome.before).filter(({ words }) => words.includes("committed"));
    const during = within(outcome.events, outcome.during);
    return [
      atMost("errors %", outcome.errorsPercent, 0),
      atMost(
        "p99 ms while slow: timeout + p99 of sync",
        quantileMillis(during, 0.99),
        COMMAND_TIMEOUT_MILLIS + quantileMillis(committed, 0.99),
      ),
      atLeast("sync fallbacks", outcome.measures.get("sync fallbacks") ?? null, 1),
    ];
  },
};
