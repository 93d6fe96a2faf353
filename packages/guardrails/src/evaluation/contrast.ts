import type { ArmMoments, GuardrailRule, MetricDefinition, MomentColumn } from "@lotty/domain";
import {
  compareRatios,
  estimateNoninferiority,
  mergeMoments,
  momentsOf,
  type CoMoments,
  type Moments,
  type Untestable,
} from "@lotty/stats";

/** Two arms of an experiment. */
export interface TwoArms {
  readonly control: ArmMoments;
  readonly treatment: ArmMoments;
}

/** How far the treatment is on the good side of the margin; negative is beyond it. */
export type Contrast =
  | { readonly status: "ok"; readonly shift: number; readonly se: number }
  | { readonly status: Untestable; readonly shift: number | null };

/** What a contrast is taken by. */
export interface ContrastRule {
  readonly metric: Pick<MetricDefinition, "kind" | "higherIsBetter">;
  readonly rule: Pick<GuardrailRule, "margin" | "marginKind">;
}

/** Only the estimate and its standard error are taken from the comparison, so its level has no say. */
const ANY_LEVEL = 0.05;

/** One success and one failure. */
const PSEUDO_SUBJECTS = momentsOf([0, 1]);

/**
 * Compares a treatment with control less the margin, as a linear contrast of the means (or of the ratios by the delta method), so that
 * a relative margin needs no quotient of random means.
 *
 * Where nothing varies in either arm, shares get one success and one failure more in each arm (Agresti & Caffo 2000): a treatment
 * that fails for everybody must not be the one that cannot be judged.
 *
 * @throws LottyError `invalid_request` for moments that cannot be
 */
export function contrastOf(arms: TwoArms, { metric, rule }: ContrastRule): Contrast {
  if (metric.kind === "ratio") return ratioContrast(arms, { metric, rule });
  const means = { control: meanMoments(arms.control), treatment: meanMoments(arms.treatment) };
  const options = {
    margin: rule.margin,
    marginType: rule.marginKind,
    higherIsBetter: metric.higherIsBetter,
  };
  const plain = estimateNoninferiority(means, options);
  const isShare = metric.kind === "conversion" || metric.kind === "retention";
  if (plain.status !== "zero_variance" || !isShare) return plain;
  return estimateNoninferiority(
    {
      control: mergeMoments([means.control, PSEUDO_SUBJECTS]),
      treatment: mergeMoments([means.treatment, PSEUDO_SUBJECTS]),
    },
    options,
  );
}

/** The mean of an arm, or its ratio; `null` where there is none. */
export function levelOf({ columns, mean, n }: ArmMoments, kind: MetricDefinition["kind"]): number | null {
  const value = mean[columns.indexOf("value")];
  if (n === 0 || value === undefined) return null;
  if (kind !== "ratio") return value;
  const denominator = mean[columns.indexOf("denominator")];
  return denominator === undefined || denominator === 0 ? null : value / denominator;
}

function meanMoments(arm: ArmMoments): Moments {
  const { mean, m2, n } = columnsOf(arm, ["value"]);
  return n === 0 ? { n, mean: null, m2: null } : { n, mean: mean[0] ?? 0, m2: m2[0]?.[0] ?? 0 };
}

function ratioContrast({ control, treatment }: TwoArms, { metric, rule }: ContrastRule): Contrast {
  const direction = metric.higherIsBetter ? 1 : -1;
  const level = levelOf(control, "ratio") ?? 0;
  // The margin as a part of control's ratio: scaling control's numerators scales its ratio and the ratio's error alike.
  const factor = rule.marginKind === "absolute" ? 1 : 1 - direction * rule.margin * Math.sign(level);
  const room = rule.marginKind === "absolute" ? rule.margin : 0;
  const arms = {
    control: withScaledNumerator(columnsOf(control, ["value", "denominator"]), factor),
    treatment: columnsOf(treatment, ["value", "denominator"]),
  };
  const compared = compareRatios(arms, { alpha: ANY_LEVEL });
  const shift = compared.diff === null ? null : direction * compared.diff + room;
  if (compared.status !== "ok") return { status: compared.status, shift };
  return { status: "ok", shift: direction * compared.diff + room, se: compared.se };
}

function withScaledNumerator({ n, mean, m2 }: CoMoments, factor: number): CoMoments {
  const scale = (index: number): number => (index === 0 ? factor : 1);
  return {
    n,
    mean: mean.map((value, index) => value * scale(index)),
    m2: m2.map((row, i) => row.map((value, j) => value * scale(i) * scale(j))),
  };
}

/** Some columns of an arm. What an arm without subjects has is of no meaning. */
function columnsOf({ columns, m2, mean, n }: ArmMoments, wanted: readonly MomentColumn[]): CoMoments {
  const places = wanted.map((column) => columns.indexOf(column));
  return {
    n,
    mean: places.map((place) => mean[place] ?? 0),
    m2: places.map((row) => places.map((column) => m2[row]?.[column] ?? 0)),
  };
}
