import { formatHundredths, formatInstant, type Instant, type JsonValue } from "@lotty/domain";
import type {
  ApproverGroupDefinition,
  DomainDefinition,
  ExperimentDefinition,
  SegmentDefinition,
} from "./definitions.ts";
import type { IdentifiedFlag } from "./identify-rules.ts";
import { rampField } from "./measured/plan-ramps.ts";

/** Everything about a definition that can differ, by the name under which a difference is shown. */
export type ComparableFields = Readonly<Record<string, JsonValue>>;

/** The comparable fields of a flag. Its rules are compared place by place, counted from 1. */
export function flagFields(flag: IdentifiedFlag): ComparableFields {
  const rules = flag.rules.flatMap((rule, index): [string, JsonValue][] => [
    [`rules.${index + 1}.if`, rule.if],
    [`rules.${index + 1}.value`, rule.value],
    [`rules.${index + 1}.rollout`, formatHundredths(rule.rollout)],
    [`rules.${index + 1}.id`, rule.id],
  ]);
  return {
    type: flag.type,
    default: flag.default,
    enabled: flag.enabled,
    ...Object.fromEntries(rules),
    description: flag.description,
    owner: flag.owner,
    tags: flag.tags,
    schema: flag.schema,
    archived: flag.archived,
  };
}

/** The comparable fields of a segment. */
export function segmentFields({ rule }: SegmentDefinition): ComparableFields {
  return { rule };
}

/** The comparable fields of an experiment. The order of variants is one of them: it decides where no range takes a bucket. */
export function experimentFields(experiment: ExperimentDefinition): ComparableFields {
  const variants = experiment.variants.flatMap(({ name, value, weight, control }): [string, JsonValue][] => [
    [`variants.${name}.value`, value],
    [`variants.${name}.weight`, formatHundredths(weight)],
    [`variants.${name}.control`, control],
  ]);
  return {
    flag: experiment.flag,
    status: experiment.status,
    targeting: experiment.targeting,
    traffic: formatHundredths(experiment.traffic),
    sticky: experiment.sticky,
    rolled_back: experiment.rolledBack,
    variants: experiment.variants.map((variant) => variant.name),
    ...Object.fromEntries(variants),
    hypothesis: experiment.hypothesis,
    owner: experiment.owner,
    planned_days: experiment.plannedDays,
    description: experiment.description,
    started: instantText(experiment.started),
    completed: instantText(experiment.completed),
    outcome: experiment.outcome && { ...experiment.outcome },
    ramp: rampField(experiment.ramp),
  };
}

/** The comparable fields of a conflict domain. The order of members is none of them. */
export function domainFields(domain: DomainDefinition): ComparableFields {
  return Object.fromEntries(domain.members.map(({ experiment, priority }) => [`members.${experiment}`, priority]));
}

/** The comparable fields of an approver group. */
export function groupFields({ approvers, experimenters, minimum }: ApproverGroupDefinition): ComparableFields {
  return { experimenters, approvers, minimum };
}

function instantText(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
