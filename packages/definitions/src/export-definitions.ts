import { compareCodePoints, type Configuration, type Experiment, formatInstant, type Hundredths } from "@lotty/domain";
import { Document, Scalar, visit } from "yaml";
import type { ExperimentDefinition, FlagDefinition } from "./definitions.ts";
import {
  describeDomain,
  describeExperiment,
  describeFlag,
  describeSegment,
  type StoredKeys,
  storedKeys,
} from "./describe-stored.ts";
import {
  byMetricAndRule,
  describeEventType,
  describeGuardrail,
  describeMetric,
  describePlan,
  metricKeys,
} from "./measured/describe-measures.ts";
import type { MeasuredExperiment } from "./measured/measured-definitions.ts";
import { printEventType, printGuardrail, printMetric, printPlan, printRamp } from "./measured/print-measures.ts";
import type { StoredMeasures } from "./measured/stored-measures.ts";
import { describeGroup } from "./plan-groups.ts";
import { NOTHING_SAID, type Said, type SaidById, saidById } from "./said.ts";
import { describeNotificationRule, printNotificationRule } from "./told/plan-notification-rules.ts";

/** Characters that plain and block style would lose or that editors do not show. */
const HIDDEN = /[[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]--[\n]]/v;

/** White space around a text of several lines or at the end of one of them, which block style does not keep safely. */
const LOOSE_WHITE_SPACE = /^\s[^]*\n|\n[^]*[^\S\n]$|[^\S\n]\n|\n\n$/;

/** The forms of a definitions file. */
export type DefinitionsForm = "yaml" | "json";

/**
 * Prints a configuration, and what people say about it, as the canonical definitions file: things in code-point order of their keys, every field
 * written out that says something, rules and variants in stored order. Reading it and planning it against the same configuration changes nothing.
 */
