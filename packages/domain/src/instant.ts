/**
 * A point in time: whole microseconds since 1970-01-01T00:00:00Z. Microseconds because revisions and cooldowns are
 * compared at the precision at which Postgres stores them; a safe integer until the year 2255.
 */
export type Instant = number;

/** Microseconds in one millisecond. */
export const MICROS_PER_MILLI = 1_000;

/** Microseconds in one day of 24 hours. */
export const MICROS_PER_DAY = 86_400_000_000;

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads an RFC 3339 date and time. Digits below a microsecond are cut off.
 *
 * @returns the instant, or `undefined` when the text is not a date and time that exists
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", offset = "Z"] = match;
  const date = `${year}-${month}-${day}`;
  // Date.parse rolls 30 February over to March; reading the date back shows it.
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const zone = offset.toUpperCase();
  const millis = Date.parse(`${date}T${hour}:${minute}:${second}${zone}`);
  if (Number.isNaN(millis) || hour === "24") return undefined;
  return millis * MICROS_PER_MILLI + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/**
 * Prints an instant in UTC: no fraction when it is zero, three digits when they suffice, else six.
 */
export function formatInstant(instant: Instant): string {
  const micros = ((instant % MICROS_PER_MILLI) + MICROS_PER_MILLI) % MICROS_PER_MILLI;
  const iso = new Date((instant - micros) / MICROS_PER_MILLI).toISOString();
  if (micros > 0) return `${iso.slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
  return iso.endsWith(".000Z") ? `${iso.slice(0, -5)}Z` : iso;
}
