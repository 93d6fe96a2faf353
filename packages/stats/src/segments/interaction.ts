import { normalLogSf } from "../distributions/normal.ts";
import { symmetricPValue, type PValue } from "../distributions/p-value.ts";
import type { Untestable } from "../comparisons/comparison.ts";
import { meanEstimate } from "../comparisons/compare-means.ts";
import { knownMoments, type Moments } from "../moments/moments.ts";

/** A metric by the arms of two experiments that the same subjects were in. */
export interface TwoExperiments {
  /** Subjects in control of the other experiment. */
  readonly otherControl: { readonly control: Moments; readonly treatment: Moments };
  /** Subjects in treatment of the other experiment. */
  readonly otherTreatment: { readonly control: Moments; readonly treatment: Moments };
}

/** Whether the effect of an experiment depends on the arm of another. */
export type InteractionTest =
  | (PValue & {
      readonly status: "ok";
      readonly effectOtherControl: number;
      readonly effectOtherTreatment: number;
      /** Effect under the other's treatment less effect under its control. */
      readonly interaction: number;
      readonly se: number;
      readonly z: number;
    })
  | { readonly status: Exclude<Untestable, "zero_denominator"> };

/**
 * Tests the difference of an effect between the arms of another experiment, by the normal distribution.
 *
 * @throws LottyError `invalid_request`
 */
export function testInteraction({ otherControl, otherTreatment }: TwoExperiments): InteractionTest {
  const cells = [
    knownMoments("otherControl.control", otherControl.control),
    knownMoments("otherControl.treatment", otherControl.treatment),
    knownMoments("otherTreatment.control", otherTreatment.control),
    knownMoments("otherTreatment.treatment", otherTreatment.treatment),
  ] as const;
  const [cc, ct, tc, tt] = cells;
  if (cc === null || ct === null || tc === null || tt === null) return { status: "no_data" };
  const known = [cc, ct, tc, tt];
  if (known.some(({ n }) => n < 2)) return { status: "insufficient_data" };
  const se = Math.sqrt(known.reduce((sum, cell) => sum + meanEstimate(cell).variance, 0));
  if (se === 0) return { status: "zero_variance" };
  const effectOtherControl = ct.mean - cc.mean;
  const effectOtherTreatment = tt.mean - tc.mean;
  const interaction = effectOtherTreatment - effectOtherControl;
  const z = interaction / se;
  const tested = symmetricPValue(z, "two-sided", normalLogSf);
  return { status: "ok", effectOtherControl, effectOtherTreatment, interaction, se, z, ...tested };
}
