import {
  type EffectLook,
  type ExperimentReport,
  formatInstant,
  type MetricResult,
  type SegmentResult,
  type VariantBelief,
  type VariantEffect,
  type Verdict,
} from "@lotty/domain";
import { presentDeviation, presentPlanContent } from "./plan-response.ts";
import type {
  BeliefResponse,
  EffectResponse,
  LookResponse,
  MetricResultResponse,
  ReportResponse,
  SegmentResultResponse,
  VerdictResponse,
} from "./report-response.ts";

/** The results of an experiment for the wire. */
export function presentReport(report: ExperimentReport): ReportResponse {
  return {
    experiment_id: report.experimentId,
    experiment: report.experimentKey,
    status: report.status,
    at: formatInstant(report.at),
    watermark: report.watermark === null ? null : formatInstant(report.watermark),
    exploratory: report.exploratory,
    ...(report.priorSd !== undefined && { prior_sd: report.priorSd }),
    plan: report.plan === null ? null : presentPlanContent(report.plan),
    plan_hash: report.planHash,
    deviations: report.deviations.map(presentDeviation),
    interventions: report.interventions.map(({ at, ...done }) => ({ at: formatInstant(at), ...done })),
    variants: report.variants.map(({ id, isControl, name, share }) => ({ id, name, is_control: isControl, share })),
    verdict: presentOutcome(report.verdict),
    trust: report.trust,
    funnel: report.funnel.map(({ variantId, ...counts }) => ({ variant_id: variantId, ...counts })),
    losses: report.losses.map(({ variantId, ...loss }) => ({ variant_id: variantId, ...loss })),
    metrics: report.metrics.map(presentMetricResult),
  };
}

function presentOutcome({ daysLeft, variantId, wouldChange, ...same }: Verdict): VerdictResponse {
  return { ...same, would_change: wouldChange, variant_id: variantId, days_left: daysLeft };
}

function presentMetricResult({ metric, segments, variants, ...same }: MetricResult): MetricResultResponse {
  const { definition, id, key, name, version } = metric;
  return {
    ...same,
    metric: { id, key, name, version, kind: definition.kind, higher_is_better: definition.higherIsBetter },
    variants: variants.map(({ belief, effect, n, value, variantId }) => ({
      variant_id: variantId,
      n,
      value,
      effect: effect === null ? null : presentEffect(effect),
      ...(belief !== undefined && { belief: presentBelief(belief) }),
    })),
    segments: segments.map(presentSegments),
  };
}

function presentEffect(effect: VariantEffect): EffectResponse {
  const { correctedP, fixedP, log10P, looks, minimumDetectable, smallCounts, varianceReduction, ...same } = effect;
  return {
    ...same,
    log10_p: log10P,
    fixed_p: fixedP,
    corrected_p: correctedP,
    variance_reduction: varianceReduction,
    minimum_detectable: minimumDetectable,
    small_counts: smallCounts === null ? null : { newcombe: smallCounts.newcombe, fisher_p: smallCounts.fisherP },
    looks: looks.map(presentLook),
  };
}

function presentBelief({ beatsControl, expectedLoss, ...same }: VariantBelief): BeliefResponse {
  return { ...same, beats_control: beatsControl, expected_loss: expectedLoss };
}

function presentLook({ liftInterval, ...same }: EffectLook): LookResponse {
  return { ...same, lift_interval: liftInterval };
}

function presentSegments({ correctedP, segments, variantId, ...same }: SegmentResult): SegmentResultResponse {
  return {
    ...same,
    variant_id: variantId,
    corrected_p: correctedP,
    segments: segments.map(({ nControl, nTreatment, ...segment }) => ({
      ...segment,
      n_control: nControl,
      n_treatment: nTreatment,
    })),
  };
}
