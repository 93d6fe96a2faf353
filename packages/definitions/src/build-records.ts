import type { ConflictDomain, Experiment, Flag, Instant, Segment } from "@lotty/domain";
import type { DomainDefinition, ExperimentDefinition, SegmentDefinition } from "./definitions.ts";
import type { IdentifiedFlag } from "./identify-rules.ts";

/** What new and changed records are stamped with. */
export interface RecordStamp {
  readonly now: Instant;
  /** Makes the id of a new thing, which is known by its kind and names. */
  readonly newId: (...name: readonly string[]) => string;
}

/** The flag to store: a new one, or the next version of the stored one. */
export function buildFlag(wanted: IdentifiedFlag, stored: Flag | undefined, stamp: RecordStamp): Flag {
  return {
    id: stored?.id ?? stamp.newId("flag", wanted.key),
    key: wanted.key,
    valueType: wanted.type,
    defaultValue: wanted.default,
    enabled: wanted.enabled,
    rules: wanted.rules.map(({ id, if: targetingRules, value, rollout }) => ({ id, targetingRules, value, rollout })),
    version: (stored?.version ?? 0) + 1,
    updatedAt: stamp.now,
  };
}

/** The experiment to store. Ids and hash version stay, so that a subject's buckets stay. */
export function buildExperiment(
  wanted: ExperimentDefinition,
  stored: Experiment | undefined,
  stamp: RecordStamp & { readonly flagId: string },
): Experiment {
  const variantIds = new Map(stored?.variants.map((variant) => [variant.name, variant.id]));
  return {
    id: stored?.id ?? stamp.newId("experiment", wanted.key),
    key: wanted.key,
    flagId: stamp.flagId,
    status: wanted.status,
    version: (stored?.version ?? 0) + 1,
    updatedAt: stamp.now,
    targetingRules: wanted.targeting,
    trafficAllocation: wanted.traffic,
    variants: wanted.variants.map(({ name, value, weight, control }) => ({
      id: variantIds.get(name) ?? stamp.newId("variant", wanted.key, name),
      name,
      value,
      weight,
      isControl: control,
    })),
    hashVersion: stored?.hashVersion ?? 1,
    stickyAssignment: wanted.sticky,
    ...(wanted.rolledBack && { rolledBack: true }),
  };
}

/** The conflict domain to store. Its id breaks ties of priority and stays. */
export function buildDomain(
  wanted: DomainDefinition,
  stored: ConflictDomain | undefined,
  stamp: RecordStamp & { readonly experimentId: (key: string) => string },
): ConflictDomain {
  const members = wanted.members.map(({ experiment, priority }) => ({
    experimentId: stamp.experimentId(experiment),
    priority,
  }));
  return { id: stored?.id ?? stamp.newId("domain", wanted.key), key: wanted.key, members };
}

/** The segment to store: a new one, or the next version of the stored one. */
export function buildSegment(wanted: SegmentDefinition, stored: Segment | undefined, stamp: RecordStamp): Segment {
  return {
    id: stored?.id ?? stamp.newId("segment", wanted.key),
    key: wanted.key,
    rule: wanted.rule,
    version: (stored?.version ?? 0) + 1,
    updatedAt: stamp.now,
  };
}
