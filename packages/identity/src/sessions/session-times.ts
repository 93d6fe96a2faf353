import { type Instant, MICROS_PER_MILLI } from "@lotty/domain";
import type { Session } from "../ports/session-store.ts";

/** How long sessions last. */
export interface SessionTimes {
  /** Without a request. */
  readonly idleMillis: number;
  /** Whatever happens. */
  readonly maxMillis: number;
}

/** Whether a session has ended: nothing was heard of it for too long, or it began too long ago. */
export function hasEnded({ createdAt, lastSeenAt }: Session, times: SessionTimes, now: Instant): boolean {
  const { createdAt: firstBegin, lastSeenAt: firstSeen } = endedBefore(times, now);
  return createdAt <= firstBegin || lastSeenAt <= firstSeen;
}

/** Sessions that began, or were last seen, at or before these moments have ended. */
export function endedBefore(
  times: SessionTimes,
  now: Instant,
): { readonly createdAt: Instant; readonly lastSeenAt: Instant } {
  return {
    createdAt: now - times.maxMillis * MICROS_PER_MILLI,
    lastSeenAt: now - times.idleMillis * MICROS_PER_MILLI,
  };
}
