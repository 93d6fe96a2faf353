import { setTimeout as sleep } from "node:timers/promises";
import { sumOf } from "./process-metrics.ts";
import type { Stage } from "./stage.ts";
import { streamState } from "./stream.ts";

/** How long to wait. */
export interface DrainOptions {
  readonly withinMillis: number;
  readonly signal: AbortSignal;
}

const LOOK_MILLIS = 100;

/** Waits until nothing is on its way to the database any more. Gives the seconds, or `null` when the time is over. */
export async function waitForDrain(stage: Stage, { signal, withinMillis }: DrainOptions): Promise<number | null> {
  const begin = performance.now();
  while (performance.now() - begin < withinMillis) {
    if (await isDrained(stage)) return (performance.now() - begin) / 1_000;
    await sleep(LOOK_MILLIS, undefined, { signal });
  }
  return null;
}

async function isDrained(stage: Stage): Promise<boolean> {
  try {
    // Entries leave the stream when they are acknowledged.
    const { length, pending } = await streamState(stage.redisClient);
    if (length > 0 || pending > 0) return false;
    const spooled = await Promise.all(stage.api.map((member) => member.scrape()));
    return spooled.every((metrics) => sumOf(metrics, "lotty_spool_rows") === 0);
  } catch {
    return false;
  }
}
