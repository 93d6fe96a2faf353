const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Waits before the second and each further attempt, in microseconds. These are the ones that the Standard Webhooks specification
 * suggests: ten attempts within about three days.
 */
export const RETRY_WAITS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Greatest part by which a wait is longer: receivers that come back are not met by everything at once. */
const JITTER = 0.2;

/**
 * How long to wait after so many attempts that failed, in microseconds; `undefined` when there is to be no other.
 *
 * @param failures from 1
 * @param random from 0 to below 1
 */
export function retryWait(failures: number, random: number): number | undefined {
  const wait = RETRY_WAITS[failures - 1];
  return wait === undefined ? undefined : Math.round(wait * (1 + JITTER * random));
}
