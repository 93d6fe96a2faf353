import { isOk, type RequestEvent } from "../client/timeline.ts";

/** Share of requests that must be answered for the service to count as recovered. */
const OK_SHARE = 0.999;

/** A time in which the service had what it needs. Times are in milliseconds of the steady clock. */
export interface Respite {
  /** The kill, if others are there to do the work; else the end of the outage. */
  readonly from: number;
  /** When it was broken again; absent for the last one. */
  to?: number;
}

/** What recovery is measured by. */
export interface RecoveryOptions {
  readonly respites: readonly Respite[];
  /** How long the service must be well after the beginning of the last respite. */
  readonly windowMillis: number;
}

/**
 * Seconds from the beginning of a respite to the last request that failed in it, the longest of all respites. In the last one it
 * is the beginning of the first window in which at least 99.9 % of the requests were answered; `null` when there is none.
 */
export function recoverySeconds(events: readonly RequestEvent[], options: RecoveryOptions): number | null {
  const { respites, windowMillis } = options;
  const failures = events.filter((event) => !isOk(event)).map(({ endedAt }) => endedAt);
  const until = Math.max(...events.slice(-1).map(({ endedAt }) => endedAt), 0);
  let longest = 0;
  for (const { from, to } of respites) {
    const last =
      to === undefined
        ? wellFrom(events, { from, until, windowMillis })
        : (failures.findLast((at) => at >= from && at < to) ?? from);
    if (last === null) return null;
    longest = Math.max(longest, last - from);
  }
  return longest / 1_000;
}

interface Search {
  readonly from: number;
  readonly until: number;
  readonly windowMillis: number;
}

/** The first moment (the beginning, or just after a failure) from which a whole window goes well. */
function wellFrom(events: readonly RequestEvent[], { from, until, windowMillis }: Search): number | null {
  const after = events.filter(({ endedAt }) => endedAt >= from).toSorted((a, b) => a.endedAt - b.endedAt);
  let first = 0;
  let end = 0;
  let ok = 0;
  for (const start of [from, ...after.filter((event) => !isOk(event)).map(({ endedAt }) => endedAt)]) {
    if (start + windowMillis > until) return null;
    // The window moves on: what ended after it joins, what ended before it leaves.
    for (let event = after[end]; event !== undefined && event.endedAt <= start + windowMillis; event = after[end]) {
      if (isOk(event)) ok += 1;
      end += 1;
    }
    for (let event = after[first]; first < end && event !== undefined && event.endedAt <= start; event = after[first]) {
      if (isOk(event)) ok -= 1;
      first += 1;
    }
    if (end > first && ok / (end - first) >= OK_SHARE) return start;
  }
  return null;
}
