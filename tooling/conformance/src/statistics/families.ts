import { bayesBeta, bayesNormal, bestArmCase } from "./bayes-families.ts";
import { cupedLin, cupedPooled, cupedRatio, noninferiority, ratio, welch, winsorize } from "./comparison-families.ts";
import type { ResultFields } from "./comparison-fields.ts";
import { distribution } from "./distribution-family.ts";
import { power } from "./power-family.ts";
import { fisher, proportionCi, proportionZ } from "./proportion-families.ts";
import { quantile } from "./quantile-family.ts";
import { heterogeneityCase, interaction, moments, postStratification, trend } from "./segment-families.ts";
import { asympcs, asympcsRunning, groupSequential, groupSequentialConstants } from "./sequential-families.ts";
import { independence, multipleTesting, srm, srmSequential } from "./trust-families.ts";

/** Runs the input of a case of one family. */
export type FamilyRunner = (input: never) => ResultFields;

/** Every family of the format. Each has a file of its name. */
export const FAMILIES: Readonly<Record<string, FamilyRunner>> = {
  asympcs,
  asympcs_running: asympcsRunning,
  bayes_beta: bayesBeta,
  bayes_normal: bayesNormal,
  best_arm: bestArmCase,
  cuped_lin: cupedLin,
  cuped_multi: cupedLin,
  cuped_pooled: cupedPooled,
  cuped_ratio: cupedRatio,
  distributions: distribution,
  fisher_exact: fisher,
  group_sequential: groupSequential,
  group_sequential_constants: groupSequentialConstants,
  heterogeneity: heterogeneityCase,
  independence,
  interaction,
  moments,
  multiple_testing: multipleTesting,
  noninferiority,
  post_stratification: postStratification,
  power,
  proportion_ci: proportionCi,
  proportion_z: proportionZ,
  quantile,
  ratio,
  srm,
  srm_sequential: srmSequential,
  trend,
  welch,
  winsorize,
};
