import type { Delivery, Instant } from "@lotty/domain";

const MICROS_PER_HOUR = 3_600_000_000;

/**
 * The first moment from `now` on at which one more message stays within so many in any 60 minutes.
 *
 * @param earlier messages that were or will be sent
 * @param maxPerHour from 1
 */
export function nextSlot(earlier: readonly Delivery[], maxPerHour: number, now: Instant): Instant {
  // What is tried again was told when it was tried first.
  const times = earlier.map(({ attempts, dueAt }) => attempts[0]?.at ?? dueAt).toSorted((one, other) => one - other);
  const limiting = times.at(-maxPerHour);
  return limiting === undefined ? now : Math.max(now, limiting + MICROS_PER_HOUR);
}
