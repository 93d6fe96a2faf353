import type { AnalysisPlan } from "@lotty/domain";
import { attributesDigest } from "@lotty/engine";

/**
 * What a plan says, as one number: SHA-256, in lower-case hex, of the canonical JSON of its content. Two plans have the same hash exactly when
 * they judge by the same; versions and times have no say in it.
 */
export function planHash(plan: AnalysisPlan): string {
  const { experimentId, primary, secondary, guardrails, alpha, power, minimumEffect, durationDays } = plan;
  const { plannedSubjects, minimumSubjects, looking, correction, correctionScope, population, segments } = plan;
  const metric = ({ metricId, metricVersion }: { readonly metricId: string; readonly metricVersion: number }) => ({
    metricId,
    metricVersion,
  });
  return attributesDigest({
    experimentId,
    primary: primary.map(metric),
    secondary: secondary.map(metric),
    guardrails: guardrails.map((guardrail) => ({ ...metric(guardrail), margin: guardrail.margin })),
    alpha,
    power,
    minimumEffect,
    durationDays,
    plannedSubjects,
    minimumSubjects,
    looking,
    correction,
    correctionScope,
    population,
    segments: [...segments],
  });
}
