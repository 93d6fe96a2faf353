import {
  GUARDRAIL_DEFAULTS,
  PLAN_DEFAULTS,
  type EventSelection,
  type Hundredths,
  type JsonObject,
  type MetricDefinition,
  type Winsorizing,
} from "@lotty/domain";
import type {
  EventTypeDefinition,
  GuardrailDefinition,
  PlanDefinition,
  RampDefinition,
  StatedMetric,
} from "./measured-definitions.ts";
import { DEFAULT_WINDOW_HOURS } from "./read-metric-definition.ts";

/** An event type in the words of a file; nothing is written that says what would be so without it. */
export function printEventType(type: EventTypeDefinition): JsonObject {
  const { archived, description, key, requiresExposure, schema } = type;
  return {
    key,
    ...(description !== null && { description }),
    ...(schema !== null && { schema }),
    ...(requiresExposure && { requires_exposure: true }),
    ...(archived && { archived }),
  };
}

/** A metric in the words of a file. */
export function printMetric({ archived, definition, description, key, name, owner, tags }: StatedMetric): JsonObject {
  return {
    key,
    ...(name !== key && { name }),
    ...(description !== null && { description }),
    ...(owner !== null && { owner }),
    ...(tags.length > 0 && { tags }),
    ...printMeasure(definition),
    ...(archived && { archived }),
  };
}

function printMeasure(definition: MetricDefinition): JsonObject {
  const { covariateDays, denominator, practicalThreshold, quantile, retentionFromDays, winsorizing } = definition;
  return {
    kind: definition.kind,
    numerator: printSelection(definition.numerator),
    ...(denominator !== null && { denominator: printSelection(denominator) }),
    ...(definition.countsEvents && { counts_events: true }),
    ...(definition.windowHours !== DEFAULT_WINDOW_HOURS && { window_hours: definition.windowHours }),
    ...(retentionFromDays !== 0 && { retention_from_days: retentionFromDays }),
    ...(quantile !== null && { quantile }),
    ...(winsorizing !== null && { winsorizing: printWinsorizing(winsorizing) }),
    ...(definition.dropsZeros && { drops_zeros: true }),
    ...(!definition.higherIsBetter && { higher_is_better: false }),
    ...(covariateDays !== 0 && { covariate_days: covariateDays }),
    ...(practicalThreshold !== null && { practical_threshold: practicalThreshold }),
  };
}

function printSelection({ eventType, filter, valueProperty }: EventSelection): JsonObject {
  return {
    event_type: eventType,
    ...(filter !== null && { filter }),
    ...(valueProperty !== null && { value_property: valueProperty }),
  };
}

function printWinsorizing({ ignoreZeros, lower, upper }: Winsorizing): JsonObject {
  return {
    ...(lower !== null && { lower }),
    ...(upper !== null && { upper }),
    ...(ignoreZeros && { ignore_zeros: true }),
  };
}

/** A plan in the words of a file. Its numbers are written out, for they are what the experiment is judged by. */
export function printPlan(plan: PlanDefinition): JsonObject {
  const { guardrails, minimumEffect, plannedSubjects, secondary, segments } = plan;
  return {
    primary: plan.primary,
    ...(secondary.length > 0 && { secondary }),
    ...(guardrails.length > 0 && { guardrails: guardrails.map(({ margin, metric }) => ({ metric, margin })) }),
    alpha: plan.alpha,
    power: plan.power,
    ...(minimumEffect !== null && { minimum_effect: minimumEffect }),
    duration_days: plan.durationDays,
    ...(plannedSubjects !== null && { planned_subjects: plannedSubjects }),
    minimum_subjects: plan.minimumSubjects,
    looking: plan.looking,
    correction: plan.correction,
    correction_scope: plan.correctionScope,
    ...(plan.population !== PLAN_DEFAULTS.population && { population: plan.population }),
    ...(segments.length > 0 && { segments }),
  };
}

/** A guardrail in the words of a file. */
export function printGuardrail({ metric, rule }: GuardrailDefinition): JsonObject {
  return {
    metric,
    action: rule.action,
    margin: rule.margin,
    ...(rule.marginKind !== GUARDRAIL_DEFAULTS.marginKind && { margin_kind: rule.marginKind }),
    alpha: rule.alpha,
    minimum_subjects: rule.minimumSubjects,
    tuned_for: rule.tunedFor,
    ...(rule.population !== GUARDRAIL_DEFAULTS.population && { population: rule.population }),
  };
}

/** A ramp plan in the words of a file. `print` writes a decimal. */
export function printRamp({ held, steps }: RampDefinition, print: (value: Hundredths) => unknown): object {
  return {
    steps: steps.map(({ allocation, holdHours }) => ({
      traffic: print(allocation),
      ...(holdHours !== 0 && { hold_hours: holdHours }),
    })),
    ...(held && { held }),
  };
}
