import {
  formatHundredths,
  formatInstant,
  type Guardrail,
  type GuardrailEvaluation,
  type Instant,
  type RampPlan,
  type RecordedFiring,
} from "@lotty/domain";
import type {
  FiringResponse,
  GuardrailEvaluationResponse,
  GuardrailResponse,
  RampResponse,
  WatchedGuardrailResponse,
} from "./guardrail-responses.ts";

/** A guardrail for the wire. */
export function presentGuardrail({ rule, ...guardrail }: Guardrail): GuardrailResponse {
  return {
    id: guardrail.id,
    experiment_id: guardrail.experimentId,
    metric_id: guardrail.metricId,
    metric_version: guardrail.metricVersion,
    margin: rule.margin,
    margin_kind: rule.marginKind,
    alpha: rule.alpha,
    minimum_subjects: rule.minimumSubjects,
    tuned_for: rule.tunedFor,
    population: rule.population,
    action: rule.action,
    armed_at: instantOrNull(guardrail.armedAt),
    version: guardrail.version,
    updated_at: formatInstant(guardrail.updatedAt),
  };
}

/** A guardrail for the wire, with what it saw last. */
export function presentWatchedGuardrail(
  guardrail: Guardrail,
  evaluation: GuardrailEvaluation | undefined,
): WatchedGuardrailResponse {
  return {
    ...presentGuardrail(guardrail),
    evaluation: evaluation === undefined ? null : presentGuardrailEvaluation(evaluation),
  };
}

/** What a guardrail saw, for the wire. */
export function presentGuardrailEvaluation(evaluation: GuardrailEvaluation): GuardrailEvaluationResponse {
  return {
    at: formatInstant(evaluation.at),
    state: evaluation.state,
    since: formatInstant(evaluation.since),
    watermark: instantOrNull(evaluation.watermark),
    from: instantOrNull(evaluation.from),
    alpha_per_variant: evaluation.alphaPerVariant,
    readings: evaluation.readings.map((reading) => ({
      variant_id: reading.variantId,
      state: reading.state,
      subjects: reading.subjects,
      control_subjects: reading.controlSubjects,
      mean: reading.mean,
      control_mean: reading.controlMean,
      shift: reading.shift,
      se: reading.se,
      low: reading.low,
      high: reading.high,
      waits_for: reading.waitsFor,
    })),
  };
}

/** A firing for the wire. */
export function presentFiring({ firing, steps }: RecordedFiring): FiringResponse {
  return {
    id: firing.id,
    experiment_id: firing.experimentId,
    at: formatInstant(firing.at),
    guardrail: presentGuardrail(firing.guardrail),
    evaluation: presentGuardrailEvaluation(firing.evaluation),
    steps: steps.map(({ actorName, at, kind, said }) => ({ at: formatInstant(at), kind, actor_name: actorName, said })),
  };
}

/** A ramp plan for the wire. */
export function presentRamp({ experimentId, held, since, steps, updatedAt, version }: RampPlan): RampResponse {
  return {
    experiment_id: experimentId,
    steps: steps.map(({ allocation, holdHours }) => ({
      traffic_allocation: formatHundredths(allocation),
      hold_hours: holdHours,
    })),
    held,
    since: instantOrNull(since),
    version,
    updated_at: formatInstant(updatedAt),
  };
}

function instantOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
