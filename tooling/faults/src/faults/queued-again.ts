import type { Outcome } from "../fault.ts";

/** Decisions that the stream refused and the database took. */
export const SYNC_FALLBACKS = 'lotty_decisions_recorded_total{way="sync_fallback"}';

/** Seconds from the end of an outage to the first decision that was queued again; `null` when none was. */
export function secondsUntilQueued({ after, events }: Outcome): number | null {
  const queued = events
    .filter(({ startedAt, words }) => startedAt >= after.from && words.includes("queued"))
    .map(({ endedAt }) => endedAt);
  return queued.length === 0 ? null : (Math.min(...queued) - after.from) / 1_000;
}
