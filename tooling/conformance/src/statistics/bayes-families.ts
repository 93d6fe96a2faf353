import { bestArm, compareBetaBeliefs, normalPosterior, type BetaArms } from "@lotty/stats";
import { intervalFields, type ResultFields } from "./comparison-fields.ts";

/** Runs a case of `bayes_normal`. */
export function bayesNormal(input: {
  readonly estimate: number;
  readonly se: number;
  readonly prior_mean: number;
  readonly prior_sd: number | null;
  readonly alpha: number;
  readonly lower_is_better: boolean;
  readonly rope: number | null;
}): ResultFields {
  const prior = input.prior_sd === null ? null : { mean: input.prior_mean, sd: input.prior_sd };
  const { alpha, rope, estimate, se } = input;
  const result = normalPosterior({ estimate, se, prior }, { alpha, rope, lowerIsBetter: input.lower_is_better });
  return {
    posterior_mean: result.mean,
    posterior_sd: result.sd,
    ...intervalFields(result.interval),
    chance_to_win: result.chanceToWin,
    log10_chance_to_lose: result.log10ChanceToLose,
    loss_if_ship: result.lossIfShip,
    loss_if_keep: result.lossIfKeep,
    p_in_rope: result.pInRope,
  };
}

/** Runs a case of `bayes_beta`. */
export function bayesBeta(arms: BetaArms): ResultFields {
  const result = compareBetaBeliefs(arms);
  return {
    p_treatment_better: result.pTreatmentBetter,
    loss_if_ship: result.lossIfShip,
    loss_if_keep: result.lossIfKeep,
    mean_diff: result.meanDiff,
  };
}

/** Runs a case of `best_arm`. */
export function bestArmCase({
  means,
  ses,
  ...options
}: {
  readonly means: readonly number[];
  readonly ses: readonly number[];
  readonly maximize: boolean;
  readonly floor: number;
}): ResultFields {
  const { pBest, expectedLoss, weights } = bestArm({ means, ses }, options);
  return { p_best: pBest, expected_loss: expectedLoss, weights };
}
