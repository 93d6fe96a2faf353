import {
  ANNOUNCEMENT_KINDS,
  DEFAULT_ENVIRONMENT_ID,
  GUARDRAIL_ACTIONS,
  LOOKING_RULES,
  MARGIN_KINDS,
  PLAN_DEFAULTS,
  POPULATIONS,
  type AnalysisPlan,
  type EventType,
  type Experiment,
  type Guardrail,
  type Metric,
  type MetricDefinition,
  type NotificationRule,
  type RampPlan,
} from "@lotty/domain";
import fc from "fast-check";
import type { StoredMeasures } from "../measured/stored-measures.ts";
import type { StoredNotifications } from "../told/notification-rule-definition.ts";

/** Webhooks that are there before any file is applied. */
export const WEBHOOKS: StoredNotifications["webhooks"] = [
  { id: "0b9e43a1-0000-4000-8000-0000000000a1", name: "chat" },
  { id: "0b9e43a1-0000-4000-8000-0000000000a2", name: "null" },
];

/** An experiment that is gone, and that a rule still names. */
const GONE = "0b9e43a1-0000-4000-8000-00000000dead";

const key = fc.oneof(fc.stringMatching(/^[a-z_-]{1,12}$/), fc.constantFrom("yes", "1.0", "a: b", "- x", "ключ"));
const share = fc.double({ min: 0.001, max: 0.49, noNaN: true });
const instant = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
const filter = fc.constantFrom(null, "", 'country == "NO"', "amount > 1.50\n  AND NOT vip EXISTS\n");
const record = { environmentId: fc.constant(DEFAULT_ENVIRONMENT_ID), version: fc.nat(9), updatedAt: fc.constant(0) };

const eventTypes: fc.Arbitrary<readonly EventType[]> = fc.uniqueArray(
  fc.record({
    ...record,
    key,
    description: fc.option(fc.string()),
    schema: fc.constantFrom(null, { type: "object", required: ["currency"] }),
    requiresExposure: fc.boolean(),
    archivedAt: fc.option(instant),
  }),
  { minLength: 1, maxLength: 3, selector: (type) => type.key },
);

function definitionOver(types: readonly EventType[]): fc.Arbitrary<MetricDefinition> {
  const selection = fc.record({
    eventType: fc.constantFrom("exposure", ...types.map((type) => type.key)),
    filter,
    valueProperty: fc.option(key),
  });
  const plain = fc.record({
    kind: fc.constantFrom(
      "conversion" as const,
      "count" as const,
      "sum" as const,
      "ratio" as const,
      "quantile" as const,
    ),
    numerator: selection,
    denominator: selection,
    countsEvents: fc.boolean(),
    windowHours: fc.integer({ min: 1, max: 8_784 }),
    winsorizing: fc.constantFrom(null, { lower: null, upper: 0.999, ignoreZeros: true }),
    higherIsBetter: fc.boolean(),
    covariateDays: fc.nat(365),
    practicalThreshold: fc.option(share),
    share,
  });
  return plain.map(({ share: quantile, ...drawn }): MetricDefinition => {
    const { kind } = drawn;
    return {
      ...drawn,
      denominator: kind === "ratio" ? drawn.denominator : null,
      countsEvents: kind === "ratio" && drawn.countsEvents,
      quantile: kind === "quantile" ? quantile : null,
      winsorizing: kind === "conversion" || kind === "quantile" ? null : drawn.winsorizing,
      covariateDays: kind === "quantile" ? 0 : drawn.covariateDays,
      dropsZeros: kind === "sum",
      retentionFromDays: 0,
    };
  });
}

function metricsOver(types: readonly EventType[]): fc.Arbitrary<readonly Metric[]> {
  const metric = fc.record({
    ...record,
    id: fc.uuid(),
    key,
    name: key,
    description: fc.option(fc.string()),
    owner: fc.option(key),
    tags: fc.uniqueArray(key, { maxLength: 3 }),
    definition: definitionOver(types),
    archivedAt: fc.option(instant),
  });
  return fc.uniqueArray(metric, { minLength: 1, maxLength: 4, selector: (each) => each.key });
}

