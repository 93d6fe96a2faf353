import type { AnalysisPlan, JsonObject, JsonValue, PlannedMetric } from "@lotty/domain";
import { attributesDigest } from "@lotty/engine";

/** All that a plan promises. A field that is added to plans has to be added here, too: the compiler says so. */
type Promised = Readonly<Record<Exclude<keyof AnalysisPlan, "version" | "updatedAt" | "frozenAt">, JsonValue>>;

/**
 * SHA-256 of what a plan promises, in lower-case hex: of the canonical JSON of all its fields but its version and times. Two plans
 * that promise the same have the same.
 */
export function planHash(plan: AnalysisPlan): string {
  const promised: Promised = {
    experimentId: plan.experimentId,
    primary: plan.primary.map(metricOf),
    secondary: plan.secondary.map(metricOf),
    guardrails: plan.guardrails.map((guardrail) => ({ ...metricOf(guardrail), margin: guardrail.margin })),
    alpha: plan.alpha,
    power: plan.power,
    minimumEffect: plan.minimumEffect,
    durationDays: plan.durationDays,
    plannedSubjects: plan.plannedSubjects,
    minimumSubjects: plan.minimumSubjects,
    looking: plan.looking,
    correction: plan.correction,
    correctionScope: plan.correctionScope,
    population: plan.population,
    segments: plan.segments,
  };
  return attributesDigest(promised);
}

function metricOf({ metricId, metricVersion }: PlannedMetric): JsonObject {
  return { metricId, metricVersion };
}
