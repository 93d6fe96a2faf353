import { type Instant, MICROS_PER_DAY, parseInstant } from "@lotty/domain";

const MICROS_PER_HOUR = MICROS_PER_DAY / 24;

/** The day of an instant in UTC, `YYYY-MM-DD`. */
export function dayOf(instant: Instant): string {
  return new Date(instant / 1_000).toISOString().slice(0, 10);
}

/**
 * When a day begins.
 *
 * @param day `YYYY-MM-DD`
 */
export function startOf(day: string): Instant {
  const instant = parseInstant(`${day}T00:00:00Z`);
  if (instant === undefined) throw new RangeError(`${day} is not a day.`);
  return instant;
}

/** When the day after a day begins. */
export function endOf(day: string): Instant {
  return startOf(day) + MICROS_PER_DAY;
}

/**
 * The last day of exposure on which the windows of all subjects are over, whenever on the day they were exposed; `null` when nothing was
 * folded in yet.
 *
 * @param watermark events received before it are in
 */
export function wholeThrough(watermark: Instant | null, windowHours: number): string | null {
  if (watermark === null) return null;
  return dayOf(watermark - windowHours * MICROS_PER_HOUR - MICROS_PER_DAY);
}
