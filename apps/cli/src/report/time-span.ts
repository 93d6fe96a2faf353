import { type Instant, MICROS_PER_DAY, parseInstant } from "@lotty/domain";

const DURATION = /^(\d{1,6})(m|h|d|w)$/;

const MICROS_PER_UNIT: Readonly<Record<string, number>> = {
  m: MICROS_PER_DAY / 1_440,
  h: MICROS_PER_DAY / 24,
  d: MICROS_PER_DAY,
  w: 7 * MICROS_PER_DAY,
};

/**
 * Reads the beginning of a span of time: a date and time (RFC 3339), a date (its midnight in UTC), or how long ago it was, such
 * as `90m`, `24h`, `7d`, `2w`.
 *
 * @returns the instant, or `undefined` when the text is none of these or does not lie before `now`
 */
export function parseSince(text: string, now: Instant): Instant | undefined {
  const since = instantOf(text, now);
  return since !== undefined && since >= 0 && since < now ? since : undefined;
}

function instantOf(text: string, now: Instant): Instant | undefined {
  const [, count, unit = ""] = DURATION.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (MICROS_PER_UNIT[unit] ?? Number.NaN);
  return parseInstant(text) ?? parseInstant(`${text}T00:00:00Z`);
}
