import type { Alternative } from "../distributions/p-value.ts";
import type { Interval } from "./comparison.ts";

/**
 * The interval that belongs to a test: it excludes 0 exactly when the test rejects. A one-sided test bounds one side.
 *
 * @param marginAt how far the bound lies from the estimate when it is exceeded with the probability given
 */
export function intervalAround(
  estimate: number,
  { alpha, alternative }: { readonly alpha: number; readonly alternative: Alternative },
  marginAt: (level: number) => number,
): Interval {
  switch (alternative) {
    case "two-sided": {
      const margin = marginAt(alpha / 2);
      return { low: estimate - margin, high: estimate + margin };
    }
    case "greater":
      return { low: estimate - marginAt(alpha), high: null };
    case "less":
      return { low: null, high: estimate + marginAt(alpha) };
  }
}
