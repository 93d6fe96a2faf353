import { MICROS_PER_DAY, type Instant } from "@lotty/domain";
import type { Rejection } from "./event-draft.ts";

/** Which times of events are believed. */
export interface EventTimeSettings {
  /** How far ahead of its arrival an event may claim to have happened, in whole seconds; it then counts as happened on arrival. */
  readonly maxAheadSeconds: number;
  /** How long before its arrival an event may have happened, in whole days. */
  readonly maxAgeDays: number;
}

const MICROS_PER_SECOND = 1_000_000;

/**
 * When an event happened, as far as that can be known. Clocks of senders that are ahead a little are not believed about the
 * future: nothing happens after it has arrived. Clocks that are behind cannot be told from events that come late.
 */
export function judgeTime(
  timestamp: Instant,
  receivedAt: Instant,
  { maxAgeDays, maxAheadSeconds }: EventTimeSettings,
): { readonly status: "fine"; readonly occurredAt: Instant } | Rejection {
  if (timestamp > receivedAt + maxAheadSeconds * MICROS_PER_SECOND) {
    const reason = `It is said to have happened more than ${maxAheadSeconds} s after it arrived.`;
    return { status: "rejected", code: "in_future", reason };
  }
  if (timestamp < receivedAt - maxAgeDays * MICROS_PER_DAY) {
    return {
      status: "rejected",
      code: "too_late",
      reason: `It happened more than ${maxAgeDays} days before it arrived.`,
    };
  }
  return { status: "fine", occurredAt: Math.min(timestamp, receivedAt) };
}