function planOf({ id }: Experiment, metrics: readonly Metric[]): fc.Arbitrary<AnalysisPlan> {
  const some = fc.shuffledSubarray([...metrics], { minLength: 1 });
  return fc
    .record({
      some,
      margin: share,
      looking: fc.constantFrom(...LOOKING_RULES),
      alpha: share,
      frozenAt: fc.option(instant),
    })
    .map(({ margin, some: [first, ...others], ...drawn }): AnalysisPlan => {
      const named = (metric: Metric) => ({ metricId: metric.id, metricVersion: metric.version });
      return {
        ...PLAN_DEFAULTS,
        ...drawn,
        experimentId: id,
        primary: first === undefined ? [] : [named(first)],
        secondary: others.map(named),
        guardrails: others.map((metric) => ({ ...named(metric), margin })),
        segments: others.map((metric) => metric.key),
        version: 3,
        updatedAt: 0,
      };
    });
}

function guardrailsOf(experiment: Experiment, metrics: readonly Metric[]): fc.Arbitrary<readonly Guardrail[]> {
  const watchable = metrics.filter(({ definition }) => definition.kind !== "quantile");
  if (watchable.length === 0) return fc.constant([]);
  const guardrail = fc.record({
    id: fc.uuid(),
    experimentId: fc.constant(experiment.id),
    metricId: fc.constantFrom(...watchable.map(({ id }) => id)),
    metricVersion: fc.constant(1),
    rule: fc.record({
      margin: fc.oneof(share, fc.constant(0)),
      marginKind: fc.constantFrom(...MARGIN_KINDS),
      alpha: share,
      minimumSubjects: fc.integer({ min: 2, max: 1_000 }),
      tunedFor: fc.integer({ min: 1, max: 100_000 }),
      population: fc.constantFrom(...POPULATIONS),
      action: fc.constantFrom(...GUARDRAIL_ACTIONS.filter((action) => action !== "rollback")),
    }),
    armedAt: fc.option(instant),
    version: fc.nat(9),
    updatedAt: fc.constant(0),
  });
  return fc.array(guardrail, { maxLength: 4 });
}

function rampOf({ id }: Experiment): fc.Arbitrary<RampPlan> {
  const shares = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 4 });
  return fc
    .record({ shares, holdHours: fc.constantFrom(0, 12, 1.5), held: fc.boolean(), since: fc.option(instant) })
    .map(({ holdHours, shares: drawn, ...rest }): RampPlan => ({
      ...rest,
      experimentId: id,
      steps: drawn.toSorted((a, b) => a - b).map((allocation) => ({ allocation, holdHours })),
      version: 1,
      updatedAt: 0,
    }));
}

/** How some experiments are judged and watched. */
export function measuresOf(experiments: readonly Experiment[]): fc.Arbitrary<StoredMeasures> {
  return eventTypes.chain((types) =>
    metricsOver(types).chain((metrics) =>
      fc
        .record({
          plans: fc.tuple(...experiments.map((experiment) => fc.option(planOf(experiment, metrics)))),
          guardrails: fc.tuple(...experiments.map((experiment) => guardrailsOf(experiment, metrics))),
          ramps: fc.tuple(...experiments.map((experiment) => fc.option(rampOf(experiment)))),
        })
        .map(({ guardrails, plans, ramps }) => ({
          eventTypes: types,
          metrics,
          plans: plans.filter((plan) => plan !== null),
          guardrails: guardrails.flat(),
          ramps: ramps.filter((ramp) => ramp !== null),
        })),
    ),
  );
}

/** Who is told what of some experiments. */
export function notificationsOf(experiments: readonly Experiment[]): fc.Arbitrary<StoredNotifications> {
  const rule: fc.Arbitrary<NotificationRule> = fc.record({
    id: fc.uuid(),
    name: key,
    enabled: fc.boolean(),
    kinds: fc.subarray([...ANNOUNCEMENT_KINDS]),
    experimentIds: fc.shuffledSubarray([...experiments.map(({ id }) => id), GONE]),
    tags: fc.uniqueArray(key, { maxLength: 2 }),
    webhookIds: fc.shuffledSubarray(
      WEBHOOKS.map(({ id }) => id),
      { minLength: 1 },
    ),
    digestMinutes: fc.integer({ min: 0, max: 10_080 }),
    maxPerHour: fc.option(fc.integer({ min: 1, max: 1_000 })),
    version: fc.nat(9),
    updatedAt: fc.constant(0),
  });
  const rules = fc.uniqueArray(rule, { maxLength: 3, selector: ({ name }) => name });
  return rules.map((drawn) => ({ webhooks: WEBHOOKS, rules: drawn }));
}
