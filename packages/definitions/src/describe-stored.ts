import type {
  Configuration,
  ConflictDomain,
  Experiment,
  ExperimentDetails,
  Flag,
  FlagDetails,
  RampPlan,
  Segment,
} from "@lotty/domain";
import type { DomainDefinition, ExperimentDefinition, OutcomeDefinition, SegmentDefinition } from "./definitions.ts";
import type { IdentifiedFlag } from "./identify-rules.ts";
import { describeRamp } from "./measured/describe-measures.ts";

/** Keys by id of what a configuration holds. */
export interface StoredKeys {
  readonly flags: ReadonlyMap<string, string>;
  readonly experiments: ReadonlyMap<string, string>;
}

/** Collects the keys by which a file refers to the things of a configuration. */
export function storedKeys(configuration: Configuration): StoredKeys {
  return {
    flags: new Map(configuration.flags.map((flag) => [flag.id, flag.key])),
    experiments: new Map(configuration.experiments.map((experiment) => [experiment.id, experiment.key])),
  };
}

/** A stored flag as a file would state it. */
export function describeFlag(flag: Flag, details: FlagDetails | undefined): IdentifiedFlag {
  const { key, valueType: type, defaultValue, enabled } = flag;
  const rules = flag.rules.map(({ id, targetingRules, value, rollout }) => ({
    id,
    if: targetingRules,
    value,
    rollout,
  }));
  return {
    key,
    type,
    default: defaultValue,
    enabled,
    rules,
    description: details?.description ?? null,
    owner: details?.owner ?? null,
    tags: details?.tags ?? [],
    schema: details?.valueSchema ?? null,
    archived: details !== undefined && details.archivedAt !== null,
  };
}

/** A stored segment as a file would state it. */
export function describeSegment({ key, rule }: Segment): SegmentDefinition {
  return { key, rule };
}

/** What is stored besides an experiment itself. */
export interface StoredBeside {
  readonly details: ExperimentDetails | undefined;
  readonly ramp: RampPlan | undefined;
}

/** A stored experiment as a file would state it, but for its plan and guardrails. */
export function describeExperiment(
  experiment: Experiment,
  { details, ramp }: StoredBeside,
  keys: StoredKeys,
): ExperimentDefinition {
  return {
    key: experiment.key,
    flag: keys.flags.get(experiment.flagId) ?? experiment.flagId,
    status: experiment.status,
    targeting: experiment.targetingRules,
    traffic: experiment.trafficAllocation,
    sticky: experiment.stickyAssignment,
    rolledBack: experiment.rolledBack ?? false,
    variants: experiment.variants.map(({ name, value, weight, isControl }) => ({
      name,
      value,
      weight,
      control: isControl,
    })),
    hypothesis: details?.hypothesis ?? null,
    owner: details?.owner ?? null,
    plannedDays: details?.plannedDays ?? null,
    description: details?.description ?? null,
    started: details?.startedAt ?? null,
    completed: details?.completedAt ?? null,
    outcome: outcomeOf(experiment, details),
    rampsTraffic: false,
    plan: null,
    guardrails: null,
    ramp: ramp === undefined ? null : describeRamp(ramp),
  };
}

/** A stored conflict domain as a file would state it. */
export function describeDomain(domain: ConflictDomain, keys: StoredKeys): DomainDefinition {
  const members = domain.members.map(({ experimentId, priority }) => ({
    experiment: keys.experiments.get(experimentId) ?? experimentId,
    priority,
  }));
  return { key: domain.key, members };
}

/** How a stored experiment ended as a file would state it; only of one that is over. */
export function outcomeOf(
  { status, variants }: Experiment,
  details: ExperimentDetails | undefined,
): OutcomeDefinition | null {
  const { outcome = null } = details ?? {};
  if (outcome === null || (status !== "completed" && status !== "archived")) return null;
  const variant = variants.find(({ id }) => id === outcome.variantId)?.name ?? null;
  return { kind: outcome.kind, variant, comment: outcome.comment };
}
