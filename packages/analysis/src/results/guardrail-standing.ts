import type { GuardrailStanding, LiftEstimate, MetricDefinition } from "@lotty/domain";

/**
 * How a guardrail stands: by the very interval that is shown, so that what is drawn is what decides. The two-sided interval tests
 * non-inferiority at half of its level on the side of harm; guardrails are not corrected for being several (Schultzberg et al. 2024: all
 * of them have to hold, which makes a false "all hold" rarer, not more frequent).
 *
 * @param margin largest accepted harm, above 0
 */
export function guardrailStanding(
  lift: LiftEstimate,
  margin: number,
  { higherIsBetter }: Pick<MetricDefinition, "higherIsBetter">,
): GuardrailStanding {
  const [worst, best] = higherIsBetter
    ? [lift.interval?.low ?? null, lift.interval?.high ?? null]
    : [negated(lift.interval?.high ?? null), negated(lift.interval?.low ?? null)];
  if (worst === null) return { margin, verdict: isBroken(best, margin), bound: null, distance: null };
  const distance = worst + margin;
  return { margin, verdict: distance > 0 ? "holds" : isBroken(best, margin), bound: worst, distance };
}

function isBroken(best: number | null, margin: number): "broken" | "open" {
  return best !== null && best < -margin ? "broken" : "open";
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}
