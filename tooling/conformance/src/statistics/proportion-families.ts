import {
  compareProportions,
  fisherExact,
  proportionIntervals,
  type Alternative,
  type BoundedInterval,
  type ProportionArms,
} from "@lotty/stats";
import { intervalFields, NO_TEST, pFields, type ResultFields } from "./comparison-fields.ts";

/** Runs a case of `proportion_z`. */
export function proportionZ({
  control,
  treatment,
  ...options
}: ProportionArms & {
  readonly alpha: number;
  readonly alternative: Alternative;
  readonly variance: "pooled" | "unpooled";
}): ResultFields {
  const result = compareProportions({ control, treatment }, options);
  const { status, diff } = result;
  if (result.status !== "ok") return { status, diff, se_test: null, z: null, ...NO_TEST };
  return { status, diff, se_test: result.seTest, z: result.z, ...pFields(result), ...intervalFields(result.interval) };
}

/** Runs a case of `proportion_ci`. */
export function proportionCi({ control, treatment, alpha }: ProportionArms & { readonly alpha: number }): ResultFields {
  const result = proportionIntervals({ control, treatment }, { alpha });
  if (result.status !== "ok") return { status: result.status };
  return {
    diff: result.diff,
    control_wilson: pair(result.control.wilson),
    treatment_wilson: pair(result.treatment.wilson),
    control_clopper_pearson: pair(result.control.clopperPearson),
    treatment_clopper_pearson: pair(result.treatment.clopperPearson),
    newcombe: pair(result.newcombe),
    agresti_caffo: pair(result.agrestiCaffo),
    miettinen_nurminen: pair(result.miettinenNurminen),
  };
}

function pair({ low, high }: BoundedInterval): readonly number[] {
  return [low, high];
}

/** Runs a case of `fisher_exact`. */
export function fisher(arms: ProportionArms): ResultFields {
  const result = fisherExact(arms);
  if (result.status !== "ok") return { status: result.status };
  return {
    p_two_sided: result.pTwoSided,
    p_greater: result.pGreater,
    p_less: result.pLess,
    p_two_sided_mid: result.pTwoSidedMid,
  };
}