export function exportDefinitions(
  configuration: Configuration,
  form: DefinitionsForm = "yaml",
  said: Said = NOTHING_SAID,
): string {
  if (form === "json")
    return `${JSON.stringify(
      contentsOf(configuration, said, (value) => value / 100),
      null,
      2,
    )}\n`;
  // Words such as `yes` are quoted, because many other tools still read YAML 1.1.
  const options = { aliasDuplicateObjects: false, compat: "yaml-1.1" } as const;
  const document = new Document(contentsOf(configuration, said, decimal), options);
  visit(document, {
    Scalar: (_key, scalar) => {
      const { value } = scalar;
      if (typeof value === "string" && (HIDDEN.test(value) || LOOSE_WHITE_SPACE.test(value))) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
}

function contentsOf(configuration: Configuration, said: Said, print: (value: Hundredths) => unknown): object {
  const keys = storedKeys(configuration);
  const details = saidById(said);
  return {
    ...(configuration.segments.length > 0 && {
      segments: Object.fromEntries(
        sortedByKey(configuration.segments.map(describeSegment)).map(({ key, rule }) => [key, rule]),
      ),
    }),
    ...printCatalogue(said.measures),
    flags: sortedByKey(configuration.flags.map((flag) => describeFlag(flag, details.flags.get(flag.id)))).map(
      ({ key, type, default: defaultValue, enabled, rules, ...rest }) => ({
        key,
        type,
        default: defaultValue,
        ...(!enabled && { enabled }),
        ...(rules.length > 0 && {
          rules: rules.map(({ id, if: condition, value, rollout }) => ({
            id,
            ...(condition !== null && { if: condition }),
            value,
            rollout: print(rollout),
          })),
        }),
        ...saidOfFlag(rest),
      }),
    ),
    experiments: sortedByKey(
      configuration.experiments.map((each) => describeMeasuredExperiment(each, said.measures, { details, keys })),
    ).map(({ key, flag, status, targeting, traffic, sticky, rolledBack, variants, ...rest }) => ({
      key,
      flag,
      status,
      ...(rolledBack && { rolled_back: rolledBack }),
      ...(targeting !== null && { targeting }),
      traffic: print(traffic),
      sticky,
      variants: variants.map(({ name, value, weight, control }) => ({
        name,
        value,
        weight: print(weight),
        ...(control && { control }),
      })),
      ...saidOfExperiment(rest),
      ...printMeasuredExperiment(rest, print),
    })),
    domains: sortedByKey(configuration.domains.map((domain) => describeDomain(domain, keys))).map(
      ({ key, members }) => ({
        key,
        members: members.toSorted((a, b) => b.priority - a.priority || compareCodePoints(a.experiment, b.experiment)),
      }),
    ),
    ...(said.approverGroups.length > 0 && {
      approver_groups: said.approverGroups
        .map((group) => describeGroup(group, said.people))
        .toSorted((one, other) => compareCodePoints(one.name, other.name)),
    }),
    ...(said.notifications.rules.length > 0 && {
      notification_rules: said.notifications.rules
        .map((rule) => describeNotificationRule(rule, said.notifications, keys.experiments))
        .toSorted((one, other) => compareCodePoints(one.name, other.name))
        .map(printNotificationRule),
    }),
  };
}

/** A stored experiment as a file would state it, with its plan and guardrails. */
function describeMeasuredExperiment(
  experiment: Experiment,
  { guardrails, metrics, plans }: StoredMeasures,
  { details, keys }: { readonly details: SaidById; readonly keys: StoredKeys },
): ExperimentDefinition {
  const { id } = experiment;
  const names = metricKeys(metrics);
  const plan = plans.find(({ experimentId }) => experimentId === id);
  const watching = guardrails.filter(({ experimentId }) => experimentId === id);
  const beside = { details: details.experiments.get(id), ramp: details.ramps.get(id) };
  return {
    ...describeExperiment(experiment, beside, keys),
    plan: plan === undefined ? null : describePlan(plan, names),
    guardrails: watching.map((guardrail) => describeGuardrail(guardrail, names)).toSorted(byMetricAndRule),
  };
}

function printCatalogue({ eventTypes, metrics }: StoredMeasures): object {
  return {
    ...(eventTypes.length > 0 && { event_types: sortedByKey(eventTypes.map(describeEventType)).map(printEventType) }),
    ...(metrics.length > 0 && { metrics: sortedByKey(metrics.map(describeMetric)).map(printMetric) }),
  };
}

function printMeasuredExperiment(
  { guardrails, plan, ramp }: MeasuredExperiment,
  print: (value: Hundredths) => unknown,
): object {
  return {
    ...(plan !== null && { plan: printPlan(plan) }),
    ...(guardrails !== null && guardrails.length > 0 && { guardrails: guardrails.map(printGuardrail) }),
    ...(ramp !== null && { ramp: printRamp(ramp, print) }),
  };
}

type SaidOfFlag = Pick<FlagDefinition, "archived" | "description" | "owner" | "schema" | "tags">;

function saidOfFlag({ archived, description, owner, schema, tags }: SaidOfFlag): object {
  return {
    ...(description !== null && { description }),
    ...(owner !== null && { owner }),
    ...(tags.length > 0 && { tags }),
    ...(schema !== null && { schema }),
    ...(archived && { archived }),
  };
}

type SaidOfExperiment = Pick<
  ExperimentDefinition,
  "completed" | "description" | "hypothesis" | "outcome" | "owner" | "plannedDays" | "started"
>;

function saidOfExperiment(said: SaidOfExperiment): object {
  const { completed, description, hypothesis, outcome, owner, plannedDays, started } = said;
  return {
    ...(hypothesis !== null && { hypothesis }),
    ...(owner !== null && { owner }),
    ...(plannedDays !== null && { planned_days: plannedDays }),
    ...(description !== null && { description }),
    ...(started !== null && { started: formatInstant(started) }),
    ...(completed !== null && { completed: formatInstant(completed) }),
    ...(outcome !== null && {
      outcome: {
        kind: outcome.kind,
        ...(outcome.variant !== null && { variant: outcome.variant }),
        comment: outcome.comment,
      },
    }),
  };
}

/** The shortest digits of n/100 are its two decimals for every weight and percentage there can be. */
function decimal(value: Hundredths): Scalar<number> {
  const scalar = new Scalar(value / 100);
  scalar.minFractionDigits = 2;
  return scalar;
}

function sortedByKey<T extends { readonly key: string }>(things: readonly T[]): readonly T[] {
  return things.toSorted((a, b) => compareCodePoints(a.key, b.key));
}
