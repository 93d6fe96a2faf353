/** One thing that has to hold. */
export interface Figure {
  readonly name: string;
  readonly wanted: string;
  readonly got: string;
  readonly holds: boolean;
}

/** A figure with an upper limit. What could not be measured does not hold. */
export function atMost(name: string, value: number | null, limit: number): Figure {
  return { name, wanted: `≤ ${shown(limit)}`, got: shown(value), holds: value !== null && value <= limit };
}

/** In short form faults are played beside other work, where times say little. */
const QUICK_PATIENCE = 5;

/** A time with an upper limit, which is a multiple of that in short form: there it only tells what hangs. */
export function inTime(name: string, value: number | null, { limit, quick }: TimeLimit): Figure {
  return atMost(name, value, quick ? QUICK_PATIENCE * limit : limit);
}

/** See {@link inTime}. */
export interface TimeLimit {
  readonly limit: number;
  readonly quick: boolean;
}

/** A figure with a lower limit. */
export function atLeast(name: string, value: number | null, limit: number): Figure {
  return { name, wanted: `≥ ${shown(limit)}`, got: shown(value), holds: value !== null && value >= limit };
}

/** A figure that has one right value. */
export function exactly(name: string, value: number | null, wanted: number): Figure {
  return { name, wanted: shown(wanted), got: shown(value), holds: value === wanted };
}

/** A number for people: three places at most, `-` where there is none, and a word where there is no limit. */
export function shown(value: number | null): string {
  if (value === Number.POSITIVE_INFINITY) return "any number";
  return value === null || Number.isNaN(value) ? "-" : String(Math.round(value * 1_000) / 1_000);
}
