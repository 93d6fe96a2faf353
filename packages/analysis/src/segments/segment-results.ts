import type { ArmMoments, ReportedVariant, SegmentEffect, SegmentResult } from "@lotty/domain";
import {
  adjustPValues,
  type CoMoments,
  comparePostStratified,
  comparePostStratifiedRatios,
  type Comparison,
  heterogeneity,
  NO_CO_MOMENTS,
} from "@lotty/stats";
import { columnsIn, mergeByVariant } from "../comparison/arms.ts";
import { comparerFor, firstColumn } from "../comparison/compare-arms.ts";
import type { MetricData, ReportContext, SegmentData } from "../results/metric-data.ts";

/** Subjects without a value of the segment. */
const NO_VALUE = "";

/** How a metric's effects differ by segment: explored with intervals that hold for one look, and shrunk towards each other. */
export function segmentResults(
  { segments }: Pick<MetricData, "segments">,
  { plan, variants }: Pick<ReportContext, "plan" | "variants">,
): readonly SegmentResult[] {
  const control = variants.find(({ isControl }) => isControl);
  if (control === undefined) return [];
  return segments.flatMap((segment) =>
    variants
      .filter(({ isControl }) => !isControl)
      .map((treatment) => segmentResult(segment, { control, treatment, alpha: plan.alpha })),
  );
}

/** Corrects the tests of all splits of a report together, by Holm: whoever looks at many finds one that differs. */
export function correctSegments<T extends { readonly segments: readonly SegmentResult[] }>(
  results: readonly T[],
  alpha: number,
): readonly T[] {
  const all = results.flatMap(({ segments }) => segments);
  const { adjusted } = adjustPValues(
    all.map(({ p }) => p),
    { correction: "holm", alpha },
  );
  const corrected = new Map(all.map((segment, index) => [segment, adjusted[index] ?? null]));
  return results.map((result) => ({
    ...result,
    segments: result.segments.map((segment) => ({ ...segment, correctedP: corrected.get(segment) ?? null })),
  }));
}

interface SegmentQuestion {
  readonly control: ReportedVariant;
  readonly treatment: ReportedVariant;
  readonly alpha: number;
}

interface SegmentArms {
  readonly segment: string;
  readonly control: CoMoments;
  readonly treatment: CoMoments;
  readonly comparison: Comparison;
}

function segmentResult({ arms, name }: SegmentData, { alpha, control, treatment }: SegmentQuestion): SegmentResult {
  const columns = columnsIn(arms);
  const compare = comparerFor(columns);
  const parts = [...Map.groupBy(arms, ({ segment }) => segment ?? NO_VALUE)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([segment, own]: [string, readonly ArmMoments[]]): SegmentArms => {
      const byVariant = mergeByVariant(own, columns);
      const pair = {
        control: byVariant.get(control.id) ?? NO_CO_MOMENTS,
        treatment: byVariant.get(treatment.id) ?? NO_CO_MOMENTS,
      };
      return { segment, ...pair, comparison: compare(pair, alpha).comparison };
    });
  const tested = parts.flatMap((part) => (part.comparison.status === "ok" ? [part.comparison] : []));
  const spread = heterogeneity({
    estimates: tested.map(({ diff }) => diff),
    ses: tested.map(({ se }) => se),
  });
  const known = spread.status === "ok" && spread.test !== null ? spread : null;
  const shrunk = new Map<Comparison, number>(
    tested.map((comparison, index) => [comparison, known?.shrunk[index] ?? comparison.diff]),
  );
  const strata = stratified(parts, { alpha, ratio: columns.includes("denominator") });
  return {
    name,
    variantId: treatment.id,
    segments: parts.map((part) => segmentEffect(part, shrunk.get(part.comparison) ?? null)),
    q: known?.q ?? null,
    df: known?.df ?? null,
    p: known?.test?.p ?? null,
    correctedP: null,
    i2: known?.i2 ?? null,
    simpson: strata?.simpson ?? null,
    poststratified: strata?.poststratified ?? null,
  };
}

function stratified(
  parts: readonly SegmentArms[],
  { alpha, ratio }: { readonly alpha: number; readonly ratio: boolean },
): Pick<SegmentResult, "simpson" | "poststratified"> | null {
  const strataOf = <T>(moments: (arm: CoMoments) => T): readonly { readonly control: T; readonly treatment: T }[] =>
    parts.map(({ control, treatment }) => ({ control: moments(control), treatment: moments(treatment) }));
  const comparison = ratio
    ? comparePostStratifiedRatios(strataOf(firstColumns), { alpha })
    : comparePostStratified(strataOf(firstColumn), { alpha });
  if (comparison.status !== "ok") return null;
  const { diff, interval, simpsonReversal } = comparison;
  return { simpson: parts.length > 1 && simpsonReversal, poststratified: { diff, interval } };
}

/** Numerator and denominator, without the covariates. */
function firstColumns({ m2, mean, n }: CoMoments): CoMoments {
  return { n, mean: mean.slice(0, 2), m2: m2.slice(0, 2).map((row) => row.slice(0, 2)) };
}

function segmentEffect({ comparison, control, segment, treatment }: SegmentArms, shrunk: number | null): SegmentEffect {
  const sizes = { segment, nControl: control.n, nTreatment: treatment.n };
  if (comparison.status !== "ok") {
    return { ...sizes, status: comparison.status, diff: comparison.diff, interval: null, lift: null, shrunk: null };
  }
  const { diff, interval, relative } = comparison;
  return {
    ...sizes,
    status: "ok",
    diff,
    interval,
    lift:
      relative.status === "undefined"
        ? { status: "undefined", value: null, interval: null }
        : {
            status: relative.status,
            value: relative.lift,
            interval: relative.status === "ok" ? relative.fieller : null,
          },
    shrunk,
  };
}
