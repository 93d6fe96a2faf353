import type { BoundedInterval } from "../comparisons/comparison.ts";
import type { PValue } from "../distributions/p-value.ts";
import { confidenceSequenceAt, type Look, type SequenceOptions } from "./asymptotic-confidence-sequence.ts";

/** What all looks up to one say together. */
export interface RunningLook extends PValue {
  /** Intersection of the intervals so far. When it is empty, low is above high. */
  readonly interval: BoundedInterval;
  /** Whether no effect is in all intervals: the effect has changed while the experiment ran. */
  readonly empty: boolean;
}

/**
 * The two-sided confidence sequence over successive looks: the p-value never rises and the interval never widens.
 *
 * @throws LottyError `invalid_request`
 */
export function runningConfidenceSequence(
  looks: readonly Look[],
  options: Omit<SequenceOptions, "alternative">,
): readonly RunningLook[] {
  const running: RunningLook[] = [];
  for (const look of looks) {
    const current = confidenceSequenceAt(look, { ...options, alternative: "two-sided" });
    const before = running.at(-1);
    const low = Math.max(before?.interval.low ?? -Infinity, look.estimate - current.halfWidth);
    const high = Math.min(before?.interval.high ?? Infinity, look.estimate + current.halfWidth);
    const { p, log10P } = before !== undefined && isSmaller(before, current) ? before : current;
    running.push({ p, log10P, interval: { low, high }, empty: low > high });
  }
  return running;
}

/** Whether a p-value is below another, also where both underflow. */
function isSmaller(a: PValue, b: PValue): boolean {
  return (a.log10P ?? -Infinity) < (b.log10P ?? -Infinity);
}
