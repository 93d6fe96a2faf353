import type { GuardrailReading, GuardrailRule, GuardrailState } from "@lotty/domain";
import { confidenceSequenceAt } from "@lotty/stats";
import { contrastOf, levelOf, type ContrastRule, type TwoArms } from "./contrast.ts";

/** How a variant is judged. */
export interface ArmRule extends ContrastRule {
  readonly rule: GuardrailRule;
  /** One-sided level of this variant, above 0 and below 0.5. */
  readonly alpha: number;
}

/**
 * Judges one variant. Harm is declared when the upper bound of a one-sided asymptotic confidence sequence for the shift (treatment less
 * control less the margin, in the good direction) lies below 0: the harm is beyond the margin, whatever else is true of it. The
 * bound holds at all looks together, so looking often costs nothing.
 *
 * Source: Waudby-Smith et al. (2021), "Time-uniform central limit theory and asymptotic confidence sequences"; the margin as in
 * Schultzberg et al. (2024), arXiv 2402.11609.
 *
 * @throws LottyError `invalid_request` for moments that cannot be
 */
export function readArm(arms: TwoArms, { alpha, metric, rule }: ArmRule): GuardrailReading {
  const { control, treatment } = arms;
  const contrast = contrastOf(arms, { metric, rule });
  const counted = {
    variantId: treatment.variantId,
    subjects: treatment.n,
    controlSubjects: control.n,
    mean: levelOf(treatment, metric.kind),
    controlMean: levelOf(control, metric.kind),
    shift: contrast.shift,
  };
  const silent = { ...counted, state: "waiting", se: null, low: null, high: null } as const;
  if (Math.min(control.n, treatment.n) < rule.minimumSubjects) return { ...silent, waitsFor: "minimum_subjects" };
  if (contrast.status !== "ok") return { ...silent, waitsFor: contrast.status };
  const { se, shift } = contrast;
  const look = { n: control.n + treatment.n, estimate: shift, se };
  const options = { alpha, tunedFor: rule.tunedFor };
  const { high } = confidenceSequenceAt(look, { ...options, alternative: "less" }).interval;
  const { low } = confidenceSequenceAt(look, { ...options, alternative: "greater" }).interval;
  return { ...counted, state: stateOf(shift, high), se, low, high, waitsFor: null };
}

function stateOf(shift: number, high: number | null): GuardrailState {
  if (high !== null && high < 0) return "firing";
  return shift < 0 ? "amber" : "green";
}
