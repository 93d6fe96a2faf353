import type { SmallCounts } from "@lotty/domain";
import { fisherExact, type Proportion, proportionIntervals } from "@lotty/stats";
import { firstColumn } from "./compare-arms.ts";
import type { ArmPair } from "./arms.ts";

/** Below this many successes or failures in an arm, normal approximations of shares are not to be relied on. */
const FEW = 10;

/** What can be said of shares of few successes or failures without large numbers; `null` when there are enough. */
export function smallCountsOf(arms: ArmPair, alpha: number): SmallCounts | null {
  const control = proportionOf(arms.control);
  const treatment = proportionOf(arms.treatment);
  if (control.n === 0 || treatment.n === 0 || !(isFew(control) || isFew(treatment))) return null;
  const intervals = proportionIntervals({ control, treatment }, { alpha });
  const exact = fisherExact({ control, treatment });
  if (intervals.status !== "ok" || exact.status !== "ok") return null;
  return { newcombe: intervals.newcombe, fisherP: exact.pTwoSided };
}

function proportionOf(arm: ArmPair["control"]): Proportion {
  const { n, mean } = firstColumn(arm);
  // Successes are whole; their mean times n is so up to rounding.
  return { n, successes: Math.round((mean ?? 0) * n) };
}

function isFew({ n, successes }: Proportion): boolean {
  return Math.min(successes, n - successes) < FEW;
}
