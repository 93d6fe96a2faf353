import {
  detectableMeanEffect,
  detectableProportionEffect,
  powerForMean,
  sampleSizeForMean,
  sampleSizeForNoninferiority,
  sampleSizeForProportion,
} from "@lotty/stats";
import type { ResultFields } from "./comparison-fields.ts";

interface Sizes {
  readonly n_control: number;
  readonly n_treatment: number;
}

interface Plan {
  readonly alpha: number;
  readonly power: number;
  readonly sides?: 1 | 2;
  readonly comparisons?: number;
}

interface MeanPlan extends Plan {
  readonly sd: number;
  readonly variance_reduction?: number;
}

/** An input of `power`, by its kind. */
export type PowerInput =
  | ({ readonly kind: "n_mean"; readonly delta: number; readonly ratio?: number } & MeanPlan)
  | ({ readonly kind: "power_mean"; readonly delta: number } & Omit<MeanPlan, "power"> & Sizes)
  | ({ readonly kind: "mde_mean" } & MeanPlan & Sizes)
  | ({
      readonly kind: "n_proportion";
      readonly baseline: number;
      readonly treatment: number;
      readonly ratio?: number;
      readonly variance: "unpooled" | "pooled" | "baseline";
    } & Plan)
  | ({ readonly kind: "mde_proportion"; readonly baseline: number } & Plan & Sizes)
  | ({
      readonly kind: "n_noninferiority";
      readonly sd: number;
      readonly margin: number;
      readonly true_delta: number;
    } & Plan);

/** Runs a case of `power`. */
export function power(input: PowerInput): ResultFields {
  switch (input.kind) {
    case "n_mean": {
      const sizes = sampleSizeForMean({ ...input, varianceReduction: input.variance_reduction ?? 0 });
      return {
        n_control: sizes.nControlExact,
        n_control_ceil: sizes.nControl,
        n_treatment_ceil: sizes.nTreatment,
      };
    }
    case "power_mean":
      return {
        power: powerForMean({ ...input, ...armSizes(input), varianceReduction: input.variance_reduction ?? 0 }),
      };
    case "mde_mean":
      return {
        mde: detectableMeanEffect({ ...input, ...armSizes(input), varianceReduction: input.variance_reduction ?? 0 }),
      };
    case "n_proportion": {
      const sizes = sampleSizeForProportion(input);
      return {
        n_control: sizes.nControlExact,
        n_control_ceil: sizes.nControl,
        n_treatment_ceil: sizes.nTreatment,
      };
    }
    case "mde_proportion": {
      const effect = detectableProportionEffect({ ...input, ...armSizes(input) });
      if (effect.status !== "ok") return { status: effect.status, mde_absolute: null, mde_relative: null };
      return { status: effect.status, mde_absolute: effect.absolute, mde_relative: effect.relative };
    }
    case "n_noninferiority": {
      const size = sampleSizeForNoninferiority({ ...input, trueDelta: input.true_delta });
      if (size.status !== "ok") return { status: size.status, n_per_arm: null, n_per_arm_ceil: null };
      return { n_per_arm: size.perArmExact, n_per_arm_ceil: size.perArm };
    }
  }
}

function armSizes(sizes: Sizes): { readonly nControl: number; readonly nTreatment: number } {
  return { nControl: sizes.n_control, nTreatment: sizes.n_treatment };
}
