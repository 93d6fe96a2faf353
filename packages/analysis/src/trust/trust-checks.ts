import type { TrustCheck } from "@lotty/domain";
import { differentialAttribution, differentialExposure, exclusions, severalVariants } from "./losses.ts";
import { prePeriodBalance } from "./pre-period-balance.ts";
import { sampleRatio, sampleRatioByDay } from "./sample-ratio.ts";
import type { TrustData } from "./trust-data.ts";

/** All checks whether results can be trusted, in the order in which they are shown. */
export function trustChecks(data: TrustData): readonly TrustCheck[] {
  return [
    sampleRatio(data),
    sampleRatioByDay(data),
    severalVariants(data),
    differentialExposure(data),
    differentialAttribution(data),
    prePeriodBalance(data),
    exclusions(data),
  ];
}
